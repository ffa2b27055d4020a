"""What does a CoreDNS keep of its answers, and for how long?  One cache for what exists, one for what does not.

Source: coredns plugin/cache/{cache,handler,setup}.go: an answer is kept for the shortest of its TTLs, within bounds, and served with what is left.
Simplified: a cache holds at most MOST_KEPT answers of each sort, and the oldest makes room, not one drawn by chance;
prefetch, serve_stale and servfail are not there.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.clock import SECOND
from playground.kube.dns.corefile import Caching, is_within
from playground.kube.dns.message import Answer

MOST_KEPT = 1_024
Key = tuple[str, str]


class Kept(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An answer as it was served when it was kept, `at` microseconds, and for how many seconds."""

    answer: Answer
    at: int
    lasts: int


class Cache:
    """The cache of one process; keys are (name in lower case, type)."""

    def __init__(self) -> None:
        self._exists: dict[Key, Kept] = {}
        self._denied: dict[Key, Kept] = {}

    def find(self, key: Key, now: int) -> Kept | None:
        """What is kept and still good; what denies is looked at first."""
        for box in (self._denied, self._exists):
            kept = box.get(key)
            if kept is not None and _is_good(kept, now):
                return kept
        return None

    def keep(self, key: Key, answer: Answer, lasts: int, now: int) -> None:
        box = self._exists if answer.records else self._denied
        box.pop(key, None)
        if len(box) >= MOST_KEPT:
            del box[next(iter(box))]
        box[key] = Kept(answer, now, lasts)

    def state(self, now: int) -> list[Any]:
        """Only what is still good."""
        boxes = (self._exists, self._denied)
        return [[[*key, msgspec.to_builtins(kept)] for key, kept in box.items() if _is_good(kept, now)] for box in boxes]

    def restore(self, state: list[Any]) -> None:
        self._exists, self._denied = ({(name, type): msgspec.convert(kept, Kept) for name, type, kept in box} for box in state)


def lasting(caching: Caching, name: str, answer: Answer) -> int:
    """For how many seconds an answer is to be kept, 0 for not at all."""
    if answer.truncated or answer.rcode not in ("NOERROR", "NXDOMAIN"):
        return 0
    plan = caching.success if answer.records else caching.denial
    ttls = [record.ttl for record in answer.records or answer.authority]
    if not ttls or any(is_within(name, zone) for zone in plan.exempt):
        return 0
    return min(max(min(ttls), plan.least), plan.most)


def covers(caching: Caching, name: str) -> bool:
    """Whether any answer for a name (in lower case, with its last dot) could be kept."""
    exempt = all(any(is_within(name, zone) for zone in plan.exempt) for plan in (caching.success, caching.denial))
    return not exempt and any(is_within(name, zone) for zone in caching.zones)


def served(answer: Answer, ttl: int) -> Answer:
    """An answer that the cache passes on: all of its records get one TTL."""
    sections = {
        part: tuple(msgspec.structs.replace(record, ttl=ttl) for record in getattr(answer, part))
        for part in ("records", "additional", "authority")
    }
    return msgspec.structs.replace(answer, **sections)


def aged(answer: Answer, age: int) -> Answer:
    """An answer that was cached so many seconds before, with what is left of its TTLs."""
    return served(answer, max(0, min(record.ttl for record in answer.records or answer.authority) - age)) if age > 0 else answer


def _is_good(kept: Kept, now: int) -> bool:
    return (now - kept.at) // SECOND < kept.lasts
