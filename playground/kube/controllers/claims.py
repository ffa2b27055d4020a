"""Who controls what?  Controllers adopt what their selector matches and nobody controls, and release what it no longer matches.

Source: pkg/controller/controller_ref_manager.go (ClaimObject); pkg/controller/replicaset/replica_set.go (FilterActivePods).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Owner
from playground.kube.apiserver.pods import is_active
from playground.kube.apiserver.podtemplate import owned_by
from playground.kube.apiserver.store import Index
from playground.kube.clock import MILLISECOND
from playground.kube.controllers.matching import Selectors, selector_of
from playground.kube.queue import Key, WorkQueue


class Claims:
    """Adoption and release for the controllers of one kind (`parent`), whose children are of kind `child`."""

    def __init__(self, machinery: Machinery, parent: str, child: str):
        self._store = machinery.store
        self._parent = parent
        self._child = child
        self._parents = Selectors(machinery.store, parent)
        self._by_label: Index = machinery.pods_by_label if child == "Pod" else machinery.store.index(child, _labels_of, of=("labels",))
        self._queue = WorkQueue(machinery.clock, f"{parent}.{child}.claims".lower(), 5 * MILLISECOND, self._claim)
        self._store.watch(child, self._child_changed, of=("labels", "owners"))
        self._store.watch(parent, self._parent_changed, of=("spec",))

    def _child_changed(self, old: Any, new: Any) -> None:
        if new is None or (old is not None and old.labels is new.labels and old.owners is new.owners):
            return
        owner = new.controller
        if owner is None or (old is not None and owner.kind == self._parent):
            self._queue.add(new.uid)

    def _parent_changed(self, old: Any, new: Any) -> None:
        if new is None or (old is not None and old.spec.get("selector") == new.spec.get("selector")):
            return
        for thing in self._candidates(new):
            if thing.controller is None:
                self._queue.add(thing.uid)
        for owned in self._store.owned(new.uid) if old is not None else ():
            self._queue.add(owned.uid)

    def _candidates(self, parent: Any) -> list[Any]:
        """The children that hold a pair which the selector demands; if it demands none, all of the namespace."""
        pairs = [(parent.namespace, key, value) for key, value in sorted(selector_of(parent).exact.items())]
        return (
            self._store.find(self._by_label, min(pairs, key=self._by_label.count))
            if pairs
            else self._store.list(self._child, parent.namespace)
        )

    def _claim(self, key: Key) -> None:
        thing = self._store.by_uid(key[0])
        if thing is None or (self._parent == "ReplicaSet" and not is_active(thing)):
            return
        owner = thing.controller
        if owner is None:
            self._adopt(thing)
        elif owner.kind == self._parent:
            self._release(thing, owner)

    def _adopt(self, thing: Any) -> None:
        if thing.deleting is not None:
            return
        for parent in self._parents.matching(thing.namespace, thing.labels):
            if parent.deleting is None:
                self._store.replace(thing, owners=(*thing.owners, *owned_by(parent)))
                return

    def _release(self, thing: Any, owner: Owner) -> None:
        parent = self._store.by_uid(owner.uid)
        if parent is not None and parent.deleting is None and not selector_of(parent).matches(thing.labels):
            self._store.replace(thing, owners=tuple(each for each in thing.owners if each is not owner))

    def state(self) -> list[Any]:
        return list(self._queue.state())

    def restore(self, state: list[Any]) -> None:
        self._queue.restore(state)


def _labels_of(thing: Any) -> list[tuple[str, str, str]]:
    return [(thing.namespace, key, value) for key, value in thing.labels.items()]
