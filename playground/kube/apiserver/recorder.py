"""What have components said of objects in the last hour?  Kept beside the store, as many as the setting `events_kept` allows, and read as Event objects.

Source: staging/src/k8s.io/client-go/tools/record (makeEvent), staging/src/k8s.io/api/core/v1/types.go (Event).
Simplified: an Event object that is forgotten goes without a word to those who watch.
Thousands are said in a second when a large cluster starts, and hardly any is ever read. So `keep` only appends; what was appended
is correlated in bulk, or when somebody reads, which changes nothing.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver import resources
from playground.kube.apiserver.correlation import UNTHINNED, Correlation, Told, recorded, row_of, space_of
from playground.kube.apiserver.distinct import Distinct
from playground.kube.apiserver.objects import JSON, Object
from playground.kube.apiserver.store import Store
from playground.kube.apiserver.timestamps import fine_timestamp, timestamp
from playground.kube.clock import SECOND, Clock
from playground.kube.events import Recorded
from playground.kube.settings import ClusterSettings

AT_ONCE = 10 * SECOND
NANOSECONDS = 1_000


class Forgotten(msgspec.Struct, frozen=True, gc=False):
    """Somebody deleted an Event object, or (`born` 0) all those of a namespace."""

    time: int
    namespace: str
    born: int


Kept = Recorded | Forgotten
FORGOTTEN = Forgotten.__struct_fields__


class Recorder:
    """`mark` and `back_to` undo what was kept since: nothing is correlated inside a transaction of the store."""

    def __init__(self, settings: ClusterSettings, store: Store, clock: Clock):
        self._settings = settings
        self._store = store
        self._clock = clock
        self._limit = settings.events_kept
        self._done = Correlation(self._limit)
        self._fresh: list[Kept] = []
        store.watch("Namespace", self._namespace_changed)

    def keep(self, said: Kept) -> None:
        self._fresh.append(said)
        if len(self._fresh) >= 2 * self._limit and not self._store.in_transaction:
            self._tidy()

    def mark(self) -> int:
        return len(self._fresh)

    def back_to(self, mark: int) -> None:
        del self._fresh[mark:]

    # --- reading

    def objects(self, namespace: str | None = None) -> list[Object]:
        """The Event objects there are now, of one namespace or (None) of all, sorted by namespace and name."""
        found = (self._object(told) for told in self._now())
        return sorted((each for each in found if namespace in (None, each.namespace)), key=lambda each: each.key)

    def get(self, namespace: str, name: str) -> Object | None:
        return next((each for each in self.objects(namespace) if each.name == name), None)

    def about(self, uid: str) -> list[Told]:
        """What was said of an object, the newest first."""
        return sorted((told for told in self._now() if told.last.uid == uid), key=lambda told: -told.last.version)

    def remove(self, thing: Object) -> None:
        born = next(told.born for told in self._now() if self._name(told) == thing.name and space_of(told) == thing.namespace)
        self.keep(Forgotten(self._clock.now, thing.namespace, born))

    def _now(self) -> list[Told]:
        known = self._done
        if self._fresh:
            known = known.copy()
            _fold(known, self._fresh)
        return known.all(self._clock.now)

    def _object(self, told: Told) -> Object:
        said, settings = told.last, self._settings
        kind = resources.by_kind(said.kind)
        involved = {
            "apiVersion": kind.api_version,
            "fieldPath": said.field,
            "kind": kind.word,
            "name": said.name,
            "namespace": said.namespace,
            "uid": said.uid,
        }
        rest: JSON = {
            "involvedObject": {key: value for key, value in involved.items() if value},
            "message": said.message,
            "reason": said.reason,
            "reportingComponent": said.component,
            "reportingInstance": said.host,
            "type": said.type,
        }
        rest |= _in_series(told, settings) if said.component in UNTHINNED else _counted(told, settings)
        return Object(
            kind="Event",
            namespace=space_of(told),
            name=self._name(told),
            uid=self._store.uid_at(-told.born),
            version=said.version,
            created=told.first,
            rest=dict(sorted(rest.items())),
        )

    def _name(self, told: Told) -> str:
        """The object's name and the nanosecond of the first time; no two versions are of one nanosecond."""
        moment = (self._settings.epoch * SECOND + told.first) * NANOSECONDS + told.born % NANOSECONDS
        return f"{told.last.name}.{moment:x}"

    # --- keeping

    def _tidy(self) -> None:
        """As many as there is room for, within a few seconds, push all others out; else correlate what was kept."""
        last = self._fresh[-self._limit :]
        if last[-1].time - last[0].time < AT_ONCE:
            self._fresh = last
            return
        _fold(self._done, self._fresh)
        self._fresh = []

    def _namespace_changed(self, old: Any, new: Any) -> None:
        if new is None:
            self.keep(Forgotten(self._clock.now, old.name, 0))

    def state(self) -> list[Any]:
        """The words that are used, each once, and numbers in their place."""
        words = Distinct(str)
        done = self._done.state(words)
        fresh = [row_of(each, words) if isinstance(each, Recorded) else [each.time, each.namespace, each.born] for each in self._fresh]
        return [words.listed, done, fresh]

    def restore(self, state: list[Any]) -> None:
        words, done, fresh = state
        words = self._own(words)
        self._done.restore(done, words)
        self._fresh = [recorded(each, words) if len(each) > len(FORGOTTEN) else Forgotten(*each) for each in fresh]

    def _own(self, words: list[str]) -> list[str]:
        """The same words; where they name an object of the store, those that it has."""
        found = [thing for word in words if (thing := self._store.by_uid(word)) is not None]
        own = {word: word for thing in found for word in (thing.uid, thing.name)}
        return [own.get(word, word) for word in words]


def _fold(known: Correlation, fresh: list[Kept]) -> None:
    for each in fresh:
        if isinstance(each, Recorded):
            known.take(each)
        else:
            known.remove(each.namespace, each.born)


def _counted(told: Told, settings: ClusterSettings) -> JSON:
    said = told.last
    source = {"component": said.component, "host": said.host}
    return {
        "count": told.count,
        "eventTime": None,
        "firstTimestamp": timestamp(settings, told.first),
        "lastTimestamp": timestamp(settings, said.time),
        "source": {key: value for key, value in source.items() if value},
    }


def _in_series(told: Told, settings: ClusterSettings) -> JSON:
    """As components say it that use events.k8s.io/v1."""
    series = {"count": told.count, "lastObservedTime": fine_timestamp(settings, told.last.time)}
    return {
        "action": "Binding" if told.last.reason == "Scheduled" else "Scheduling",
        "eventTime": fine_timestamp(settings, told.first),
        "firstTimestamp": None,
        "lastTimestamp": None,
        **({"series": series} if told.count > 1 else {}),
        "source": {},
    }
