"""Endpoints written by hand become EndpointSlices (pkg/controller/endpointslicemirroring)."""

import pytest

from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.objects import EMPTY, Endpoints
from tests.kube.world import World

HTTP = [{"name": "", "port": 8080, "protocol": "TCP"}]
MANAGED_BY = "endpointslice.kubernetes.io/managed-by"
MIRRORER = "endpointslicemirroring-controller.k8s.io"


def ips(*numbers):
    return [{"ip": f"10.1.2.{number}"} for number in numbers]


def written(*subsets, selector=None, service=True, **more):
    """A Service (without a selector, if none is given) and its Endpoints, written by hand."""
    world = World()
    if service:
        spec = {"clusterIP": "172.17.0.9", "ports": [{"port": 80, "protocol": "TCP", "targetPort": 8080}]}
        world.put("Service", "web", spec | ({"selector": selector} if selector else {}))
    world.store.create(
        Endpoints("Endpoints", "default", "web", world.store.new_uid(), 0, world.clock.now, rest={"subsets": list(subsets)}, **more)
    )
    world.run(1)
    return world


def slices(world):
    return [each for each in world.store.list("EndpointSlice") if each.labels.get(MANAGED_BY) == MIRRORER]


def mirrored(world):
    """Each slice's ports, and its endpoints with their readiness."""
    found = [([port.port for port in each.ports], {one.ip: one.ready for one in each.endpoints}) for each in slices(world)]
    return sorted(found, key=str)


def test_a_subset_becomes_a_slice_in_which_only_ready_is_said():
    world = written({"addresses": ips(1, 2), "notReadyAddresses": ips(3), "ports": HTTP}, labels={"team": "a"})
    assert mirrored(world) == [([8080], {"10.1.2.1": True, "10.1.2.2": True, "10.1.2.3": False})]
    (piece,) = slices(world)
    assert piece.labels == {"team": "a", "kubernetes.io/service-name": "web", MANAGED_BY: MIRRORER}
    assert (piece.controller.kind, piece.controller.name, piece.name[:4]) == ("Endpoints", "web", "web-")
    assert {(each.serving, each.terminating) for each in piece.endpoints} == {(None, None)}


def test_each_set_of_ports_and_each_family_has_a_slice():
    world = written(
        {"addresses": [*ips(1), {"ip": "fd00::1"}], "ports": HTTP},
        {"addresses": ips(2), "ports": [{"name": "", "port": 9090, "protocol": "TCP"}]},
    )
    assert mirrored(world) == [([8080], {"10.1.2.1": True}), ([8080], {"fd00::1": True}), ([9090], {"10.1.2.2": True})]
    assert sorted(each.address_type for each in slices(world)) == ["IPv4", "IPv4", "IPv6"]


def test_addresses_that_offer_the_same_ports_in_two_subsets_are_one_slice():
    both = [{"name": name, "port": port, "protocol": "TCP"} for name, port in (("http", 80), ("https", 443))]
    world = written({"addresses": ips(1), "ports": both[:1]}, {"addresses": ips(1), "ports": both[1:]})
    assert mirrored(world) == [([80, 443], {"10.1.2.1": True})]


NOT_MIRRORED = {
    "the Service has a selector": {"selector": {"app": "web"}},
    "there is no Service": {"service": False},
    "a label says so": {"labels": {"endpointslice.kubernetes.io/skip-mirror": "true"}},
    "it holds a leader's election": {"annotations": {"control-plane.alpha.kubernetes.io/leader": "{}"}},
}


@pytest.mark.parametrize("case", NOT_MIRRORED.values(), ids=NOT_MIRRORED)
def test_not_mirrored_because(case):
    assert slices(written({"addresses": ips(1), "ports": HTTP}, **case)) == []


def test_a_mirrored_slice_counts_what_becomes_of_it():
    """Else a learner would think that a slice which stays at generation 1 follows its Endpoints no more."""
    world = written({"addresses": ips(1), "ports": HTTP})
    endpoints = world.store.get("Endpoints", "default", "web")
    endpoints = world.store.replace(endpoints, annotations={"note": "mine"})
    world.run(1)
    assert [each.meta["generation"] for each in slices(world)] == [1]
    world.store.replace(endpoints, rest={"subsets": [{"addresses": ips(2), "ports": HTTP}]})
    world.run(1)
    assert [each.meta["generation"] for each in slices(world)] == [2]


def test_a_change_keeps_the_name_of_the_slice():
    world = written({"addresses": ips(1), "ports": HTTP})
    (before,) = slices(world)
    endpoints = world.get("Endpoints", "web")
    world.store.replace(endpoints, rest={"subsets": [{"addresses": ips(1, 2), "ports": HTTP}]})
    world.run(1)
    (after,) = slices(world)
    assert (after.name, len(after.endpoints)) == (before.name, 2)


def test_when_the_service_gets_a_selector_the_slices_go():
    world = written({"addresses": ips(1), "ports": HTTP})
    world.edit(world.get("Service", "web"), selector={"app": "web"})
    world.run(1)
    assert slices(world) == []


@pytest.mark.parametrize("kind", ["Endpoints", "Service"])
def test_the_slices_go_with(kind):
    world = written({"addresses": ips(1), "ports": HTTP})
    delete(world.machinery, world.get(kind, "web"))
    world.run(1)
    assert slices(world) == []


def test_a_slice_that_is_deleted_comes_back():
    world = written({"addresses": ips(1), "ports": HTTP})
    delete(world.machinery, slices(world)[0])
    world.run(1)
    assert mirrored(world) == [([8080], {"10.1.2.1": True})]


def test_of_one_set_of_ports_a_thousand_are_mirrored_ready_ones_first():
    many = [{"ip": f"10.{1 + number // 250}.0.{1 + number % 250}"} for number in range(1_200)]
    world = written({"addresses": many[:999], "notReadyAddresses": many[999:], "ports": HTTP})
    (piece,) = slices(world)
    assert (len(piece.endpoints), sum(each.ready for each in piece.endpoints)) == (1_000, 999)
    assert world.messages("TooManyAddressesToMirror") == [
        "A max of 1000 addresses can be mirrored to EndpointSlices per Endpoints subset. 200 addresses were skipped"
    ]


def test_other_slices_of_the_service_are_left_alone():
    world = written({"addresses": ips(1), "ports": HTTP})
    assert all(each.annotations == EMPTY for each in slices(world))
    own = world.store.list("EndpointSlice")[0]
    world.store.create(
        type(own)("EndpointSlice", "default", "mine", world.store.new_uid(), 0, 0, labels={"kubernetes.io/service-name": "web"})
    )
    world.store.replace(world.get("Endpoints", "web"), rest={"subsets": []})
    world.run(1)
    assert [each.name for each in world.store.list("EndpointSlice")] == ["mine"]
