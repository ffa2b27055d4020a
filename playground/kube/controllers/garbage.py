"""What goes when its owner goes?  Dependents without a living owner; in the foreground before it, or let go as orphans.

Source: pkg/controller/garbagecollector/{garbagecollector,graph_builder}.go.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.deletion import FOREGROUND, ORPHAN, delete, remove_finalizer
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Owner
from playground.kube.clock import MILLISECOND
from playground.kube.queue import Key, WorkQueue


class GarbageController:
    """Reconciles by the uid of an owner that is gone or going, or of an object whose owners may be gone."""

    name = "garbage"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._queue = WorkQueue(machinery.clock, self.name, 5 * MILLISECOND, self._reconcile)
        self._store.listen(self._changed, of=("owners", "deleting", "meta"))

    def _reconcile(self, key: Key) -> None:
        thing = self._store.by_uid(key[0])
        if thing is None:
            for dependent in self._store.owned(key[0]):
                self._collect(dependent)
            return
        held = thing.meta.get("finalizers", ()) if thing.deleting is not None else ()
        if ORPHAN in held:
            self._let_go(thing)
        elif FOREGROUND in held:
            self._sweep_before(thing)
        elif thing.deleting is None:
            self._collect(thing)

    def _collect(self, thing: Any) -> None:
        """Delete an object none of whose owners lives; drop its references to dead ones if another does."""
        living = tuple(owner for owner in thing.owners if self._lives(owner))
        if thing.deleting is not None or len(living) == len(thing.owners):
            return
        if living:
            self._store.replace(thing, owners=living)
        else:
            delete(self._machinery, thing)

    def _lives(self, owner: Owner) -> bool:
        found = self._store.by_uid(owner.uid)
        return found is not None and found.kind == owner.kind and found.name == owner.name

    def _let_go(self, thing: Any) -> None:
        for dependent in self._store.owned(thing.uid):
            self._store.replace(dependent, owners=tuple(owner for owner in dependent.owners if owner.uid != thing.uid))
        remove_finalizer(self._machinery, thing, ORPHAN)

    def _sweep_before(self, thing: Any) -> None:
        """Delete the dependents first; the owner goes when none is left that blocks it."""
        blocking = 0
        for dependent in self._store.owned(thing.uid):
            owner = next(each for each in dependent.owners if each.uid == thing.uid)
            others = [each for each in dependent.owners if each.uid != thing.uid and self._lives(each)]
            if others:
                self._store.replace(dependent, owners=tuple(others))
                continue
            if dependent.deleting is None and self._delete(dependent):
                continue
            blocking += owner.block
        if not blocking:
            remove_finalizer(self._machinery, thing, FOREGROUND)

    def _delete(self, dependent: Any) -> bool:
        return delete(self._machinery, dependent, propagation="Foreground" if self._store.owned(dependent.uid) else "Background")

    def _changed(self, old: Any, new: Any) -> None:
        if new is None:
            if self._store.owned(old.uid):
                self._queue.add(old.uid)
            for owner in old.owners:
                self._going(owner)
        elif new.deleting is not None:
            if old is None or old.deleting is None or old.meta is not new.meta:
                self._queue.add(new.uid)
        elif new.owners and (old is None or old.owners is not new.owners) and not all(map(self._lives, new.owners)):
            self._queue.add(new.uid)

    def _going(self, owner: Owner) -> None:
        found = self._store.by_uid(owner.uid)
        if found is not None and found.deleting is not None and FOREGROUND in found.meta.get("finalizers", ()):
            self._queue.add(owner.uid)

    def state(self) -> list[Any]:
        return list(self._queue.state())

    def restore(self, state: list[Any]) -> None:
        self._queue.restore(state)
