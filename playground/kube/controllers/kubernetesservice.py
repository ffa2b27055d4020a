"""Who puts `default/kubernetes` back when somebody deletes it?  The API server itself looks after its Service and its endpoints.

Source: pkg/controlplane/controller/kubernetesservice/controller.go, pkg/controlplane/reconcilers.
Simplified: it looks 10 s after they went, the real one every 10 s.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Stored
from playground.kube.clock import SECOND
from playground.kube.queue import Key, WorkQueue

NAMESPACE, NAME = "default", "kubernetes"


class KubernetesServiceController:
    """Reconciles the API server's Service, Endpoints and EndpointSlice by (kind,); `_made` holds each as it was first made."""

    name = "kubernetesservice"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._made: dict[str, Stored] = {}
        self._queue = WorkQueue(machinery.clock, self.name, 10 * SECOND, self._reconcile)
        for kind in ("Service", "Endpoints", "EndpointSlice"):
            self._store.watch(kind, self._changed, of=())

    def _reconcile(self, key: Key) -> None:
        (kind,) = key
        if self._store.get(kind, NAMESPACE, NAME) is not None:
            return
        made = self._made[kind]
        if kind == "Service" and self._taken(made.spec["clusterIP"]):
            self._queue.add(kind)
            return
        self._store.create(msgspec.structs.replace(made, uid=self._store.new_uid(), version=0, created=self._machinery.now))

    def _taken(self, address: str) -> bool:
        return any(address in service.spec.get("clusterIPs", ()) for service in self._store.list("Service"))

    def _changed(self, old: Any, new: Any) -> None:
        here = old if new is None else new
        if here.name != NAME or here.namespace != NAMESPACE:
            return
        if old is None:
            self._made.setdefault(here.kind, here)
        elif new is None:
            self._queue.add(here.kind)

    def state(self) -> list[Any]:
        return [self._queue.state(), self._made]

    def restore(self, state: list[Any]) -> None:
        queue, made = state
        self._queue.restore(queue)
        self._made = msgspec.convert(made, dict[str, Stored])
