"""Do Services get the endpoints they should?  The suite `endpointslices`: rules one by one, and whole runs of the two controllers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from playground.conformance import endpointsruns, sliceruns
from playground.conformance.objects import JSON, node, pod, service
from playground.conformance.report import Result, Unreadable, case_name, listed, tried
from playground.conformance.sliceruns import endpoint_json
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import EndpointPort
from playground.kube.controllers.slicing import endpoint_of, families, find_port, follows, hostname_of, is_eligible, ports_of, slice_labels
from playground.kube.settings import ClusterSettings

PARTS = ("suite", "meta", "cases")
Judge = Callable[[JSON], tuple[Any, Any]]


def run(value: dict[str, Any]) -> Iterator[Result]:
    """Every case of a file, in its order; one of an unknown group has not passed. Raises Unreadable for a part that is not known."""
    for part in value:
        if part not in PARTS:
            raise Unreadable(f"{part!r} is no part of an EndpointSlice file: {', '.join(PARTS)}")
    for index, case in enumerate(listed(value, "cases")):
        group = case.get("group")
        name = case_name(case, str(group), index)
        if group in GROUPS:
            wanted, work = GROUPS[group]
            yield tried(name, wanted(case), partial(work, case))
        else:
            yield Result(name, case.get("expected"), {"cannot be run": f"group {group!r} is none of {', '.join(GROUPS)}"})


def _machinery() -> Machinery:
    return Machinery(ClusterSettings())


def _endpoint(case: JSON) -> JSON:
    made = _machinery()
    found = node(made, case["node"]) if case.get("node") else None
    return endpoint_json(endpoint_of(service(made, case["service"]), pod(made, case["pod"]), found, case["address_type"]))


def _ports(case: JSON) -> list[JSON]:
    made = _machinery()
    return sliceruns.sorted_json(_port(each) for each in ports_of(service(made, case["service"]), pod(made, case["pod"])))


def _port(port: EndpointPort) -> JSON:
    return {"name": port.name, "port": port.port, "protocol": port.protocol} | (
        {"appProtocol": port.app_protocol} if port.app_protocol else {}
    )


def _found_port(case: JSON) -> JSON:
    asked = case["service_port"]
    number = find_port(case["pod"], asked["targetPort"], asked.get("protocol") or "TCP")
    return {"port": number, "found": number is not None}


def _wanted_port(case: JSON) -> JSON:
    return {"port": case["expected"] if case["found"] else None, "found": case["found"]}


def _eligible(case: JSON) -> bool:
    return is_eligible(pod(_machinery(), case["pod"]), case["include_terminating"])


def _named(case: JSON) -> bool:
    made = _machinery()
    return bool(hostname_of(service(made, case["service"]), pod(made, case["pod"])))


def _families(case: JSON) -> list[str]:
    return sorted(families(service(_machinery(), case["service"])))


def _labels(case: JSON) -> JSON:
    made = service(_machinery(), case["service"])
    return {"labels": slice_labels(made), "update": not follows(case["existing_slice_labels"], made)}


def _expected(case: JSON) -> Any:
    return case["expected"]


GROUPS: dict[Any, tuple[Callable[[JSON], Any], Callable[[JSON], Any]]] = {
    "pod-to-endpoint": (_expected, _endpoint),
    "endpoint-ports": (lambda case: sliceruns.sorted_json(case["expected_ports"]), _ports),
    "find-port": (_wanted_port, _found_port),
    "should-include-pod": (_expected, _eligible),
    "should-set-hostname": (_expected, _named),
    "address-types": (lambda case: sorted(case["expected"]), _families),
    "slice-labels": (lambda case: {"labels": case["expected_labels"], "update": case["expected_update"]}, _labels),
    "new-slice": (_expected, sliceruns.new_slice),
    "reconcile-one-pod": (sliceruns.wanted, sliceruns.reconcile),
    "reconcile": (sliceruns.wanted, sliceruns.reconcile),
    "pod-missing-node": (sliceruns.wanted, sliceruns.reconcile),
    "traffic-distribution": (_expected, sliceruns.hints),
    "endpoints-controller": (endpointsruns.wanted, endpointsruns.write),
    "endpoints-addresses": (_expected, endpointsruns.counts),
    "endpoints-ip-family": (endpointsruns.wanted_family, endpointsruns.family),
    "endpoints-over-capacity": (_expected, endpointsruns.capacity),
    "endpoints-truncate": (endpointsruns.wanted_truncated, endpointsruns.truncated),
}
