"""Which endpoints does a Service have, and why is each of them used or not?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playground.kube import outside
from playground.kube.explain import reached
from playground.pages.facts.values import DROP, READY, SOFT, WARN, Badge

SPARE = "used only while no endpoint is ready"
NO_PORT = "its EndpointSlice has no port of the name and protocol of one of the Service's: gets no requests"
SPARE_LOCAL = "; where a policy is Local, while none on its own Node is"


@dataclass(frozen=True)
class EndpointRow:
    """One address of one EndpointSlice. `ref` is its Pod, "" if it has none; `outside` is the server outside of the cluster whose address it is."""

    address: str
    ports: str
    ref: str
    pod: str
    node: str
    zone: str
    badge: Badge
    why: str
    slice_ref: str
    outside: str = ""


def of_service(running: Any, service: Any) -> tuple[EndpointRow, ...]:
    """All endpoints of all slices of a Service, in the order of the slices' names."""
    pieces = running.store.find(running.machinery.slices_by_service, service.key)
    local = "Local" in (service.spec.get("internalTrafficPolicy"), service.spec.get("externalTrafficPolicy"))
    return tuple(_row(piece, endpoint, local, reached.leads_to(service, piece)) for piece in pieces for endpoint in piece.endpoints)


def _row(piece: Any, endpoint: Any, local: bool, fits: bool) -> EndpointRow:
    badge, why = _state(endpoint, local) if fits else (Badge(WARN, "no port"), NO_PORT)
    site = outside.at(endpoint.ip) if not endpoint.pod else None
    return EndpointRow(
        address=endpoint.ip,
        ports=", ".join(f"{port.name + ' ' if port.name else ''}{port.port}/{port.protocol}" for port in piece.ports) or "none",
        ref=f"Pod/{piece.namespace}/{endpoint.pod}" if endpoint.pod else "",
        pod=endpoint.pod,
        node=endpoint.node,
        zone=endpoint.zone,
        badge=badge,
        why=why,
        slice_ref=piece.ref,
        outside=site.name if site is not None else "",
    )


def _state(endpoint: Any, local: bool) -> tuple[Badge, str]:
    """A condition that is None counts as kube-proxy takes it: ready, serving, not terminating. `local`: some policy of the Service is Local."""
    ready, serving, terminating = endpoint.ready is not False, endpoint.serving is not False, endpoint.terminating is True
    if ready:
        return Badge(READY, "ready"), "gets requests"
    if terminating and serving:
        return Badge(WARN, "serving"), f"is terminating and still answers: {SPARE}{SPARE_LOCAL if local else ''}"
    if terminating:
        return Badge(SOFT, "terminating"), "is terminating and does not answer: gets no requests"
    return Badge(DROP, "not ready"), "its Pod is not ready, or not yet: gets no requests"
