"""Which Event objects come of what components say?  What is said again counts on; what is much alike becomes one; who says too much is not heard.

Source: staging/src/k8s.io/client-go/tools/record/events_cache.go (EventCorrelator: eventLogger, EventAggregator, EventSourceObjectSpamFilter),
tools/events/event_broadcaster.go for the scheduler, whose events are not thinned out; kube-apiserver's --event-ttl of an hour.
Simplified: what the spam filter holds back is not counted on later; a repetition of an event that the playground has forgotten
counts from one again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

import msgspec

from playground.kube.apiserver.distinct import Distinct
from playground.kube.clock import SECOND
from playground.kube.events import Recorded

TTL = 3_600 * SECOND
ALIKE, ALIKE_WITHIN = 10, 600 * SECOND
BURST, REFILL = 25, 300 * SECOND
COMBINED = "(combined from similar events): "
UNTHINNED = ("default-scheduler",)
Key = tuple[str, ...]


class Told(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One Event object: what was said last, when it was said first, how often, and the resourceVersion of its creation."""

    last: Recorded
    first: int
    count: int
    born: int


class Correlation:
    """At most `limit` Event objects, the one that was written longest ago first. The caches are no larger than that."""

    def __init__(self, limit: int):
        self._limit = limit
        self._told: OrderedDict[Key, Told] = OrderedDict()
        self._groups: OrderedDict[Key, tuple[int, int]] = OrderedDict()
        self._allowed: OrderedDict[Key, tuple[int, int]] = OrderedDict()

    def take(self, said: Recorded) -> None:
        source = said.uid, said.component
        group: Key = (*source, said.type, said.reason)
        key: Key = (*group, said.field, said.message)
        if said.component not in UNTHINNED:
            if self._are_many(group, key, said.time):
                key, said = group, msgspec.structs.replace(said, message=COMBINED + said.message)
            if not self._may_speak(source, said.time):
                return
        before = self._told.pop(key, None)
        if before is not None and before.last.time + TTL > said.time:
            self._told[key] = Told(said, before.first, before.count + 1, before.born)
        else:
            self._told[key] = Told(said, said.time, 1, said.version)
        _shorten(self._told, self._limit)

    def remove(self, namespace: str, born: int) -> None:
        """Forget one Event object; those of a whole namespace if `born` is 0."""
        gone = [key for key, told in self._told.items() if space_of(told) == namespace and born in (0, told.born)]
        for key in gone:
            del self._told[key]

    def all(self, now: int) -> list[Told]:
        return [told for told in self._told.values() if told.last.time + TTL > now]

    def copy(self) -> Correlation:
        other = Correlation(self._limit)
        other._told, other._groups, other._allowed = self._told.copy(), self._groups.copy(), self._allowed.copy()
        return other

    def _are_many(self, group: Key, key: Key, now: int) -> bool:
        """Ten different messages for one reason within ten minutes of each other."""
        different, last = self._groups.pop(group, (0, now))
        if now - last > ALIKE_WITHIN:
            different = 0
        if not different or key not in self._told:
            different += 1
        many = different >= ALIKE
        self._groups[group] = different - many, now
        _shorten(self._groups, self._limit)
        return many

    def _may_speak(self, source: Key, now: int) -> bool:
        """A component may say 25 things of an object, and one more every five minutes."""
        left, last = self._allowed.pop(source, (BURST * REFILL, now))
        left = min(BURST * REFILL, left + now - last)
        may = left >= REFILL
        self._allowed[source] = left - REFILL * may, now
        _shorten(self._allowed, self._limit)
        return may

    def state(self, words: Distinct) -> list[Any]:
        """With the numbers of words in their place."""
        told = [[_numbers(key, words), row_of(each.last, words), each.first, each.count, each.born] for key, each in self._told.items()]
        return [told, *([[_numbers(key, words), *value] for key, value in held.items()] for held in (self._groups, self._allowed))]

    def restore(self, state: list[Any], words: list[str]) -> None:
        told, groups, allowed = state
        self._told = OrderedDict((_words(key, words), Told(recorded(row, words), *rest)) for key, row, *rest in told)
        self._groups = OrderedDict((_words(key, words), (count, last)) for key, count, last in groups)
        self._allowed = OrderedDict((_words(key, words), (left, last)) for key, left, last in allowed)


def space_of(told: Told) -> str:
    """The namespace of an Event object: that of what it speaks of; what is said of an object without one is kept in default."""
    return told.last.namespace or "default"


def row_of(said: Recorded, words: Distinct) -> list[int]:
    """As it is saved: two numbers, and the numbers of words."""
    time, version, *texts = msgspec.structs.astuple(said)
    return [time, version, *_numbers(texts, words)]


def recorded(row: list[int], words: list[str]) -> Recorded:
    """The inverse of `row_of`."""
    time, version, *numbers = row
    return Recorded(time, version, *_words(numbers, words))


def _numbers(texts: Iterable[str], words: Distinct) -> list[int]:
    return [words.number(text) for text in texts]


def _words(numbers: Iterable[int], words: list[str]) -> Key:
    return tuple([words[number] for number in numbers])


def _shorten(held: OrderedDict[Key, Any], limit: int) -> None:
    if len(held) > limit:
        held.popitem(last=False)
