"""When is a Namespace gone?  When all that was in it has been deleted and has gone: its Pods first, and then all the rest.

Source: pkg/controller/namespace/{namespace_controller.go,deletion/namespaced_resources_deleter.go}, KEP-5080 (ordered deletion).
Simplified: the rest goes as soon as the last Pod has gone, where Kubernetes looks again after half of the longest grace period.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver.deletion import delete, finish_namespace
from playground.kube.apiserver.machinery import Machinery
from playground.kube.clock import MILLISECOND
from playground.kube.queue import Key, WorkQueue


class Sweep(msgspec.Struct, array_like=True):
    """What a Namespace waits for: so many of its Pods, or (not `pods`) so many objects of any kind."""

    pods: bool
    left: int


class NamespaceController:
    """Reconciles Namespaces that are being deleted by (name,); `_sweeps` says what each of them waits for."""

    name = "namespace"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._sweeps: dict[str, Sweep] = {}
        self._queue = WorkQueue(machinery.clock, self.name, 5 * MILLISECOND, self._reconcile)
        self._store.watch("Namespace", self._changed)
        self._store.listen(self._content_changed, of=())

    def _reconcile(self, key: Key) -> None:
        namespace = self._store.get("Namespace", "", *key)
        if namespace is None or namespace.deleting is None or namespace.name in self._sweeps:
            return
        pods = self._store.list("Pod", namespace.name)
        things = pods or [thing for kind in self._store.kinds() for thing in self._store.list(kind, namespace.name)]
        if things:
            self._sweep(namespace.name, things, bool(pods))
        else:
            finish_namespace(self._machinery, namespace)

    def _sweep(self, name: str, things: list[Any], pods: bool) -> None:
        """Delete these, and look again when all have gone, or something new comes in."""
        self._sweeps[name] = Sweep(pods, len(things))
        for thing in things:
            if thing.deleting is None and self._store.by_uid(thing.uid) is not None:
                delete(self._machinery, thing)

    def _changed(self, old: Any, new: Any) -> None:
        if new is None:
            self._sweeps.pop(old.name, None)
        elif new.deleting is not None and (old is None or old.deleting is None or old.meta is not new.meta):
            self._queue.add(new.name)

    def _content_changed(self, old: Any, new: Any) -> None:
        here = new if new is not None else old
        sweep = self._sweeps.get(here.namespace)
        if sweep is None or (old is not None and new is not None) or (sweep.pods and here.kind != "Pod"):
            return
        sweep.left -= old is not None
        if old is None or not sweep.left:
            del self._sweeps[here.namespace]
            self._queue.add(here.namespace)

    def state(self) -> list[Any]:
        return [self._queue.state(), msgspec.to_builtins(self._sweeps)]

    def restore(self, state: list[Any]) -> None:
        queue, sweeps = state
        self._queue.restore(queue)
        self._sweeps = msgspec.convert(sweeps, dict[str, Sweep])
