"""Endpoints as the controller would write them: the facts of pkg/controller/endpoint/endpoints_controller_test.go."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver.objects import Endpoint, EndpointPort, Endpoints, EndpointSlice
from playground.kube.apiserver.rendering import render

HTTP, DNS = EndpointPort("http", 8080), EndpointPort("dns", 53, "UDP")


def endpoint(number: int, ready: bool = True, terminating: bool = False, serving: bool | None = None) -> Endpoint:
    ip = f"10.0.{100 + number // 100}.{100 + number % 100}"  # sorted as text as they are numbered
    return Endpoint(ip, pod=f"p{number}", uid=f"u{number}", ready=ready, serving=serving, terminating=terminating)


def rendered(world: Any, *slices: tuple[tuple[EndpointPort, ...], list[Endpoint]], ports: bool = True, family: str = "IPv4") -> Any:
    spec = {"clusterIP": "None", **({"ports": [{"port": 80}]} if ports else {})}
    world.server.create({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {**spec, "selector": {"a": "b"}}})
    names = []
    for number, (own, endpoints) in enumerate(slices):
        uid = f"slice-{number}"
        piece = EndpointSlice("EndpointSlice", "default", uid, uid, 0, 0, address_type=family, endpoints=tuple(endpoints), ports=own)
        names.append(world.store.create(piece).name)
    thing = world.store.create(Endpoints("Endpoints", "default", "web", "e", 0, 0, slices=tuple(names)))
    return render(thing, world.store)


def ips(subset: dict[str, Any], name: str = "addresses") -> list[str]:
    return [each["ip"] for each in subset.get(name, ())]


STATES: list[tuple[str, Endpoint, int, int]] = [
    ("ready", endpoint(0), 1, 0),
    ("not ready", endpoint(0, ready=False), 0, 1),
    ("ready and terminating", endpoint(0, ready=False, terminating=True, serving=True), 0, 0),
    ("not ready and terminating", endpoint(0, ready=False, terminating=True, serving=False), 0, 0),
    ("terminating, but published all the same", endpoint(0, ready=True, terminating=True), 1, 0),
]


@pytest.mark.parametrize(("one", "ready", "not_ready"), [case[1:] for case in STATES], ids=[case[0] for case in STATES])
def test_where_an_endpoint_is_shown(world: Any, one: Endpoint, ready: int, not_ready: int) -> None:
    subsets, _ = rendered(world, ((HTTP,), [one]))
    assert sum(len(ips(each)) for each in subsets) == ready
    assert sum(len(ips(each, "notReadyAddresses")) for each in subsets) == not_ready


def test_three_pods_of_two_ports_collapse_into_one_subset(world: Any) -> None:
    (subset,), cut = rendered(world, ((HTTP, DNS), [endpoint(0), endpoint(1), endpoint(2, ready=False)]))
    assert not cut
    assert subset == {
        "addresses": [
            {"ip": "10.0.100.100", "targetRef": {"kind": "Pod", "name": "p0", "namespace": "default", "uid": "u0"}},
            {"ip": "10.0.100.101", "targetRef": {"kind": "Pod", "name": "p1", "namespace": "default", "uid": "u1"}},
        ],
        "notReadyAddresses": [{"ip": "10.0.100.102", "targetRef": {"kind": "Pod", "name": "p2", "namespace": "default", "uid": "u2"}}],
        "ports": [{"name": "dns", "port": 53, "protocol": "UDP"}, {"name": "http", "port": 8080, "protocol": "TCP"}],
    }


def test_pods_of_different_ports_make_different_subsets(world: Any) -> None:
    subsets, _ = rendered(world, ((HTTP,), [endpoint(0)]), ((EndpointPort("http", 9090),), [endpoint(1)]))
    assert [(ips(each), each["ports"][0]["port"]) for each in subsets] == [(["10.0.100.100"], 8080), (["10.0.100.101"], 9090)]


def test_a_headless_service_without_ports_shows_addresses_without_ports(world: Any) -> None:
    (subset,), _ = rendered(world, ((), [endpoint(0)]), ports=False)
    assert (ips(subset), "ports" in subset) == (["10.0.100.100"], False)


def test_a_pod_that_has_none_of_the_ports_is_left_out(world: Any) -> None:
    assert rendered(world, ((), [endpoint(0)])) == ([], False)


def test_addresses_of_another_family_are_left_out(world: Any) -> None:
    assert rendered(world, ((HTTP,), [endpoint(0)]), family="IPv6") == ([], False)


CAPACITY = [(997, 4, 997, 3, True), (1000, 10, 1000, 0, True), (999, 0, 999, 0, False), (1001, 0, 1000, 0, True), (1000, 0, 1000, 0, False)]


@pytest.mark.parametrize(("ready", "not_ready", "shown", "shown_not", "cut"), CAPACITY)
def test_a_thousand_addresses_at_most_ready_ones_first(
    world: Any, ready: int, not_ready: int, shown: int, shown_not: int, cut: bool
) -> None:
    endpoints = [endpoint(number, ready=number < ready) for number in range(ready + not_ready)]
    (subset,), was_cut = rendered(world, ((HTTP,), endpoints))
    assert (len(ips(subset)), len(ips(subset, "notReadyAddresses")), was_cut) == (shown, shown_not, cut)
    note = world.json("Endpoints", "web")["metadata"].get("annotations", {})
    assert note == ({"endpoints.kubernetes.io/over-capacity": "truncated"} if cut else {})


@pytest.mark.parametrize(
    ("ready", "not_ready", "shown", "shown_not"),
    [
        ([50, 100, 100, 100, 100], [50, 100, 100, 100, 100], [50, 100, 100, 100, 100], [50, 100, 100, 100, 100]),
        ([90, 110, 50, 10, 20], [101, 200, 200, 201, 298], [90, 110, 50, 10, 20], [73, 144, 144, 145, 214]),
        ([205, 400, 402, 400, 693], [100, 200, 200, 200, 300], [98, 191, 192, 191, 328], [0, 0, 0, 0, 0]),
    ],
)
def test_each_subset_gives_its_share(world: Any, ready: list[int], not_ready: list[int], shown: list[int], shown_not: list[int]) -> None:
    slices, number = [], 0
    for index, (many, few) in enumerate(zip(ready, not_ready, strict=True)):
        endpoints = [endpoint(number + at, ready=at < many) for at in range(many + few)]
        slices.append(((EndpointPort("http", 8000 + index),), endpoints))
        number += many + few
    subsets, _ = rendered(world, *slices)
    by_port = sorted(subsets, key=lambda each: each["ports"][0]["port"])
    assert [len(ips(each)) for each in by_port] == shown
    assert [len(ips(each, "notReadyAddresses")) for each in by_port] == shown_not


def test_endpoints_without_addresses_have_no_subsets(world: Any) -> None:
    """They are left out of the JSON (omitempty): a client that reads them has to expect that they are missing."""
    rendered(world)
    assert "subsets" not in world.server.encode(world.store.get("Endpoints", "default", "web"))
