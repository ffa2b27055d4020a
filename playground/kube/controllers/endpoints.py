"""What does the older list of a Service's addresses say?  The same as its EndpointSlices: it refers to them and moves when they do.

Source: pkg/controller/endpoint/endpoints_controller.go.
Simplified: the addresses are rendered from the EndpointSlices.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Endpoints, Object
from playground.kube.apiserver.rendering import OVER_CAPACITY
from playground.kube.apiserver.shared import shared
from playground.kube.apiserver.timestamps import timestamp
from playground.kube.clock import MILLISECOND
from playground.kube.controllers.slicing import HEADLESS, MANAGED_BY, MANAGER, SERVICE_NAME, is_served
from playground.kube.controllers.triggertimes import TRIGGERED, annotated
from playground.kube.queue import Key, WorkQueue

OWN_LABEL = "endpoints.kubernetes.io/managed-by", "endpoint-controller"


class EndpointsController:
    """Reconciles Services by (namespace, name). `_moved` holds those whose slices changed, whether slices came or went, and what the last of
    these slices tells of when the change began."""

    name = "endpoints"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._moved: dict[Key, tuple[bool, str]] = {}
        self._queue = WorkQueue(machinery.clock, self.name, 5 * MILLISECOND, self._reconcile)
        self._store.watch("Service", self._service_changed)
        self._store.watch("EndpointSlice", self._slice_changed)
        self._store.watch("Endpoints", self._endpoints_changed, of=("labels",))

    def _reconcile(self, key: Key) -> None:
        service, present, moved = self._store.get("Service", *key), self._store.get("Endpoints", *key), self._moved.pop(key, None)
        if service is None:
            if present is not None:
                self._store.remove(present)
            return
        if not is_served(service):
            return
        slices = (
            present.slices
            if present is not None and present.slices is not None and moved is not None and not moved[0]
            else self._slices(key)
        )
        if present is None:
            told = moved[1] if moved is not None else timestamp(self._machinery.settings, service.created)
            self._store.create(self._new(service, annotated({}, told), slices))
            return
        changes = {} if moved is None else {"annotations": annotated(_uncut(present.annotations), moved[1]), "moved": self._machinery.now}
        self._store.replace(present, labels=endpoints_labels(service), slices=slices, rest={}, **changes)

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
            moved=self._machinery.now,
        )

    def _service_changed(self, old: Any, new: Any) -> None:
        if old is None or new is None or old.spec is not new.spec or old.labels is not new.labels:
            self._queue.add(*(new or old).key)

    def _endpoints_changed(self, old: Any, new: Any) -> None:
        """What somebody deleted is made again, where there is a Service that wants it."""
        if new is None:
            self._queue.add(*old.key)

    def _slice_changed(self, old: Any, new: Any) -> None:
        thing = new if new is not None else old
        service = thing.labels.get(SERVICE_NAME)
        if service and thing.labels.get(MANAGED_BY) == MANAGER:
            key = thing.namespace, service
            others, told = self._moved.get(key, (False, ""))
            told = told if new is None else new.annotations.get(TRIGGERED, "")
            self._moved[key] = others or old is None or new is None, told
            self._queue.add(thing.namespace, service)

    def state(self) -> list[Any]:
        return [self._queue.state(), [[list(key), moved] for key, moved in self._moved.items()]]

    def restore(self, state: list[Any]) -> None:
        queue, moved = state
        self._queue.restore(queue)
        self._moved = {tuple(key): (others, told) for key, (others, told) in moved}


def _uncut(annotations: dict[str, str]) -> dict[str, str]:
    """Whether addresses were left out is told anew when the object is shown."""
    return {key: value for key, value in annotations.items() if key != OVER_CAPACITY}


def endpoints_labels(service: Object) -> dict[str, str]:
    own = {key: value for key, value in service.labels.items() if key != HEADLESS}
    headless = {HEADLESS: ""} if service.spec.get("clusterIP", "") in ("", "None") else {}
    return shared({**own, **headless, OWN_LABEL[0]: OWN_LABEL[1]})
