"""Where node ports answer and who counts as a Pod (pkg/proxy/util: nodeport_addresses.go, localdetector.go; TestNodePorts)."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.kubeproxy.config import Detector, ProxyConfig

LOCAL = ("127.0.0.1", "::1", "192.168.0.2", "192.168.1.2", "2001:db8::1", "2001:db8:1::2")
V4 = {"192.168.0.2", "192.168.1.2"}
V6 = {"2001:db8::1", "2001:db8:1::2"}

NODE_PORTS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "by default on every IPv4 address, loopback too": ({}, {*V4, "127.0.0.1"}),
    "not on loopback where localhost node ports are off": ({"localhost_node_ports": False}, V4),
    "on those in the networks given": ({"node_port_addresses": ("192.168.0.0/24", "2001:db8::/64")}, {"192.168.0.2"}),
    "on loopback only if the networks hold it": ({"node_port_addresses": ("192.168.0.0/24", "127.0.0.0/8")}, {"192.168.0.2", "127.0.0.1"}),
    "networks that hold it, but localhost node ports off": (
        {"node_port_addresses": ("192.168.0.0/24", "127.0.0.0/8"), "localhost_node_ports": False}, {"192.168.0.2"}),
    "networks of the other family alone are none": ({"node_port_addresses": ("2001:db8::/64",)}, {*V4, "127.0.0.1"}),
    "IPv6: every address but loopback": ({"family": "IPv6"}, V6),
    "IPv6: those in the networks given": ({"family": "IPv6", "node_port_addresses": ("2001:db8::/64", "10.0.0.0/8")}, {"2001:db8::1"}),
    "IPv6: never on loopback": ({"family": "IPv6", "node_port_addresses": ("::1/128",)}, set()),
    "an older kube-proxy wrote no exception for loopback": ({"localhost_node_ports": False, "excludes_localhost": False}, {*V4, "127.0.0.1"}),
}  # fmt: skip


@pytest.mark.parametrize(("fields", "taken"), NODE_PORTS.values(), ids=NODE_PORTS)
def test_where_node_ports_answer(fields: dict[str, Any], taken: set[str]) -> None:
    config = ProxyConfig(local_ips=LOCAL, **fields)
    mine = V6 | {"::1"} if config.family == "IPv6" else V4 | {"127.0.0.1"}
    assert {ip for ip in mine if config.takes_node_port(ip)} == taken
    assert not config.takes_node_port("2001:db8::99" if config.family == "IPv6" else "192.168.0.3")


def test_health_checks_listen_on_loopback_too() -> None:
    assert set(ProxyConfig(local_ips=LOCAL, localhost_node_ports=False).own_addresses()) == {*V4, "127.0.0.1"}
    assert ProxyConfig(local_ips=LOCAL, node_port_addresses=("192.168.1.0/24",)).own_addresses() == ("192.168.1.2",)


@pytest.mark.parametrize(
    ("detector", "source", "interface", "found"),
    [
        (Detector("ClusterCIDR", "10.244.0.0/16"), "10.244.9.9", "", True),
        (Detector("ClusterCIDR", "10.244.0.0/16"), "192.168.0.2", "", False),
        (Detector("NodeCIDR", "10.244.1.0/24"), "10.244.9.9", "", False),
        (Detector("BridgeInterface", "cni0"), "192.168.0.2", "cni0", True),
        (Detector("BridgeInterface", "cni0"), "10.244.1.1", "", False),
        (Detector("InterfaceNamePrefix", "veth"), "10.244.1.1", "veth12ab", True),
        (Detector(), "10.244.1.1", "cni0", False),
    ],
)
def test_who_counts_as_a_pod(detector: Detector, source: str, interface: str, found: bool) -> None:
    assert detector.finds(source, interface) is found


def test_all_of_loopback_is_the_nodes_own() -> None:
    assert ProxyConfig().is_local("127.9.9.9")
    assert ProxyConfig(family="IPv6").is_local("::1")
    assert not ProxyConfig(local_ips=LOCAL).is_local("192.168.0.3")
