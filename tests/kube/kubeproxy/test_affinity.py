"""A sender that sticks to its endpoint (pkg/proxy/iptables/proxier.go, writeServiceToEndpointRules; tried on a kernel with a time of 2 s)."""

from __future__ import annotations

import json

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Endpoint
from playground.kube.clock import SECOND
from playground.kube.kubeproxy import Proxies
from tests.kube.kubeproxy.builders import add_node, add_service, add_slice, endpoint, machinery

IP, CLIENT, OTHER = "172.17.0.5", "10.244.0.9", "10.244.0.10"
MANY = [endpoint(f"10.0.1.{n}", node="node-a" if n % 2 else "node-b") for n in range(1, 9)]
TIMEOUT = 100


def cluster(*endpoints: Endpoint, seed: int = 1, **spec: object) -> tuple[Machinery, Proxies]:
    """Nodes node-a and node-b and a NodePort Service that keeps senders for TIMEOUT seconds."""
    made = machinery(seed)
    proxies = Proxies(made)
    add_node(made, "node-a", "192.168.0.2")
    add_node(made, "node-b", "192.168.0.3")
    sticky = {"sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": TIMEOUT}}}
    add_service(made, "svc", IP, [{"port": 80, "nodePort": 30080}], type="NodePort", **sticky, **spec)
    add_slice(made, "svc", list(endpoints or MANY))
    let_pass(made, 1)
    return made, proxies


def let_pass(made: Machinery, seconds: float) -> None:
    made.clock.run_until(made.now + round(seconds * SECOND))


def change(made: Machinery, *endpoints: Endpoint) -> None:
    made.store.replace(made.store.get("EndpointSlice", "default", "svc-1"), endpoints=endpoints)
    let_pass(made, 1)


def chosen(proxies: Proxies, source: str = CLIENT, node: str = "node-a", ip: str = IP, port: int = 80) -> str:
    found = proxies.route(node, ip, "TCP", port, source).endpoint
    assert found is not None
    return found.ip


def test_a_sender_keeps_its_endpoint_and_nothing_is_drawn_again() -> None:
    _, proxies = cluster()
    first = chosen(proxies)
    later = [proxies.route("node-a", IP, "TCP", 80, CLIENT) for _ in range(20)]
    assert {each.endpoint.ip for each in later if each.endpoint} == {first}
    assert all(each.sticky and each.drawn is None for each in later)


def test_each_sender_and_each_node_has_its_own() -> None:
    _, proxies = cluster()
    assert len({chosen(proxies, f"10.244.0.{n}") for n in range(2, 60)}) > 4
    assert len({chosen(proxies, CLIENT, node) for node in ("node-a", "node-b") for _ in range(20)}) == 2


def test_the_time_slides_with_each_connection() -> None:
    made, proxies = cluster()
    first = chosen(proxies)
    for _ in range(10):
        let_pass(made, TIMEOUT - 1)
        assert chosen(proxies) == first
    let_pass(made, TIMEOUT + 1)
    assert proxies.route("node-a", IP, "TCP", 80, CLIENT).sticky is False


def test_a_node_port_and_the_cluster_ip_share_what_they_remember() -> None:
    _, proxies = cluster()
    first = chosen(proxies)
    assert {chosen(proxies, ip="192.168.0.2", port=30080) for _ in range(20)} == {first}


def test_an_endpoint_of_another_set_is_not_chosen() -> None:
    """From outside only this Node's endpoints may be used, whatever the sender had by the ClusterIP."""
    _, proxies = cluster(externalTrafficPolicy="Local")
    outside = [f"203.0.113.{n}" for n in range(1, 30)]
    for source in outside:
        chosen(proxies, source)
    assert all(int(chosen(proxies, source, ip="192.168.0.2", port=30080)[-1]) % 2 for source in outside)


def test_a_sender_whose_endpoint_left_is_given_another_and_does_not_come_back() -> None:
    made, proxies = cluster()
    first = chosen(proxies)
    rest = [each for each in MANY if each.ip != first]
    change(made, *rest)
    second = chosen(proxies)
    assert second != first
    change(made, *MANY)
    assert {chosen(proxies) for _ in range(20)} == {second}


def test_who_stayed_away_while_its_endpoint_was_gone_is_not_remembered() -> None:
    made, proxies = cluster(seed=3)
    first = {f"10.244.0.{n}": chosen(proxies, f"10.244.0.{n}") for n in range(2, 40)}
    change(made, endpoint("10.0.9.9"))
    change(made, *MANY)
    assert proxies.state()["recent"] == []
    assert any(chosen(proxies, source) != before for source, before in first.items())


def test_a_node_that_boots_remembers_nobody() -> None:
    made, proxies = cluster()
    chosen(proxies)
    chosen(proxies, node="node-b")
    made.store.replace(made.store.get("Node", "", "node-a"), status={"nodeInfo": {"bootID": "second"}})
    let_pass(made, 1)
    assert [entry[1] for entry in proxies.state()["recent"]] == ["node-b"]


def test_affinity_that_is_taken_away_is_forgotten() -> None:
    made, proxies = cluster()
    chosen(proxies)
    service = made.store.get("Service", "default", "svc")
    made.store.replace(service, spec={**service.spec, "sessionAffinity": "None"})
    let_pass(made, 1)
    assert proxies.state()["recent"] == []
    assert len({chosen(proxies) for _ in range(60)}) > 1


def test_what_is_remembered_is_saved() -> None:
    made, proxies = cluster()
    before = {source: chosen(proxies, source) for source in (CLIENT, OTHER)}
    saved = json.loads(json.dumps(proxies.state()))
    again = machinery()
    restored = Proxies(again)
    again.store.restore(*made.store.state())
    restored.restore(saved)
    again.clock.restore(made.clock.state())
    assert {source: chosen(restored, source) for source in before} == before
    assert restored.state()["recent"] == proxies.state()["recent"]
