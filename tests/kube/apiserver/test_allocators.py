"""No address, port or network is given twice at a time; none is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.kube.apiserver.allocators import MISMATCHED, NODE_PORTS, Allocators, Full
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Object, Pod
from playground.kube.errors import Refusal
from playground.kube.settings import ClusterSettings, Networks

DUAL = ClusterSettings(second=Networks("fd00:10:96::/112", "fd00:10:244::/56", "fd00:192:168::/64"))


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
        made = node(machinery, name, allocators.node_networks[0].take(), allocators.node_addresses[0].take())
    assert (made.spec["podCIDR"], allocators.node_addresses[0].take()) == ("10.244.3.0/24", "192.168.0.5")
    machinery.store.remove(machinery.store.get("Node", "", "b"))
    assert (allocators.node_networks[0].take(), allocators.node_addresses[0].take()) == ("10.244.2.0/24", "192.168.0.3")


def test_the_networks_for_nodes_come_to_an_end() -> None:
    machinery = Machinery(ClusterSettings(pod_network="10.244.0.0/22", node_network="192.168.0.0/29"))
    allocators = Allocators(machinery)
    for number in range(3):
        node(machinery, f"n{number}", allocators.node_networks[0].take(), allocators.node_addresses[0].take())
    with pytest.raises(Full, match="there are no remaining CIDRs left"):
        allocators.node_networks[0].take()


def test_pods_get_addresses_in_turn_and_none_is_used_again_soon(machinery: Machinery) -> None:
    addresses = Allocators(machinery).pod_addresses
    node(machinery, "a", "10.244.1.0/24", "192.168.0.2")
    first = pod(machinery, "p1", addresses.take("a")[0])
    assert first.ip == "10.244.1.2"
    machinery.store.remove(first)
    taken = [pod(machinery, f"q{number}", addresses.take("a")[0]).ip for number in range(253)]
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
        node(machinery, "a", allocators.node_networks[0].take(), allocators.node_addresses[0].take())
        raise RuntimeError
    assert allocators.node_networks[0].take() == "10.244.1.0/24"


def test_each_family_has_its_own_service_network() -> None:
    ipv4, ipv6 = Allocators(Machinery(DUAL)).cluster_ips.values()
    assert ipv4.take().startswith("172.17.0.")
    assert ipv6.take().startswith("fd00:10:96::")
    assert ipv6.why_not("fd00:10:96::a") is None
    assert ipv6.why_not("fd00:10:96:0::ffff") is None
    assert ipv6.why_not("fd00:10:96::") == MISMATCHED == "the provided network does not match the current range"


def test_of_a_large_ipv6_network_only_the_first_addresses_are_given() -> None:
    found = Allocators(Machinery(ClusterSettings(second=Networks("fd00:10:96::/64", "fd00:10:244::/56", "fd00::/64")))).cluster_ips["IPv6"]
    assert found.why_not("fd00:10:96::ffff") is None
    assert found.why_not("fd00:10:96::1:0") == MISMATCHED


def test_an_ipv6_address_is_the_same_however_it_is_written() -> None:
    machinery = Machinery(DUAL)
    found = Allocators(machinery).cluster_ips["IPv6"]
    spec = {"clusterIPs": ["172.17.0.5", "fd00:10:96:0:0::5"]}
    machinery.store.create(Object("Service", "default", "web", machinery.store.new_uid(), 0, 0, spec=spec))
    assert found.why_not("fd00:10:96::5") == "provided IP is already allocated"


def test_a_node_of_a_dual_stack_cluster_has_two_networks_and_two_addresses() -> None:
    allocators = Allocators(Machinery(DUAL))
    assert [each.take() for each in allocators.node_networks] == ["10.244.1.0/24", "fd00:10:244:1::/64"]
    assert [each.take() for each in allocators.node_addresses] == ["192.168.0.2", "fd00:192:168::2"]


def test_a_pod_gets_an_address_of_each_of_its_nodes_networks_and_both_turns_are_saved() -> None:
    machinery = Machinery(DUAL)
    allocators = Allocators(machinery)
    made = node(machinery, "a", "10.244.1.0/24", "192.168.0.2")
    machinery.store.replace(made, spec={"podCIDRs": ["10.244.1.0/24", "fd00:10:244:1::/64"]})
    assert allocators.pod_addresses.take("a") == ("10.244.1.2", "fd00:10:244:1::2")
    assert allocators.pod_addresses.take("a") == ("10.244.1.3", "fd00:10:244:1::3")
    assert allocators.state() == {"a": 1, "a/1": 1}


def test_a_taken_address_of_the_other_family_is_passed_over() -> None:
    machinery = Machinery(DUAL)
    addresses = Allocators(machinery).pod_addresses
    made = node(machinery, "a", "10.244.1.0/24", "192.168.0.2")
    machinery.store.replace(made, spec={"podCIDRs": ["10.244.1.0/24", "fd00:10:244:1::/64"]})
    one = machinery.store.new_uid()
    machinery.store.create(Pod("Pod", "default", "p", one, 0, 0, node="a", ip="10.244.1.9", other_ip="fd00:10:244:1::2"))
    assert addresses.take("a") == ("10.244.1.2", "fd00:10:244:1::3")


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
