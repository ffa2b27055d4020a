"""When is a Namespace gone?  When all that was in it has been deleted and has gone.

Source: pkg/controller/namespace/{namespace_controller.go,deletion/namespaced_resources_deleter.go}.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.deletion import delete, finish_namespace
from playground.kube.apiserver.machinery import Machinery
from playground.kube.clock import MILLISECOND
from playground.kube.queue import Key, WorkQueue


class NamespaceController:
    """Reconciles Namespaces that are being deleted by (name,); `_left` counts what is still in each of them."""

    name = "namespace"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._left: dict[str, int] = {}
        self._queue = WorkQueue(machinery.clock, self.name, 5 * MILLISECOND, self._reconcile)
        self._store.watch("Namespace", self._changed)
        self._store.listen(self._content_changed)

    def _reconcile(self, key: Key) -> None:
        namespace = self._store.get("Namespace", "", *key)
        if namespace is None or namespace.deleting is None:
            return
        if namespace.name not in self._left:
            self._empty(namespace.name)
        if not self._left[namespace.name]:
            finish_namespace(self._machinery, namespace)

    def _empty(self, name: str) -> None:
        """Delete everything in the Namespace, and count what waits for its end; once, unless something new comes in."""
        things = [thing for kind in self._store.kinds() for thing in self._store.list(kind, name)] if name else []
        self._left[name] = len(things)
        for thing in things:
            if thing.deleting is None and self._store.by_uid(thing.uid) is not None:
                delete(self._machinery, thing)

    def _changed(self, old: Any, new: Any) -> None:
        if new is None:
            self._left.pop(old.name, None)
        elif new.deleting is not None and (old is None or old.deleting is None or old.meta is not new.meta):
            self._queue.add(new.name)

    def _content_changed(self, old: Any, new: Any) -> None:
        here = new if new is not None else old
        if (old is not None and new is not None) or here.namespace not in self._left:
            return
        if old is None:
            del self._left[here.namespace]
            self._queue.add(here.namespace)
            return
        self._left[here.namespace] -= 1
        if not self._left[here.namespace]:
            self._queue.add(here.namespace)

    def state(self) -> list[Any]:
        return [self._queue.state(), self._left]

    def restore(self, state: list[Any]) -> None:
        queue, left = state
        self._queue.restore(queue)
        self._left = dict(left)
