"""Which Services select a Pod, and which EndpointSlices can a Service lead to?

Those of its families that have one of its ports; of a headless one all, as DNS answers with addresses.

Source: pkg/proxy/endpointslicecache.go (a slice's ports are found by their names and protocols); coredns/coredns plugin/kubernetes/object/endpoint.go
(slices without ports count).
"""

from __future__ import annotations

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import JSON, EndpointSlice, Object
from playground.kube.apiserver.store import Store
from playground.kube.controllers.slicing import is_served
from playground.kube.dns.directory import is_headless

PORTLESS, OTHER_FAMILY, NO_ADDRESS = "port", "family", "name"


def selecting(store: Store, namespace: str, labels: JSON) -> list[Object]:
    """The Services of a namespace that have a Pod with these labels for an endpoint, sorted by name; a selector of an ExternalName counts for nothing."""
    listed: list[Object] = store.list("Service", namespace)
    return [each for each in listed if is_served(each) and each.spec["selector"].items() <= labels.items()]


def of_first_family(machinery: Machinery, service: Object) -> list[EndpointSlice]:
    """All slices of a Service, so that each Pod comes once."""
    found: list[EndpointSlice] = machinery.store.find(machinery.slices_by_service, service.key)
    family = (service.spec.get("ipFamilies") or [""])[0]
    return [piece for piece in found if piece.address_type == family or not family]


def slices(machinery: Machinery, service: Object) -> list[EndpointSlice]:
    """Those of them that the Service can lead to."""
    return [piece for piece in of_first_family(machinery, service) if not obstacle(service, piece)]


def obstacle(service: Object, piece: EndpointSlice) -> str:
    """Why a Service cannot lead to one of its slices, one of the words above; "" if it can."""
    if piece.address_type == "FQDN":
        return NO_ADDRESS
    if is_headless(service):
        return ""
    if piece.address_type not in service.spec.get("ipFamilies", (piece.address_type,)):
        return OTHER_FAMILY
    wanted = [_known_by(port) for port in service.spec.get("ports", ())]
    return "" if any(port.port is not None and (port.name, port.protocol) in wanted for port in piece.ports) else PORTLESS


def blind_ports(machinery: Machinery, service: Object) -> list[JSON]:
    """The ports of a Service behind which there is no endpoint, ready or not, though there are some behind others."""
    behind = [(port.name, port.protocol) for piece in slices(machinery, service) if piece.endpoints for port in piece.ports]
    return [port for port in service.spec.get("ports", ()) if behind and _known_by(port) not in behind]


def _known_by(port: JSON) -> tuple[str, str]:
    return port.get("name") or "", port.get("protocol") or "TCP"
