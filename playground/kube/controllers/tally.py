"""How many Pods of each kind of state has a controller?  Counted as they change, not by looking at them all."""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver.objects import Pod
from playground.kube.apiserver.pods import is_active, is_finished
from playground.kube.apiserver.store import Store

Place = tuple[str, bool, bool, bool]


class Count(msgspec.Struct):
    """Pods that one controller owns: all of them, active ones, active ones that are ready, and those on their way out."""

    pods: int = 0
    active: int = 0
    ready: int = 0
    terminating: int = 0


NONE = Count()


class Tally:
    """Counts by the uid of the controller, for controllers of one kind."""

    def __init__(self, store: Store, kind: str):
        self._kind = kind
        self._counts: dict[str, Count] = {}
        store.follow("Pod", self._follow, of=("owners", "state", "deleting"))

    def of(self, uid: str) -> Count:
        return self._counts.get(uid, NONE)

    def _follow(self, old: Any, new: Any) -> None:
        if old is not None and new is not None and old.owners is new.owners and old.state is new.state and old.deleting == new.deleting:
            return
        before = None if old is None else self._place(old)
        after = None if new is None else self._place(new)
        if before != after:
            self._add(before, -1)
            self._add(after, 1)

    def _place(self, pod: Pod) -> Place | None:
        owner = pod.controller
        if owner is None or owner.kind != self._kind:
            return None
        active = is_active(pod)
        return owner.uid, active, active and pod.state.ready, not active and not is_finished(pod)

    def _add(self, place: Place | None, change: int) -> None:
        if place is None:
            return
        uid, active, ready, terminating = place
        count = self._counts.setdefault(uid, Count())
        count.pods += change
        count.active += change * active
        count.ready += change * ready
        count.terminating += change * terminating
        if not count.pods:
            del self._counts[uid]


def concerned(old: Any, new: Any, kind: str) -> list[tuple[str, str]]:
    """The (namespace, name) of the controllers of a kind that a change of a Pod concerns: the one before and the one after."""
    thing = new if new is not None else old
    owner = thing.controller
    found = [(thing.namespace, owner.name)] if owner is not None and owner.kind == kind else []
    if old is None or new is None or old.owners is new.owners:
        return found
    before = old.controller
    return [(thing.namespace, before.name), *found] if before is not None and before.kind == kind else found
