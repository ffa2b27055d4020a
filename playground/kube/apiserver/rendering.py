"""Which subsets does an Endpoints object show that is rendered from a Service's EndpointSlices?

Source: pkg/controller/endpoint/endpoints_controller.go and pkg/api/v1/endpoints/util.go (RepackSubsets).
Simplified: subsets are sorted by their addresses, where Kubernetes sorts them by a hash.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from playground.kube.apiserver.objects import Endpoint, EndpointPort, Endpoints, EndpointSlice
from playground.kube.apiserver.store import Store

JSON = dict[str, Any]
Address = tuple[Endpoint, bool]
CAPACITY = 1_000
OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity"
PORTLESS = EndpointPort(name="", port=-1)


def render(thing: Endpoints, store: Store) -> tuple[list[JSON], bool]:
    """The subsets, for each set of ports the addresses that serve it, 1,000 of them at most; and whether there were more."""
    service = store.get("Service", thing.namespace, thing.name)
    portless = service is None or not service.spec.get("ports")
    slices = [each for name in thing.slices or () if (each := store.get("EndpointSlice", thing.namespace, name)) is not None]
    family = _family(service)
    groups = repack([each for each in slices if each.address_type == family], portless)
    kept = truncate(groups)
    return [_subset(ports, addresses, thing.namespace) for ports, addresses in kept], kept is not groups


def _family(service: Any) -> str:
    """The Service's primary one."""
    if service is not None and service.spec.get("ipFamilies"):
        return str(service.spec["ipFamilies"][0])
    return "IPv6" if service is not None and ":" in (service.spec.get("clusterIP") or "") else "IPv4"


def repack(slices: list[EndpointSlice], portless: bool) -> list[tuple[list[EndpointPort], list[Address]]]:
    """First which addresses offer each port, then which ports each set of addresses offers. `portless`: what has no ports offers PORTLESS."""
    by_port: dict[EndpointPort, dict[tuple[str, str, bool], Address]] = {}
    for piece in slices:
        ports = piece.ports or ((PORTLESS,) if portless else ())
        for endpoint in piece.endpoints:
            ready = endpoint.ready is not False
            if endpoint.terminating and not ready:
                continue
            for port in ports:
                by_port.setdefault(port, {})[(*_identity(endpoint), ready)] = endpoint, ready
    by_addresses: dict[tuple[tuple[str, str, bool], ...], list[EndpointPort]] = {}
    found: dict[tuple[tuple[str, str, bool], ...], list[Address]] = {}
    for port, addresses in by_port.items():
        key = tuple(sorted(addresses))
        by_addresses.setdefault(key, []).append(port)
        found[key] = [addresses[each] for each in key]
    return [(sorted(ports, key=_port_order), found[key]) for key, ports in sorted(by_addresses.items(), key=lambda item: item[0])]


def truncate(groups: list[tuple[list[EndpointPort], list[Address]]]) -> list[tuple[list[EndpointPort], list[Address]]]:
    """Ready addresses first; each subset gives its share, rounded up."""
    ready = sum(is_ready for _, addresses in groups for _, is_ready in addresses)
    total = sum(len(addresses) for _, addresses in groups)
    if total <= CAPACITY:
        return groups
    cut_ready = ready >= CAPACITY
    room = left = CAPACITY if cut_ready else CAPACITY - ready
    of = ready if cut_ready else total - ready
    result = []
    for ports, addresses in groups:
        kept = [] if cut_ready else [each for each in addresses if each[1]]
        cut = [each for each in addresses if each[1] == cut_ready]
        share = min(left, ceil(len(cut) / of * room))
        left -= share
        if kept or share:
            result.append((ports, kept + cut[:share]))
    return result


def _subset(ports: list[EndpointPort], addresses: list[Address], namespace: str) -> JSON:
    subset: JSON = {}
    for name, wanted in (("addresses", True), ("notReadyAddresses", False)):
        listed = [_address(endpoint, namespace) for endpoint, ready in addresses if ready == wanted]
        subset |= {name: listed} if listed else {}
    shown = [_port(port) for port in ports if port != PORTLESS]
    return subset | ({"ports": shown} if shown else {})


def _address(endpoint: Endpoint, namespace: str) -> JSON:
    target = {"kind": "Pod", "name": endpoint.pod, "namespace": namespace, "uid": endpoint.uid} if endpoint.pod else None
    value = {"hostname": endpoint.hostname, "ip": endpoint.ip, "nodeName": endpoint.node, "targetRef": target}
    return {name: each for name, each in value.items() if each}


def _port(port: EndpointPort) -> JSON:
    value = {"appProtocol": port.app_protocol, "name": port.name, "port": port.port, "protocol": port.protocol}
    return {name: each for name, each in value.items() if each}


def _identity(endpoint: Endpoint) -> tuple[str, str]:
    return endpoint.ip, endpoint.uid


def _port_order(port: EndpointPort) -> tuple[str, int, str]:
    return port.name, port.port or 0, port.protocol
