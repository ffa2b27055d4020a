"""Hints of topology-aware routing (topologycache_test.go, utils_test.go), in our own words."""

from __future__ import annotations

from collections import Counter

import pytest

from playground.kube.apiserver.objects import Endpoint, Object
from playground.kube.apiserver.store import Store
from playground.kube.controllers.topology import Zones, is_topology_aware


def node(name, zone="", cpu="4", ready=True, **labels):
    labels |= {"topology.kubernetes.io/zone": zone} if zone else {}
    status = {"conditions": [{"type": "Ready", "status": str(ready)}], "allocatable": {"cpu": cpu}}
    return Object("Node", "", name, name, 0, 0, labels=labels, status=status)


def zones(*nodes):
    store = Store()
    found = Zones(store)
    for each in nodes:
        store.create(each)
    return store, found


def spread(found, **counts):
    """(own zone, zone meant) of each endpoint, counted."""
    endpoints = [Endpoint("10.0.0.1", zone=name, ready=True) for name, count in counts.items() for _ in range(count)]
    return Counter((each.zone, *each.for_zones) for each in found.hinted(endpoints))


EVEN = (node("n1", "a"), node("n2", "b"), node("n3", "c"))
CASES = {
    "each zone keeps its own, if they are even": (EVEN, {"a": 2, "b": 2, "c": 2}, {("a", "a"): 2, ("b", "b"): 2, ("c", "c"): 2}),
    "a zone with too many gives to one with too few": (
        EVEN,
        {"a": 1, "b": 3, "c": 2},
        {("a", "a"): 1, ("b", "a"): 1, ("b", "b"): 2, ("c", "c"): 2},
    ),
    "shares follow the CPUs": (
        (node("n1", "a", "3"), node("n2", "b", "1000m")),
        {"a": 2, "b": 6},
        {("a", "a"): 2, ("b", "a"): 4, ("b", "b"): 2},
    ),
    "half an endpoint stays where it is": (EVEN[:2], {"a": 5, "b": 6}, {("a", "a"): 5, ("b", "b"): 6}),
    "too few to share evenly have none": (EVEN[:2], {"a": 2, "b": 3}, {("a",): 2, ("b",): 3}),
    "fewer endpoints than zones have no hints": (EVEN, {"a": 1, "b": 1}, {("a",): 1, ("b",): 1}),
    "one zone has none": ((node("n1", "a"), node("n2", "a")), {"a": 4}, {("a",): 4}),
    "a zone that would be overloaded prevents all": (EVEN, {"a": 4}, {("a",): 4}),
    "a Node without a zone prevents all": ((*EVEN, node("n4")), {"a": 2, "b": 2, "c": 2}, {("a",): 2, ("b",): 2, ("c",): 2}),
    "unless it is not ready": ((*EVEN, node("n4", ready=False)), {"a": 1, "b": 1, "c": 1}, {("a", "a"): 1, ("b", "b"): 1, ("c", "c"): 1}),
    "or of the control plane": (
        (*EVEN, node("n4", **{"node-role.kubernetes.io/control-plane": ""})),
        {"a": 1, "b": 1, "c": 1},
        {("a", "a"): 1, ("b", "b"): 1, ("c", "c"): 1},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_hints(case):
    nodes, counts, expected = CASES[case]
    _, found = zones(*nodes)
    assert spread(found, **counts) == Counter(expected)


def test_endpoints_that_are_not_ready_are_not_counted_and_one_without_a_zone_prevents_all():
    _, found = zones(*EVEN[:2])
    ready = [Endpoint("10.0.0.1", zone=name, ready=True) for name in "ab"]
    unready = Endpoint("10.0.0.2", zone="a", ready=False)
    assert [each.for_zones for each in found.hinted([*ready, unready])] == [("a",), ("b",), ()]
    nowhere = Endpoint("10.0.0.3", ready=True)
    assert [each.for_zones for each in found.hinted([*ready, nowhere])] == [(), (), ()]


def test_nodes_are_followed():
    store, found = zones(*EVEN[:2])
    assert ("a", "a") in spread(found, a=1, b=1)
    gone = store.get("Node", "", "n2")
    store.remove(gone)
    assert ("a", "a") not in spread(found, a=1, b=1)


@pytest.mark.parametrize(
    ("annotations", "expected"),
    [
        ({"service.kubernetes.io/topology-mode": "Auto"}, True),
        ({"service.kubernetes.io/topology-mode": "auto"}, True),
        ({"service.kubernetes.io/topology-mode": "AUTO"}, False),
        ({"service.kubernetes.io/topology-mode": "Auto", "service.kubernetes.io/topology-aware-hints": "Disabled"}, False),
        ({}, False),
    ],
)
def test_which_services_ask_for_it(annotations, expected):
    assert is_topology_aware(Object("Service", "default", "web", "u", 0, 0, annotations=annotations)) is expected
