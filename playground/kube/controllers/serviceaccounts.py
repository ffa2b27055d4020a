"""Has each active Namespace its ServiceAccount `default`?  It is made there, and again when somebody deletes it.

Source: pkg/controller/serviceaccount/serviceaccounts_controller.go.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.accounts import ensure_default
from playground.kube.apiserver.machinery import Machinery
from playground.kube.clock import MILLISECOND
from playground.kube.queue import Key, WorkQueue


class ServiceAccountsController:
    """Reconciles Namespaces by (name,)."""

    name = "serviceaccount"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._queue = WorkQueue(machinery.clock, self.name, 5 * MILLISECOND, self._reconcile)
        machinery.store.watch("Namespace", self._namespace_changed, of=("deleting",))
        machinery.store.watch("ServiceAccount", self._account_changed, of=())

    def _reconcile(self, key: Key) -> None:
        ensure_default(self._machinery, *key)

    def _namespace_changed(self, old: Any, new: Any) -> None:
        if old is None:
            self._queue.add(new.name)

    def _account_changed(self, old: Any, new: Any) -> None:
        if new is None:
            self._queue.add(old.namespace)

    def state(self) -> list[Any]:
        return list(self._queue.state())

    def restore(self, state: list[Any]) -> None:
        self._queue.restore(state)
