"""Which endpoints does a Service have, and why is each of them used or not?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playground.kube import outside
from playground.kube.dns.directory import is_headless
from playground.kube.explain.reached import NO_ADDRESS, OTHER_FAMILY, PORTLESS, obstacle
from playground.pages.facts.values import DROP, READY, SOFT, WARN, Badge

SPARE = "used only while no endpoint is ready"
SPARE_LOCAL = "; where a policy is Local, while none on its own Node is"
UNUSED = {
    PORTLESS: Badge(WARN, "no port"),
    OTHER_FAMILY: Badge(SOFT, "not used"),
    NO_ADDRESS: Badge(SOFT, "not used"),
}
OBSTACLES = {
    PORTLESS: "its EndpointSlice has no port of the name and protocol of one of the Service's: gets no requests",
    OTHER_FAMILY: "is of a family that this Service does not have: gets no requests",
    NO_ADDRESS: "is a name, and kube-proxy goes by addresses only: gets no requests",
}


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
    return tuple(_row(service, piece, endpoint) for piece in pieces for endpoint in piece.endpoints)


def caption_of(service: Any) -> str:
    leads = "Which addresses DNS may give" if is_headless(service) else "Where kube-proxy may send requests"
    return f"{leads}, as the EndpointSlices say"


def none_of(service: Any) -> str:
    """What follows if there are none."""
    if service.spec.get("type") == "ExternalName":
        return "No endpoint: an ExternalName has none, DNS answers with the other name."
    if is_headless(service):
        return "No endpoint: DNS says that there is no such name (NXDOMAIN)."
    if not service.spec.get("selector"):
        return "No endpoint: without a selector somebody has to write an EndpointSlice. Requests to its address are refused."
    return "No endpoint: no Pod that its selector matches has an address and runs. Requests to its address are refused."


def _row(service: Any, piece: Any, endpoint: Any) -> EndpointRow:
    badge, why = _state(service, piece, endpoint)
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


def _state(service: Any, piece: Any, endpoint: Any) -> tuple[Badge, str]:
    """A condition that is None counts as kube-proxy takes it: ready, serving, not terminating."""
    hindered, headless = obstacle(service, piece), is_headless(service)
    if hindered:
        return UNUSED[hindered], OBSTACLES[hindered]
    if endpoint.ready is not False:
        return Badge(READY, "ready"), "DNS answers with it" if headless else "gets requests"
    serving = endpoint.serving is not False
    if endpoint.terminating is True:
        return _leaving_headless(serving) if headless else _leaving(serving, service.spec)
    why = "its Pod is not ready, or not yet" if endpoint.pod else "its slice says that it is not ready"
    return Badge(DROP, "not ready"), f"{why}: {'DNS does not name it' if headless else 'gets no requests'}"


def _leaving(serving: bool, spec: Any) -> tuple[Badge, str]:
    if not serving:
        return Badge(SOFT, "terminating"), "is terminating and does not answer: gets no requests"
    local = "Local" in (spec.get("internalTrafficPolicy"), spec.get("externalTrafficPolicy"))
    return Badge(WARN, "serving"), f"is terminating and still answers: {SPARE}{SPARE_LOCAL if local else ''}"


def _leaving_headless(serving: bool) -> tuple[Badge, str]:
    return Badge(SOFT, "terminating"), f"is terminating: DNS does not name it{', though it still answers' if serving else ''}"
