"""What becomes of a packet where kube-proxy runs otherwise than by default, in IPv6, and where Services claim the same address.

The ways of a default kube-proxy are in paths.py. Source: pkg/proxy/iptables/proxier_test.go (TestInternalExternalMasquerade,
TestNodePorts, TestClusterIPGeneral, TestHealthCheckNodePort).
"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from playground.kube.apiserver.objects import Endpoint, EndpointPort, EndpointSlice, Object
from playground.kube.kubeproxy.chains import address
from playground.kube.kubeproxy.config import Detector, ProxyConfig
from playground.kube.kubeproxy.routing import Packet, Ruling, ruling
from playground.kube.kubeproxy.table import table_of

POD, NODE, OUTSIDE, LOOPBACK = "10.244.0.2", "192.168.0.2", "203.0.113.2", "127.0.0.1"
CONFIG = ProxyConfig(
    node="node-a", node_ip=NODE, local_ips=(LOOPBACK, NODE, "192.168.99.11"), detector=Detector("ClusterCIDR", "10.244.0.0/16")
)
HERE, THERE = "10.244.1.1:80", "10.244.2.1:80"
BOTH = [HERE, THERE]


def service(name: str, ip: str, number: int = 0, **spec: Any) -> Object:
    ports = spec.pop("ports", [{"port": 80, "protocol": "TCP", "nodePort": 30080 + number}])
    status = {"loadBalancer": {"ingress": [{"ip": f"1.2.3.{number}"}]}} if number else {}
    return Object("Service", "ns", name, "", 0, 0, spec={"type": "LoadBalancer", "clusterIP": ip, "ports": ports, **spec}, status=status)


def piece(
    name: str, *endpoints: Endpoint, family: str = "IPv4", ports: tuple[EndpointPort, ...] = (EndpointPort(port=80),)
) -> EndpointSlice:
    labels = {"kubernetes.io/service-name": name}
    return EndpointSlice("EndpointSlice", "ns", f"{name}-1", "", 0, 0, labels=labels, address_type=family, endpoints=endpoints, ports=ports)


TWO = (Endpoint("10.244.1.1", node="node-a"), Endpoint("10.244.2.1", node="node-b"))
SERVICES = [
    service("plain", "172.30.0.1", 1),
    service("external", "172.30.0.2", 2, externalTrafficPolicy="Local"),
    service("internal", "172.30.0.3", 3, internalTrafficPolicy="Local"),
]
SLICES = [piece(each.name, *TWO) for each in SERVICES]


def decide(config: ProxyConfig, source: str, ip: str, port: int, protocol: str = "TCP", interface: str = "") -> Ruling:
    return ruling(config, table_of(config, SERVICES, SLICES).find, Packet(source, ip, protocol, port, interface))


def listed(found: Ruling) -> list[str]:
    return [address(each.ip, number) for each, number in found.way.choice.in_order()] if found.way else []


NOBODY = msgspec.structs.replace(CONFIG, detector=Detector())
ALL = msgspec.structs.replace(CONFIG, masquerade_all=True)
BRIDGE = msgspec.structs.replace(CONFIG, detector=Detector("BridgeInterface", "cni0"))

# how kube-proxy runs, sender, address, port; endpoints; masqueraded
RUNS: dict[str, tuple[ProxyConfig, str, str, int, list[str], bool]] = {
    "no detector: a Pod to a ClusterIP": (NOBODY, POD, "172.30.0.1", 80, BOTH, False),
    "no detector: a Node to a ClusterIP is not masqueraded": (NOBODY, NODE, "172.30.0.1", 80, BOTH, False),
    "no detector: nor is a client": (NOBODY, OUTSIDE, "172.30.0.1", 80, BOTH, False),
    "no detector: node ports are masqueraded as ever": (NOBODY, POD, NODE, 30081, BOTH, True),
    "no detector: a Pod has no short way": (NOBODY, POD, NODE, 30082, [HERE], False),
    "no detector: the Node has": (NOBODY, NODE, NODE, 30082, BOTH, True),
    "no detector: internal Local": (NOBODY, POD, "172.30.0.3", 80, [HERE], False),
    "masquerade all: a Pod to a ClusterIP": (ALL, POD, "172.30.0.1", 80, BOTH, True),
    "masquerade all: internal Local too": (ALL, POD, "172.30.0.3", 80, [HERE], True),
    "masquerade all: the short way of Pods is as ever": (ALL, POD, "1.2.3.2", 80, BOTH, False),
    "masquerade all: so is a client of external Local": (ALL, OUTSIDE, "1.2.3.2", 80, [HERE], False),
}  # fmt: skip


@pytest.mark.parametrize(("config", "source", "ip", "port", "endpoints", "masqueraded"), RUNS.values(), ids=RUNS)
def test_ways_of_running(config: ProxyConfig, source: str, ip: str, port: int, endpoints: list[str], masqueraded: bool) -> None:
    found = decide(config, source, ip, port)
    assert (listed(found), found.masquerade) == (endpoints, masqueraded)


def test_a_detector_by_interface_asks_where_a_packet_came_in() -> None:
    assert decide(BRIDGE, POD, "172.30.0.1", 80, interface="cni0").masquerade is False
    assert decide(BRIDGE, POD, "172.30.0.1", 80, interface="eth0").masquerade is True
    assert decide(BRIDGE, OUTSIDE, "1.2.3.2", 80, interface="cni0").verdict == "forward"


def test_without_endpoints_here_and_without_a_detector_pods_are_dropped_too() -> None:
    there = msgspec.structs.replace(NOBODY, node="node-c")
    assert decide(there, POD, NODE, 30082).verdict == "DROP"
    assert decide(msgspec.structs.replace(CONFIG, node="node-c"), POD, NODE, 30082).verdict == "forward"


ELSEWHERE, ANYWHERE = ("node-b", "node-c"), ("node-a", "node-b", "node-c")
# internalTrafficPolicy and externalTrafficPolicy, Nodes with an endpoint; verdicts at the ClusterIP and from outside
POLICIES: dict[str, tuple[str, str, tuple[str, ...], str, str]] = {
    "internal Local, an endpoint here": ("Local", "Cluster", ANYWHERE, "forward", "forward"),
    "external Local, an endpoint here": ("Cluster", "Local", ANYWHERE, "forward", "forward"),
    "both Local, an endpoint here": ("Local", "Local", ANYWHERE, "forward", "forward"),
    "internal Local, endpoints elsewhere": ("Local", "Cluster", ELSEWHERE, "DROP", "forward"),
    "external Local, endpoints elsewhere": ("Cluster", "Local", ELSEWHERE, "forward", "DROP"),
    "both Local, endpoints elsewhere": ("Local", "Local", ELSEWHERE, "DROP", "DROP"),
    "both Local, no endpoints": ("Local", "Local", (), "REJECT", "REJECT"),
}


@pytest.mark.parametrize(("internal", "external", "nodes", "at_the_address", "from_outside"), POLICIES.values(), ids=POLICIES)
def test_endpoints_elsewhere_turn_a_local_policy_into_silence(
    internal: str, external: str, nodes: tuple[str, ...], at_the_address: str, from_outside: str
) -> None:
    made = service("svc", "172.30.1.1", internalTrafficPolicy=internal, externalTrafficPolicy=external)
    table = table_of(CONFIG, [made], [piece("svc", *(Endpoint(f"10.244.9.{n}", node=node, ready=True) for n, node in enumerate(nodes)))])
    assert ruling(CONFIG, table.find, Packet(POD, "172.30.1.1", "TCP", 80)).verdict == at_the_address
    assert ruling(CONFIG, table.find, Packet(OUTSIDE, NODE, "TCP", 30080)).verdict == from_outside


def test_where_node_ports_are_limited_a_refusal_still_holds_on_every_address() -> None:
    """The rule in the table filter asks for any address of the Node, the jump in the table nat only for those chosen."""
    config = msgspec.structs.replace(CONFIG, node_port_addresses=("192.168.99.0/24",))
    empty = table_of(config, SERVICES, [])
    assert decide(config, OUTSIDE, NODE, 30081).verdict == ""
    assert decide(config, OUTSIDE, "192.168.99.11", 30081).verdict == "forward"
    assert ruling(config, empty.find, Packet(OUTSIDE, NODE, "TCP", 30081)).verdict == "REJECT"


def test_a_node_passes_no_refusal_on_its_way_to_an_address_elsewhere() -> None:
    empty = table_of(CONFIG, SERVICES, [])
    found = ruling(CONFIG, empty.find, Packet(NODE, "1.2.3.1", "TCP", 80))
    assert (found.verdict, found.unreached, found.rules) == ("", "REJECT", None)
    assert ruling(CONFIG, empty.find, Packet(POD, "1.2.3.1", "TCP", 80)).verdict == "REJECT"


def test_protocols_are_told_apart_and_each_has_its_own_target() -> None:
    names = {"TCP": 5353, "UDP": 53, "SCTP": 5300}
    many = service("dns", "172.30.0.9", ports=[{"name": f"dns-{each}", "port": 53, "protocol": each} for each in names])
    targets = tuple(EndpointPort(f"dns-{each}", number, each) for each, number in names.items())
    table = table_of(CONFIG, [many], [piece("dns", TWO[0], ports=targets)])
    for protocol, number in names.items():
        assert listed(ruling(CONFIG, table.find, Packet(POD, "172.30.0.9", protocol, 53))) == [f"10.244.1.1:{number}"]
    assert ruling(CONFIG, table.find, Packet(POD, "172.30.0.9", "TCP", 5353)).verdict == ""


def test_ipv6_has_rules_of_its_own() -> None:
    dual = service(
        "dual",
        "172.30.0.8",
        clusterIPs=["172.30.0.8", "fd00:172::8"],
        ipFamilies=["IPv4", "IPv6"],
        externalIPs=["198.51.100.1", "2001:db8::77"],
    )
    slices = [piece("dual", TWO[0]), piece("dual", Endpoint("fd00:10::1", node="node-a"), family="IPv6")]
    slices[1] = msgspec.structs.replace(slices[1], name="dual-2")
    six = ProxyConfig(
        family="IPv6",
        node="node-a",
        node_ip="2001:db8::2",
        local_ips=("::1", "2001:db8::2"),
        detector=Detector("ClusterCIDR", "fd00:10::/32"),
    )
    table = table_of(six, [dual], slices)
    for ip, port in (("fd00:172::8", 80), ("2001:db8::77", 80), ("2001:db8::2", 30080)):
        found = ruling(six, table.find, Packet("2001:db8::9", ip, "TCP", port))
        assert (listed(found), found.masquerade) == (["[fd00:10::1]:80"], True)
    assert ruling(six, table.find, Packet("::1", "::1", "TCP", 30080)).verdict == ""
    assert ruling(six, table.find, Packet("fd00:10::1", "fd00:172::8", "TCP", 80)).masquerade is False
    four = table_of(CONFIG, [dual], slices)
    assert listed(ruling(CONFIG, four.find, Packet(POD, "198.51.100.1", "TCP", 80))) == [HERE]
    assert four.find(("2001:db8::77", "TCP", 80)) == ()


def test_of_services_that_claim_one_address_the_first_that_has_endpoints_gets_the_packet() -> None:
    first, second = (service(name, ip, externalIPs=["198.51.100.1"]) for name, ip in (("a", "172.30.0.5"), ("b", "172.30.0.6")))
    packet = Packet(POD, "198.51.100.1", "TCP", 80)
    for slices, name, verdict in (
        ([piece("a", TWO[0]), piece("b", TWO[1])], "ns/a", "forward"),
        ([piece("b", TWO[1])], "ns/b", "forward"),
        ([], "ns/a", "REJECT"),
    ):
        found = ruling(CONFIG, table_of(CONFIG, [second, first], slices).find, packet)
        assert found.rules is not None
        assert (found.rules.port.name, found.verdict) == (name, verdict)


def test_the_port_of_a_health_check_is_accepted_on_the_nodes_own_addresses() -> None:
    checked = service("checked", "172.30.0.7", 7, externalTrafficPolicy="Local", healthCheckNodePort=32000)
    table = table_of(CONFIG, [checked], [])
    assert ruling(CONFIG, table.find, Packet(OUTSIDE, NODE, "TCP", 32000)).verdict == "ACCEPT"
    assert ruling(CONFIG, table.find, Packet(OUTSIDE, NODE, "UDP", 32000)).verdict == ""
    assert ruling(CONFIG, table.find, Packet(OUTSIDE, "192.168.0.3", "TCP", 32000)).verdict == ""
    ignored = service("ignored", "172.30.0.7", 7, healthCheckNodePort=32000)
    assert ruling(CONFIG, table_of(CONFIG, [ignored], []).find, Packet(OUTSIDE, NODE, "TCP", 32000)).verdict == ""
