"""Does a Node sort a Service port's endpoints as CategorizeEndpoints does (pkg/proxy/topology_test.go)?"""

from __future__ import annotations

from typing import Any

from playground.conformance.report import Result
from playground.kube.apiserver.nodes import ZONE
from playground.kube.apiserver.objects import Endpoint, EndpointPort, EndpointSlice
from playground.kube.kubeproxy.chains import address
from playground.kube.kubeproxy.endpoints import Choice, Piece, categorize, parts_of
from playground.kube.kubeproxy.serviceports import ServicePort

THIS, OTHER = "the-node-itself", "another-node"


def categories(case: dict[str, Any]) -> Result:
    """The sets of one case, as sets; None is a set that the port never uses."""
    node = case["node"].get("name") or THIS
    zone = case["node"].get("labels", {}).get(ZONE, "")
    port = _port(case["service"])
    pieces = [_piece(number, case["endpoints"], node) for number in dict.fromkeys(each["port"] for each in case["endpoints"])]
    found = categorize(port, parts_of(port, pieces, len(pieces) > 1), node, zone, case.get("preferSameTrafficDistribution", True))
    got = {
        "clusterEndpoints": _listed(found.cluster),
        "localEndpoints": _listed(found.local),
        "allReachableEndpoints": sorted(address(each.ip, number) for each, number in found.reachable()),
        "hasAnyEndpoints": found.has_any,
    }
    return Result(case["name"], {name: sorted(each) if isinstance(each, list) else each for name, each in case["expected"].items()}, got)


def _port(service: dict[str, Any]) -> ServicePort:
    return ServicePort(
        "ns/service", "", "172.30.0.1", "TCP", 80,
        internal_local=service["internalTrafficPolicy"] == "Local",
        external_local=service["externalTrafficPolicy"] == "Local",
        accessible=service["externallyAccessible"],
        node_port=service["nodePort"] or 0,
    )  # fmt: skip


def _piece(number: int, endpoints: list[dict[str, Any]], node: str) -> Piece:
    """The endpoints on one port number, as an EndpointSlice."""
    mine = tuple(_endpoint(each, node) for each in endpoints if each["port"] == number)
    return Piece(EndpointSlice("EndpointSlice", "ns", f"service-{number}", "", 0, 0, endpoints=mine, ports=(EndpointPort(port=number),)))


def _endpoint(value: dict[str, Any], node: str) -> Endpoint:
    return Endpoint(
        value["ip"],
        node=node if value["local"] else OTHER,
        ready=value["ready"],
        serving=value["serving"],
        terminating=value["terminating"],
        for_zones=tuple(value["zoneHints"] or ()),
        for_nodes=tuple(value["nodeHints"] or ()),
    )


def _listed(choice: Choice | None) -> list[str] | None:
    return None if choice is None else sorted(address(each.ip, number) for each, number in choice)
