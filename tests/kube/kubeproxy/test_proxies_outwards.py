"""Node ports, load balancers' and external addresses, on all Nodes of a cluster, and when each Node hears of them."""

from __future__ import annotations

import json
from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.clock import SECOND
from playground.kube.kubeproxy import Proxies
from playground.kube.kubeproxy.routing import NODE_PORT, Packet
from tests.kube.kubeproxy.builders import add_node, add_service, add_slice, endpoint, machinery

IP, POD, OUTSIDE, NODE_A, NODE_B = "172.17.0.5", "10.244.0.9", "203.0.113.2", "192.168.0.2", "192.168.0.3"
READY = [endpoint("10.244.0.1"), endpoint("10.244.1.1", node="node-b")]


def cluster(nodes: int = 2, **spec: Any) -> tuple[Machinery, Proxies]:
    """Nodes node-a, node-b, ... at 192.168.0.2, .3, ... and a LoadBalancer Service with an endpoint on each of the first two."""
    made = machinery()
    proxies = Proxies(made)
    for number in range(nodes):
        add_node(made, f"node-{chr(97 + number)}", f"192.168.0.{number + 2}")
    service = add_service(made, "svc", IP, [{"port": 80, "nodePort": 30080}], type="LoadBalancer", **spec)
    made.store.replace(service, status={"loadBalancer": {"ingress": [{"ip": "1.2.3.4"}]}})
    add_slice(made, "svc", READY)
    settle(made)
    return made, proxies


def settle(made: Machinery) -> None:
    made.clock.run_until(made.now + SECOND)


def outcome(proxies: Proxies, source: str, ip: str, port: int = 30080, node: str = "node-a") -> set[str]:
    seen = [proxies.route(node, ip, "TCP", port, source) for _ in range(40)]
    return {each.endpoint.ip if each.endpoint else each.verdict for each in seen}


def test_the_node_port_is_on_every_node_and_on_its_own_addresses_only() -> None:
    _, proxies = cluster()
    both = {"10.244.0.1", "10.244.1.1"}
    assert outcome(proxies, OUTSIDE, NODE_A) == both
    assert outcome(proxies, OUTSIDE, NODE_B, node="node-b") == both
    assert outcome(proxies, POD, NODE_B) == {""}
    assert outcome(proxies, "127.0.0.1", "127.0.0.1") == both
    found = proxies.route("node-a", NODE_A, "TCP", 30080, POD)
    assert (found.door, found.masquerade) == (NODE_PORT, True)


def test_external_local_goes_by_where_the_sender_is() -> None:
    _, proxies = cluster(nodes=3, externalTrafficPolicy="Local")
    for ip, port in ((NODE_A, 30080), ("1.2.3.4", 80)):
        assert outcome(proxies, OUTSIDE, ip, port) == {"10.244.0.1"}
        assert outcome(proxies, POD, ip, port) == {"10.244.0.1", "10.244.1.1"}
    assert outcome(proxies, OUTSIDE, "1.2.3.4", 80, "node-c") == {"DROP"}
    assert outcome(proxies, POD, "1.2.3.4", 80, "node-c") == {"10.244.0.1", "10.244.1.1"}
    assert proxies.route("node-a", NODE_A, "TCP", 30080, OUTSIDE).masquerade is False
    assert proxies.route("node-a", NODE_A, "TCP", 30080, NODE_A).masquerade is True


def test_what_is_asked_before_anything_is_drawn_is_what_may_be_drawn() -> None:
    _, proxies = cluster(externalTrafficPolicy="Local")
    found = proxies.ruling("node-a", Packet(OUTSIDE, "1.2.3.4", "TCP", 80))
    assert found.way is not None
    assert [each.ip for each, _ in found.way.choice.in_order()] == ["10.244.0.1"]
    assert proxies.ruling("node-z", Packet(OUTSIDE, "1.2.3.4", "TCP", 80)).verdict == ""


def test_a_node_hears_of_a_new_address_at_its_next_tick() -> None:
    made, proxies = cluster()
    service = made.store.get("Service", "default", "svc")
    made.store.replace(service, status={"loadBalancer": {"ingress": [{"ip": "5.6.7.8"}]}})
    assert (outcome(proxies, OUTSIDE, "1.2.3.4", 80), outcome(proxies, OUTSIDE, "5.6.7.8", 80)) == ({"10.244.0.1", "10.244.1.1"}, {""})
    assert proxies.route("node-a", "1.2.3.4", "TCP", 80, OUTSIDE).behind is True
    settle(made)
    assert (outcome(proxies, OUTSIDE, "1.2.3.4", 80), outcome(proxies, OUTSIDE, "5.6.7.8", 80)) == ({""}, {"10.244.0.1", "10.244.1.1"})


