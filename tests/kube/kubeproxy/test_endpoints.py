"""Which endpoints may a Node use?  The facts of Kubernetes' own table (pkg/proxy/topology_test.go), and laws."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.kube.apiserver.objects import Endpoint, EndpointPort, EndpointSlice
from playground.kube.kubeproxy.config import ProxyConfig
from playground.kube.kubeproxy.endpoints import Choice, Piece, categorize, parts_of
from playground.kube.kubeproxy.portrules import PortRules
from playground.kube.kubeproxy.serviceports import ServicePort
from tests.kube.kubeproxy.builders import endpoint

HERE = "here"


def port(**fields: Any) -> ServicePort:
    return ServicePort("ns/svc", "", "172.17.0.5", "TCP", 80, **fields)


def slices_of(*groups: list[Endpoint], number: int = 80) -> list[Piece]:
    return [
        Piece(
            EndpointSlice("EndpointSlice", "ns", f"svc-{n}", f"uid-{n}", 1, 0, endpoints=tuple(group), ports=(EndpointPort(port=number),))
        )
        for n, group in enumerate(groups)
    ]


def listed(choice: Choice | None) -> list[str] | None:
    return None if choice is None else [each.ip for each, _ in choice]


def zoned(*zones: str | None, node: str = "", **fields: Any) -> list[Endpoint]:
    """Ready endpoints 10.0.0.0, 10.0.0.1, ... with these zone hints (several in one are split by a comma)."""
    return [endpoint(f"10.0.0.{n}", node=node, for_zones=tuple(zone.split(",")) if zone else (), **fields) for n, zone in enumerate(zones)]


def noded(*hints: str | None) -> list[Endpoint]:
    zones = ("zone-a", "zone-b", "zone-c", "zone-a")
    return [
        endpoint(f"10.0.0.{n}", node="", for_nodes=(hint,) if hint else (), for_zones=(zones[n],) if hint else ())
        for n, hint in enumerate(hints)
    ]


INTERNAL_LOCAL = {"internal_local": True}
EXTERNAL_LOCAL = {"external_local": True, "accessible": True, "node_port": 30080}
ALL = ["10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.3"]

# name: port, endpoints, this Node's name and zone, cluster set, local set, whether anything is usable anywhere
CASES: dict[str, tuple[Any, ...]] = {
    "all have zone hints and the Node's zone has endpoints: those of the zone": (
        {}, zoned("zone-a", "zone-b", "zone-c", "zone-a"), HERE, "zone-a", ["10.0.0.0", "10.0.0.3"], None, True),
    "hints never narrow the local set": (
        {**INTERNAL_LOCAL, "accessible": True, "node_port": 8080},
        [*zoned("zone-a", "zone-b", node=HERE), endpoint("10.0.0.2", node="", for_zones=("zone-c",)), endpoint("10.0.0.3", node="", for_zones=("zone-a",))],
        HERE, "zone-a", ["10.0.0.0", "10.0.0.3"], ["10.0.0.0", "10.0.0.1"], True),
    "a Node without a zone uses all": ({}, zoned("zone-a"), HERE, "", ["10.0.0.0"], None, True),
    "a Node in a zone that no hint names uses all": ({}, zoned("zone-a"), HERE, "zone-b", ["10.0.0.0"], None, True),
    "an endpoint that is not ready is out even when the hints name this zone": (
        {}, [*zoned("zone-a", "zone-b", "zone-c"), endpoint("10.0.0.3", "not-ready", for_zones=("zone-a",))],
        HERE, "zone-a", ["10.0.0.0"], None, True),
    "one ready endpoint without a hint puts hints out of force": ({}, zoned("zone-a", "zone-b", None, "zone-a"), HERE, "zone-a", ALL, None, True),
    "an endpoint may be hinted for several zones": (
        {}, zoned("zone-a,zone-b,zone-c", "zone-b,zone-c", "zone-b,zone-d", "zone-c"), HERE, "zone-c", ["10.0.0.0", "10.0.0.1", "10.0.0.3"], None, True),
    "node hints name no Node where every endpoint has only zone hints": (
        {}, zoned("zone-a", "zone-b"), "node-1", "zone-a", ["10.0.0.0"], None, True),
    "node hints come before zone hints": ({}, noded("node-1", "node-2", "node-3", "node-4"), "node-1", "zone-a", ["10.0.0.0"], None, True),
    "one ready endpoint without any hint puts node hints out of force": ({}, noded("node-1", None, "node-3", "node-4"), "node-1", "zone-a", ALL, None, True),
    "a Node that no hint names falls back to its zone": (
        {}, noded("node-1", "node-2", "node-3", "node-4"), "node-0", "zone-a", ["10.0.0.0", "10.0.0.3"], None, True),
    "the hinted set and the local set may differ": (
        EXTERNAL_LOCAL,
        [*zoned("zone-a", "zone-b", node=HERE), endpoint("10.0.0.2", node="", for_zones=("zone-a",)), endpoint("10.0.0.3", node="", for_zones=("zone-b",))],
        HERE, "zone-a", ["10.0.0.0", "10.0.0.2"], ["10.0.0.0", "10.0.0.1"], True),
    "no endpoint ready, none terminating: nothing is usable": (
        {}, [endpoint("10.0.0.0", "not-ready"), endpoint("10.0.0.1", "not-ready")], HERE, "", [], None, False),
    "both policies Local: two sets": (
        {**INTERNAL_LOCAL, **EXTERNAL_LOCAL}, [endpoint("10.0.0.0", node=HERE), endpoint("10.0.0.1", node="")], HERE, "", ALL[:2], ["10.0.0.0"], True),
    "each set falls back to serving terminating endpoints by itself": (
        EXTERNAL_LOCAL,
        [endpoint("10.0.0.0", node=""), endpoint("10.0.0.1", "not-ready", HERE), endpoint("10.0.0.2", "serving", HERE), endpoint("10.0.0.3", "serving", "")],
        HERE, "", ["10.0.0.0"], ["10.0.0.2"], True),
    "externalTrafficPolicy does not count where nothing comes from outside": (
        {"external_local": True}, [endpoint("10.0.0.0", node=""), endpoint("10.0.0.1", node=HERE)], HERE, "", ALL[:2], None, True),
    "internalTrafficPolicy Local and nothing from outside: no cluster set": (
        INTERNAL_LOCAL, [endpoint("10.0.0.0", node=""), endpoint("10.0.0.1", node=HERE)], HERE, "", None, ["10.0.0.1"], True),
    "no endpoints at all": ({}, [], HERE, "", None, None, False),
    "a single endpoint that is neither ready nor terminating is never used": ({}, [endpoint("10.0.0.0", "not-ready")], HERE, "zone-a", [], None, False),
    "the fall-back ignores hints": (
        {}, [endpoint("10.0.0.0", "serving", for_zones=("zone-b",)), endpoint("10.0.0.1", "serving", for_zones=("zone-a",))],
        HERE, "zone-a", ALL[:2], None, True),
    "terminating and not serving is not used even as the last": ({}, [endpoint("10.0.0.0", "terminating")], HERE, "", [], None, False),
    "one usable endpoint elsewhere is enough to be usable at all": (INTERNAL_LOCAL, [endpoint("10.0.0.0", "serving", "")], HERE, "", None, [], True),
    "conditions that are not given mean ready": ({}, [Endpoint("10.0.0.0")], HERE, "", ["10.0.0.0"], None, True),
}  # fmt: skip


@pytest.mark.parametrize(("fields", "endpoints", "node", "zone", "cluster", "local", "usable"), CASES.values(), ids=CASES)
def test_categories(fields: Any, endpoints: Any, node: str, zone: str, cluster: Any, local: Any, usable: bool) -> None:
    for groups in ([endpoints], [[each] for each in endpoints]):  # one EndpointSlice, and one for each endpoint
        found = categorize(port(**fields), parts_of(port(), slices_of(*groups), False), node, zone)
        assert (listed(found.cluster), listed(found.local), found.has_any) == (cluster, local, usable)


def test_before_there_were_node_hints_the_zone_counted_alone() -> None:
    parts = parts_of(port(), slices_of(noded("node-1", "node-2", "node-3", "node-4")), False)
    assert listed(categorize(port(), parts, "node-1", "zone-a", False).cluster) == ["10.0.0.0", "10.0.0.3"]
    assert listed(categorize(port(), parts, "node-1", "zone-a", True).cluster) == ["10.0.0.0"]


def test_endpoints_are_in_the_order_of_their_text() -> None:
    (part,) = parts_of(port(), slices_of([endpoint("10.1.1.1"), endpoint("10.1.1.11"), endpoint("10.1.1.2")]), False)
    assert [each.ip for each in part.ready] == ["10.1.1.11", "10.1.1.1", "10.1.1.2"]


def test_of_one_address_twice_the_later_counts_unless_it_is_terminating() -> None:
    ready, other, leaving = endpoint("10.0.0.1", node="x"), endpoint("10.0.0.1", node="y"), endpoint("10.0.0.1", "serving")
    for pieces, doubled in ((slices_of([ready, other, leaving]), False), (slices_of([ready], [other], [leaving]), True)):
        parts = parts_of(port(), pieces, doubled)
        assert [each for part in parts for each in part.endpoints] == [other]


def test_the_same_address_on_two_ports_is_two_endpoints() -> None:
    pieces = [*slices_of([endpoint("10.0.0.1")]), *slices_of([endpoint("10.0.0.1")], number=81)]
    found = categorize(port(), parts_of(port(), pieces, True), HERE, "")
    assert [(each.ip, number) for each, number in found.cluster or ()] == [("10.0.0.1", 80), ("10.0.0.1", 81)]


def test_a_slice_port_is_joined_by_name_and_protocol_and_needs_a_number() -> None:
    (piece,) = slices_of([endpoint("10.0.0.1")])
    assert piece.number("", "TCP") == 80
    assert piece.number("", "UDP") is None
    assert piece.number("http", "TCP") is None
    unnumbered = Piece(EndpointSlice("EndpointSlice", "ns", "s", "u", 1, 0, ports=(EndpointPort(),)))
    assert unnumbered.part("", "TCP") is None


STATES = st.sampled_from(["ready", "not-ready", "serving", "terminating"])
NODES = st.sampled_from(["node-a", "node-b", ""])


@given(
    st.lists(st.lists(st.tuples(STATES, NODES), max_size=5), max_size=4),
    st.booleans(), st.booleans(), st.sampled_from(["node-a", "node-b", "node-c"]),
)  # fmt: skip
def test_every_place_of_a_choice_is_a_usable_endpoint_once(groups: Any, internal: bool, external: bool, node: str) -> None:
    number = iter(range(100))
    endpoints = [[endpoint(f"10.0.0.{next(number)}", state, where) for state, where in group] for group in groups]
    chosen = port(internal_local=internal, external_local=external, accessible=external)
    rules = PortRules(chosen, tuple(slices_of(*endpoints)), False)
    config = ProxyConfig(node=node)
    found, everyone = rules.categorize(config), [each for group in endpoints for each in group]
    for choice, mine in ((found.cluster, everyone), (found.local, [each for each in everyone if each.node == node])):
        if choice is not None:
            ready = [each for each in mine if each.ready]
            usable = ready or [each for each in mine if each.serving and each.terminating]
            picked = [choice.pick(place)[0] for place in range(choice.count)]
            assert sorted(each.ip for each in picked) == sorted(each.ip for each in usable)
            assert picked == [each for each, _ in choice]
    way = rules.internal(config)
    usable_anywhere = any(each.ready or (each.serving and each.terminating) for each in everyone)
    assert (way.verdict == "REJECT") == (not usable_anywhere)
    assert (way.verdict == "forward") == (way.choice.count > 0)


def test_addresses_with_leading_zeros_are_read_as_decimal() -> None:
    (part,) = parts_of(port(), slices_of([endpoint("10.180.00.001"), endpoint("10.100.0.10")]), False)
    assert [each.ip for each in part.ready] == ["10.100.0.10", "10.180.0.1"]


def test_ipv6_endpoints_are_in_the_order_of_their_text_with_brackets() -> None:
    six = msgspec.structs.replace(slices_of([])[0].slice, address_type="IPv6", endpoints=(endpoint("fd00::1"), endpoint("fd00::1:2")))
    (part,) = parts_of(msgspec.structs.replace(port(), ip="fd00:172::5"), [Piece(six)], False)
    assert [each.ip for each in part.ready] == ["fd00::1:2", "fd00::1"]
    assert parts_of(port(), [Piece(six)], False) == ()


def test_an_endpoint_is_found_in_a_choice_by_its_address_and_port() -> None:
    pieces = [*slices_of([endpoint("10.0.0.1"), endpoint("10.0.0.11")]), *slices_of([endpoint("10.0.0.1")], number=81)]
    found = categorize(port(), parts_of(port(), pieces, True), HERE, "").cluster
    assert found is not None
    assert [(each.ip, number) for each, number in found.in_order()] == [("10.0.0.11", 80), ("10.0.0.1", 80), ("10.0.0.1", 81)]
    assert all(found.find(each.ip, number) is each for each, number in found)
    assert found.find("10.0.0.11", 81) is None
    assert found.find("10.0.0.111", 80) is None
