"""Which EndpointSlices follow from an Endpoints object that somebody wrote by hand?  One for each set of ports and family, for a Service without a selector.

Source: pkg/controller/endpointslicemirroring/{endpointslicemirroring_controller,reconciler,reconciler_helpers,utils}.go.
Simplified: an Endpoints object that the endpoints controller once wrote is never mirrored, also when its Service has lost its selector.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

from msgspec.structs import replace

from playground.kube.apiserver.lastapplied import LAST_APPLIED
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import JSON, Endpoint, EndpointPort, Endpoints, EndpointSlice, slice_meta
from playground.kube.apiserver.podtemplate import owned_by
from playground.kube.apiserver.rendering import PORTLESS, repack
from playground.kube.clock import MILLISECOND
from playground.kube.controllers.slicing import MANAGED_BY, SERVICE_NAME
from playground.kube.controllers.triggertimes import TRIGGERED
from playground.kube.queue import Key, WorkQueue
from playground.kube.settings import family_of

MIRRORER = "endpointslicemirroring-controller.k8s.io"
SKIP = "endpointslice.kubernetes.io/skip-mirror"
LEADER = "control-plane.alpha.kubernetes.io/leader"
MOST = 1_000
Place = tuple[str, tuple[EndpointPort, ...]]


class EndpointSliceMirroringController:
    """Reconciles Endpoints by (namespace, name). It does not hear its own writes."""

    name = "endpointslicemirroring"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._writing = False
        self._queue = WorkQueue(machinery.clock, self.name, 5 * MILLISECOND, self._reconcile)
        self._store.watch("Endpoints", self._endpoints_changed)
        self._store.watch("Service", self._service_changed)
        self._store.watch("EndpointSlice", self._slice_changed)

    def _reconcile(self, key: Key) -> None:
        endpoints, service = self._store.get("Endpoints", *key), self._store.get("Service", *key)
        wanted = service is not None and service.spec.get("selector") is None and _is_mirrored(endpoints)
        desired = self._desired(endpoints) if wanted else {}
        known: dict[Place, EndpointSlice] = {}
        spare = []
        for piece in self._mirrored(key):
            place = piece.address_type, _sorted(piece.ports)
            if place in known or place not in desired:
                spare.append(piece)
            else:
                known[place] = piece
        self._writing = True
        for place, found in desired.items():
            before = known.get(place) or (spare.pop(0) if _fits(spare, place) else None)
            self._write(endpoints, place, found, before)
        for piece in spare:
            self._store.remove(piece)
        self._writing = False

    def _desired(self, endpoints: Any) -> dict[Place, tuple[Endpoint, ...]]:
        """The endpoints by family and ports, at most MOST for one set of ports."""
        desired: dict[Place, list[Endpoint]] = {}
        skipped = 0
        for ports, listed in repack(list(_pieces(endpoints)), True):
            addresses = sorted(listed, key=lambda each: not each[1])
            skipped += max(0, len(addresses) - MOST)
            kept = tuple(port for port in ports if port != PORTLESS)
            for endpoint, _ in addresses[:MOST]:
                desired.setdefault((family_of(endpoint.ip), _sorted(kept)), []).append(endpoint)
        if skipped:
            said = f"A max of {MOST} addresses can be mirrored to EndpointSlices per Endpoints subset. {skipped} addresses were skipped"
            self._machinery.record(endpoints, "Warning", "TooManyAddressesToMirror", said, "endpoint-slice-mirroring-controller")
        return {place: tuple(found) for place, found in desired.items()}

    def _write(self, endpoints: Any, place: Place, found: tuple[Endpoint, ...], before: EndpointSlice | None) -> None:
        family, ports = place
        labels = {**endpoints.labels, SERVICE_NAME: endpoints.name, MANAGED_BY: MIRRORER}
        annotations = {key: value for key, value in endpoints.annotations.items() if key not in (TRIGGERED, LAST_APPLIED)}
        if before is not None:
            fields = {"labels": labels, "annotations": annotations, "endpoints": found, "ports": ports, "owners": owned_by(endpoints)}
            self._store.replace(before, **fields, meta=slice_meta(before, replace(before, **fields)))
            return
        made = EndpointSlice(
            kind="EndpointSlice",
            namespace=endpoints.namespace,
            name=self._free_name(endpoints),
            uid=self._store.new_uid(),
            version=0,
            created=self._machinery.now,
            labels=labels,
            annotations=annotations,
            owners=owned_by(endpoints),
            meta={"generateName": f"{endpoints.name}-", "generation": 1},
            address_type=family,
            endpoints=found,
            ports=ports,
        )
        self._store.create(made)

    def _mirrored(self, key: Key) -> list[EndpointSlice]:
        found = self._store.find(self._machinery.slices_by_service, key)
        return [each for each in found if each.labels.get(MANAGED_BY) == MIRRORER]

    def _free_name(self, endpoints: Any) -> str:
        while True:
            name = f"{endpoints.name}-{self._machinery.chance.suffix()}"
            if self._store.get("EndpointSlice", endpoints.namespace, name) is None:
                return name

    # --- what has changed

    def _endpoints_changed(self, old: Any, new: Any) -> None:
        if any(each is not None and each.slices is None for each in (old, new)):
            self._queue.add(*(new if new is not None else old).key)

    def _service_changed(self, old: Any, new: Any) -> None:
        """It came, went, or has got or lost its selector; most Services have one, and then nothing is mirrored."""
        plain = [each is not None and each.spec.get("selector") is None for each in (old, new)]
        if any(plain) and not (all(plain) and old.uid == new.uid):
            self._queue.add(*(new if new is not None else old).key)

    def _slice_changed(self, old: Any, new: Any) -> None:
        """Somebody else changed one of its slices."""
        for each in (old, new):
            if not self._writing and each is not None and each.labels.get(MANAGED_BY) == MIRRORER and each.labels.get(SERVICE_NAME):
                self._queue.add(each.namespace, each.labels[SERVICE_NAME])

    def state(self) -> list[Any]:
        return list(self._queue.state())

    def restore(self, state: list[Any]) -> None:
        self._queue.restore(state)


def _is_mirrored(endpoints: Endpoints | None) -> bool:
    """Somebody wrote it, and did not say that it is to be left alone."""
    if endpoints is None or endpoints.slices is not None or endpoints.deleting is not None:
        return False
    return endpoints.labels.get(SKIP) != "true" and LEADER not in endpoints.annotations


def _pieces(endpoints: Any) -> Iterator[EndpointSlice]:
    """Each subset as a slice would hold it."""
    for subset in endpoints.rest.get("subsets") or ():
        ports = tuple(
            EndpointPort(port.get("name", ""), port["port"], port.get("protocol", "TCP"), port.get("appProtocol", ""))
            for port in subset.get("ports") or ()
        )
        found = [
            _endpoint(address, ready)
            for name, ready in (("addresses", True), ("notReadyAddresses", False))
            for address in subset.get(name) or ()
        ]
        yield EndpointSlice("EndpointSlice", "", "", "", 0, 0, endpoints=tuple(found), ports=ports)


def _endpoint(address: JSON, ready: bool) -> Endpoint:
    target = address.get("targetRef") or {}
    is_pod = target.get("kind") == "Pod"
    return Endpoint(
        ip=str(ip_address(address["ip"])),
        node=address.get("nodeName", ""),
        pod=target.get("name", "") if is_pod else "",
        uid=target.get("uid", "") if is_pod else "",
        hostname=address.get("hostname", ""),
        ready=ready,
    )


def _sorted(ports: tuple[EndpointPort, ...]) -> tuple[EndpointPort, ...]:
    return tuple(sorted(ports, key=lambda port: (port.name, port.port or 0, port.protocol, port.app_protocol)))


def _fits(spare: list[EndpointSlice], place: Place) -> bool:
    """A slice that is not needed any more may become another one, but not of another family."""
    return bool(spare) and spare[0].address_type == place[0]