def test_an_endpoint_that_left_is_used_by_a_node_port_until_the_tick() -> None:
    made, proxies = cluster()
    made.store.replace(made.store.get("EndpointSlice", "default", "svc-1"), endpoints=tuple(READY[:1]))
    assert outcome(proxies, OUTSIDE, NODE_A) == {"10.244.0.1", "10.244.1.1"}
    settle(made)
    assert outcome(proxies, OUTSIDE, NODE_A) == {"10.244.0.1"}


def test_a_second_service_with_the_same_external_address_takes_over() -> None:
    made, proxies = cluster(externalIPs=["198.51.100.1"])
    add_service(made, "zzz", "172.17.0.6", [{"port": 80}], externalIPs=["198.51.100.1"])
    add_slice(made, "zzz", [endpoint("10.244.0.7")])
    settle(made)
    assert outcome(proxies, OUTSIDE, "198.51.100.1", 80) == {"10.244.0.1", "10.244.1.1"}
    made.store.remove(made.store.get("Service", "default", "svc"))
    settle(made)
    assert outcome(proxies, OUTSIDE, "198.51.100.1", 80) == {"10.244.0.7"}
    assert outcome(proxies, OUTSIDE, NODE_A) == {""}


def test_a_node_that_is_given_an_address_answers_on_it() -> None:
    made, proxies = cluster()
    node = made.store.get("Node", "", "node-a")
    made.store.replace(node, status={"addresses": [{"type": "InternalIP", "address": "192.168.0.99"}]})
    assert outcome(proxies, OUTSIDE, "192.168.0.99") == {"10.244.0.1", "10.244.1.1"}
    assert outcome(proxies, OUTSIDE, NODE_A) == {""}


def test_each_node_answers_the_health_check_for_itself() -> None:
    _, proxies = cluster(nodes=3, externalTrafficPolicy="Local", healthCheckNodePort=32000)
    answers = [proxies.health_check(node, 32000) for node in ("node-a", "node-b", "node-c")]
    assert [each.code for each in answers if each] == [200, 200, 503]
    assert proxies.health_check("node-a", 32001) is None
    assert outcome(proxies, OUTSIDE, NODE_A, 32000) == {"ACCEPT"}


def test_the_text_of_a_node_is_that_of_the_rules_it_has() -> None:
    made, proxies = cluster()
    before = proxies.iptables("node-a")
    assert before is not None
    made.store.replace(made.store.get("EndpointSlice", "default", "svc-1"), endpoints=tuple(READY[:1]))
    assert proxies.iptables("node-a") == before
    settle(made)
    after = proxies.iptables("node-a")
    assert after is not None
    gone = {*before.lines("nat")} - {*after.lines("nat")}
    assert any("--to-destination 10.244.1.1:80" in line for line in gone)
    assert proxies.iptables("node-z") is None
    six = proxies.iptables("node-a", "IPv6")
    assert six is not None
    assert not any("default/svc" in line for line in six.lines("nat"))


def test_a_trace_is_lines_of_the_nodes_own_text() -> None:
    _, proxies = cluster(externalTrafficPolicy="Local")
    text = proxies.iptables("node-a")
    assert text is not None
    for source, ip, port in ((POD, IP, 80), (OUTSIDE, NODE_A, 30080), (NODE_A, "1.2.3.4", 80), (POD, "1.2.3.4", 80)):
        packet = Packet(source, ip, "TCP", port)
        lines = proxies.trace("node-a", packet, proxies.route("node-a", ip, "TCP", port, source))
        assert lines
        assert all(line.rule.saved() in text.lines(line.table) for line in lines)
        assert lines[0].rule.chain == "KUBE-SERVICES"
    assert proxies.trace("node-a", Packet(POD, "10.9.9.9", "TCP", 80), proxies.route("node-a", "10.9.9.9", "TCP", 80, POD)) == ()


def test_the_old_rules_of_every_address_are_saved() -> None:
    made, proxies = cluster(externalIPs=["198.51.100.1"])
    made.store.remove(made.store.get("Service", "default", "svc"))
    saved = json.loads(json.dumps(proxies.state()))
    again = machinery()
    restored = Proxies(again)
    again.store.restore(*made.store.state())
    restored.restore(saved)
    assert restored.state() == proxies.state()
    for ip, port in ((IP, 80), ("198.51.100.1", 80), ("1.2.3.4", 80), (NODE_A, 30080)):
        assert outcome(restored, OUTSIDE, ip, port) == outcome(proxies, OUTSIDE, ip, port) == {"10.244.0.1", "10.244.1.1"}
    assert restored.iptables("node-a") == proxies.iptables("node-a")
