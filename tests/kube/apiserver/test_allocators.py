"""No address, port or network is given twice at a time; none is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.kube.apiserver.allocators import NODE_PORTS, Allocators, Full
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Object, Pod
from playground.kube.errors import Refusal
from playground.kube.settings import ClusterSettings


def node(machinery: Machinery, name: str, cidr: str, address: str) -> Any:
    status = {"addresses": [{"type": "InternalIP", "address": address}]}
    return machinery.store.create(Object("Node", "", name, machinery.store.new_uid(), 0, 0, spec={"podCIDR": cidr}, status=status))


def pod(machinery: Machinery, name: str, ip: str) -> Any:
    return machinery.store.create(Pod("Pod", "default", name, machinery.store.new_uid(), 0, 0, node="a", ip=ip))


@pytest.fixture
def machinery() -> Machinery:
    return Machinery(ClusterSettings())


def test_nodes_are_numbered_and_a_number_is_free_again_when_its_node_goes(machinery: Machinery) -> None:
    allocators = Allocators(machinery)
    for name in "abc":
        made = node(machinery, name, allocators.node_networks.take(), allocators.node_addresses.take())
    assert (made.spec["podCIDR"], allocators.node_addresses.take()) == ("10.244.3.0/24", "192.168.0.5")
    machinery.store.remove(machinery.store.get("Node", "", "b"))
    assert (allocators.node_networks.take(), allocators.node_addresses.take()) == ("10.244.2.0/24", "192.168.0.3")


def test_the_networks_for_nodes_come_to_an_end() -> None:
    machinery = Machinery(ClusterSettings(pod_network="10.244.0.0/22", node_network="192.168.0.0/29"))
    allocators = Allocators(machinery)
    for number in range(3):
        node(machinery, f"n{number}", allocators.node_networks.take(), allocators.node_addresses.take())
    with pytest.raises(Full, match="there are no remaining CIDRs left"):
        allocators.node_networks.take()


def test_pods_get_addresses_in_turn_and_none_is_used_again_soon(machinery: Machinery) -> None:
    addresses = Allocators(machinery).pod_addresses
    node(machinery, "a", "10.244.1.0/24", "192.168.0.2")
    first = pod(machinery, "p1", addresses.take("a"))
    assert first.ip == "10.244.1.2"
    machinery.store.remove(first)
    taken = [pod(machinery, f"q{number}", addresses.take("a")).ip for number in range(253)]
    assert taken[0] == "10.244.1.3"
    assert taken[-1] == "10.244.1.2"
    assert len(set(taken)) == 253
    with pytest.raises(Full, match=r"no IP addresses available in range set: 10\.244\.1\.2-10\.244\.1\.254"):
        addresses.take("a")


def test_the_turn_survives_being_saved(machinery: Machinery) -> None:
    allocators = Allocators(machinery)
    node(machinery, "a", "10.244.1.0/24", "192.168.0.2")
    allocators.pod_addresses.take("a")
    other = Allocators(Machinery(ClusterSettings()))
    other.restore(allocators.state())
    assert other.state() == allocators.state() == {"a": 0}


def test_an_undone_transaction_gives_back_what_it_took(machinery: Machinery) -> None:
    allocators = Allocators(machinery)
    with pytest.raises(RuntimeError), machinery.store.transaction():
        node(machinery, "a", allocators.node_networks.take(), allocators.node_addresses.take())
        raise RuntimeError
    assert allocators.node_networks.take() == "10.244.1.0/24"


STEPS = st.lists(st.tuples(st.sampled_from(["create", "create", "explicit", "node-port", "delete"]), st.integers(0, 30)), max_size=60)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_no_address_and_no_node_port_is_held_twice(schema: Any, steps: list[tuple[str, int]]) -> None:
    world = make_small_world(schema)
    for step, number in steps:
        spec: dict[str, Any] = {"ports": [{"port": 80}]}
        if step == "explicit":
            spec["clusterIP"] = f"172.17.0.{number}"
        if step == "node-port":
            spec |= {"type": "NodePort", "ports": [{"port": 80, "nodePort": 30_000 + number % 8}, {"port": 81}]}
            spec["ports"][0]["name"], spec["ports"][1]["name"] = "a", "b"
        try:
            with world.store.transaction():
                if step == "delete":
                    world.server.delete("Service", "default", f"s{number}")
                else:
                    world.server.create({"apiVersion": "v1", "kind": "Service", "metadata": {"name": f"s{number}"}, "spec": spec})
        except Refusal:
            continue
        services = world.store.list("Service")
        addresses = [each.spec["clusterIP"] for each in services]
        ports = [port["nodePort"] for each in services for port in each.spec["ports"] if "nodePort" in port]
        assert len(set(addresses)) == len(addresses)
        assert len(set(ports)) == len(ports)
        assert all(port in NODE_PORTS for port in ports)


def make_small_world(schema: Any) -> Any:
    """A cluster of 30 addresses for Services."""
    from tests.kube.apiserver.conftest import World

    return World(ClusterSettings(service_network="172.17.0.0/27"), schema)
