"""What does the older list of a Service's addresses say?  The same as its EndpointSlices: it refers to them and moves when they do.

Source: pkg/controller/endpoint/endpoints_controller.go.
Simplified: the addresses are rendered from the EndpointSlices.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Endpoints, Object
from playground.kube.apiserver.shared import shared
from playground.kube.apiserver.timestamps import fine_timestamp
from playground.kube.clock import MILLISECOND
from playground.kube.controllers.slicing import HEADLESS, MANAGED_BY, MANAGER, SERVICE_NAME, is_served
from playground.kube.queue import Key, WorkQueue

TRIGGERED = "endpoints.kubernetes.io/last-change-trigger-time"
OWN_LABEL = "endpoints.kubernetes.io/managed-by", "endpoint-controller"


class EndpointsController:
    """Reconciles Services by (namespace, name). `_moved` holds those whose slices changed, and whether slices came or went."""

    name = "endpoints"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._moved: dict[Key, bool] = {}
        self._queue = WorkQueue(machinery.clock, self.name, 5 * MILLISECOND, self._reconcile)
        self._store.watch("Service", self._service_changed)
        self._store.watch("EndpointSlice", self._slice_changed)

    def _reconcile(self, key: Key) -> None:
        service, present, moved = self._store.get("Service", *key), self._store.get("Endpoints", *key), self._moved.pop(key, None)
        if service is None:
            if present is not None:
                self._store.remove(present)
            return
        if not is_served(service):
            return
        slices = present.slices if present is not None and present.slices is not None and moved is False else self._slices(key)
        annotations = {TRIGGERED: fine_timestamp(self._machinery.settings, self._machinery.now)}
        if present is None:
            self._store.create(self._new(service, annotations, slices))
            return
        annotations = annotations if moved is not None else present.annotations
        self._store.replace(present, labels=endpoints_labels(service), annotations=annotations, slices=slices, rest={})

    def _slices(self, key: Key) -> tuple[str, ...]:
        found = self._store.find(self._machinery.slices_by_service, key)
        return tuple(each.name for each in found if each.labels.get(MANAGED_BY) == MANAGER)

    def _new(self, service: Object, annotations: dict[str, str], slices: tuple[str, ...]) -> Endpoints:
        return Endpoints(
            kind="Endpoints",
            namespace=service.namespace,
            name=service.name,
            uid=self._store.new_uid(),
            version=0,
            created=self._machinery.now,
            labels=endpoints_labels(service),
            annotations=annotations,
            slices=slices,
        )

    def _service_changed(self, old: Any, new: Any) -> None:
        if old is None or new is None or old.spec is not new.spec or old.labels is not new.labels:
            self._queue.add(*(new or old).key)

    def _slice_changed(self, old: Any, new: Any) -> None:
        thing = new if new is not None else old
        service = thing.labels.get(SERVICE_NAME)
        if service and thing.labels.get(MANAGED_BY) == MANAGER:
            key = thing.namespace, service
            self._moved[key] = self._moved.get(key, False) or old is None or new is None
            self._queue.add(thing.namespace, service)

    def state(self) -> list[Any]:
        return [self._queue.state(), [[list(key), others] for key, others in self._moved.items()]]

    def restore(self, state: list[Any]) -> None:
        queue, moved = state
        self._queue.restore(queue)
        self._moved = {tuple(key): others for key, others in moved}


def endpoints_labels(service: Object) -> dict[str, str]:
    own = {key: value for key, value in service.labels.items() if key != HEADLESS}
    headless = {HEADLESS: ""} if service.spec.get("clusterIP", "") in ("", "None") else {}
    return shared({**own, **headless, OWN_LABEL[0]: OWN_LABEL[1]})
