"""What each Node does with a packet to a ClusterIP, and when it hears of a change."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Endpoint
from playground.kube.clock import SECOND
from playground.kube.events import RulesSynced
from playground.kube.kubeproxy import Proxies
from tests.kube.kubeproxy.builders import add_node, add_service, add_slice, endpoint, machinery

IP = "172.17.0.5"
CLIENT = "10.244.0.9"


def cluster(endpoints: list[Endpoint] | None = None, nodes: int = 3, seed: int = 1, **spec: Any) -> tuple[Machinery, Proxies]:
    """A settled cluster with Nodes node-a, node-b, ... and a Service on port 80."""
    made = machinery(seed)
    proxies = Proxies(made)
    for number in range(nodes):
        add_node(made, f"node-{chr(97 + number)}")
    add_service(made, "svc", IP, [{"port": 80}], **spec)
    add_slice(made, "svc", endpoints or [])
    settle(made)
    return made, proxies


def settle(made: Machinery) -> None:
    made.clock.run_until(made.now + SECOND)
    made.events.clear()


def change(made: Machinery, *endpoints: Endpoint, name: str = "svc-1") -> None:
    made.store.replace(made.store.get("EndpointSlice", "default", name), endpoints=endpoints)


def outcome(proxies: Proxies, node: str = "node-a", ip: str = IP, protocol: str = "TCP", port: int = 80) -> set[str]:
    """All that happens to many packets: `ip:port` of endpoints, or the verdict."""
    seen = [proxies.route(node, ip, protocol, port, CLIENT) for _ in range(60)]
    return {f"{each.endpoint.ip}:{each.port}" if each.endpoint else each.verdict for each in seen}


READY = [endpoint("10.0.1.1"), endpoint("10.0.1.2"), endpoint("10.0.1.3", node="node-b")]
LEAVING = [endpoint("10.0.1.1", "not-ready"), endpoint("10.0.1.2", "serving"), endpoint("10.0.1.3", "serving"),
           endpoint("10.0.1.4", "terminating", "node-b"), endpoint("10.0.1.5", "serving", "node-b")]  # fmt: skip
LOCAL = {"internalTrafficPolicy": "Local"}

FLOWS: dict[str, tuple[Any, ...]] = {
    "policy Cluster: all endpoints": ({}, READY, {"10.0.1.1:80", "10.0.1.2:80", "10.0.1.3:80"}),
    "policy Local with one endpoint here: that one": (LOCAL, [READY[0], READY[2]], {"10.0.1.1:80"}),
    "policy Local with several endpoints here: those": (LOCAL, READY, {"10.0.1.1:80", "10.0.1.2:80"}),
    "policy Local with endpoints elsewhere only: dropped": (LOCAL, [READY[2]], {"DROP"}),
    "policy Local with no endpoint anywhere: rejected": (LOCAL, [], {"REJECT"}),
    "policy Cluster with no endpoint: rejected": ({}, [], {"REJECT"}),
    "a ready endpoint anywhere keeps terminating ones out": ({}, [READY[2], *LEAVING[1:]], {"10.0.1.3:80"}),
    "only terminating endpoints: those that still serve": ({}, LEAVING, {"10.0.1.2:80", "10.0.1.3:80", "10.0.1.5:80"}),
    "policy Local, only terminating endpoints: those here that still serve": (LOCAL, LEAVING, {"10.0.1.2:80", "10.0.1.3:80"}),
    "policy Local, a terminating one serves elsewhere: dropped": (LOCAL, LEAVING[3:], {"DROP"}),
    "nothing usable on any Node: rejected": (LOCAL, [LEAVING[0], LEAVING[3]], {"REJECT"}),
    "externalTrafficPolicy does not matter for a ClusterIP": ({"type": "NodePort", "externalTrafficPolicy": "Local"}, [READY[2]], {"10.0.1.3:80"}),
}  # fmt: skip


@pytest.mark.parametrize(("spec", "endpoints", "expected"), FLOWS.values(), ids=FLOWS)
def test_pod_to_cluster_ip(spec: dict[str, Any], endpoints: list[Endpoint], expected: set[str]) -> None:
    _, proxies = cluster(endpoints, **spec)
    assert outcome(proxies) == expected


def test_a_deleted_slice_leaves_a_service_that_rejects() -> None:
    made, proxies = cluster(READY)
    made.store.remove(made.store.get("EndpointSlice", "default", "svc-1"))
    settle(made)
    assert outcome(proxies) == {"REJECT"}


def test_a_deleted_service_leaves_no_rule() -> None:
    made, proxies = cluster(READY)
    made.store.remove(made.store.get("Service", "default", "svc"))
    settle(made)
    assert outcome(proxies) == {""}
    assert proxies.rules("node-a") == []


def test_ports_go_by_name_and_protocol_and_lead_to_the_slice_port() -> None:
    made, proxies = cluster()
    ports = [{"name": "http", "port": 80}, {"name": "https", "port": 443}, {"name": "dns", "port": 53, "protocol": "UDP"}]
    add_service(made, "many", "172.17.0.6", ports)
    add_slice(made, "many", READY[:1], [("http", 8080, "TCP"), ("https", 8443, "TCP"), ("dns", 5353, "UDP")])
    settle(made)
    assert outcome(proxies, ip="172.17.0.6") == {"10.0.1.1:8080"}
    assert outcome(proxies, ip="172.17.0.6", port=443) == {"10.0.1.1:8443"}
    assert outcome(proxies, ip="172.17.0.6", protocol="UDP", port=53) == {"10.0.1.1:5353"}
    assert outcome(proxies, ip="172.17.0.6", protocol="UDP", port=80) == {""}
    assert outcome(proxies, port=443) == {""}


@pytest.mark.parametrize(
    ("source", "masqueraded"), [(CLIENT, False), ("10.244.0.1", True), ("192.168.0.2", True)], ids=["a Pod", "a Pod to itself", "a Node"]
)
def test_whose_address_is_masqueraded(source: str, masqueraded: bool) -> None:
    _, proxies = cluster([endpoint("10.244.0.1")])
    assert proxies.route("node-a", IP, "TCP", 80, source).masquerade is masqueraded


def test_hints_narrow_what_a_node_of_a_zone_uses() -> None:
    made, proxies = cluster([endpoint("10.0.1.1", for_zones=("east",)), endpoint("10.0.1.2", for_zones=("west",))])
    add_node(made, "node-east", zone="east")
    settle(made)
    assert outcome(proxies, "node-east") == {"10.0.1.1:80"}
    assert outcome(proxies, "node-a") == {"10.0.1.1:80", "10.0.1.2:80"}


def test_a_node_that_joined_has_no_rules_before_its_first_tick() -> None:
    made, proxies = cluster(READY)
    add_node(made, "node-new")
    assert outcome(proxies, "node-new") == {""}
    made.clock.run_until(made.now + SECOND)
    assert len(outcome(proxies, "node-new")) == 3
    (told,) = [event for event in made.events if isinstance(event, RulesSynced)]
    assert (told.nodes, told.ports) == (("node-new",), ("default/svc",))


def test_nodes_hear_of_a_change_at_different_times_within_a_second() -> None:
    made, proxies = cluster(READY[:1], nodes=20)
    nodes = [node.name for node in made.store.list("Node")]
    start = made.now
    change(made, READY[1])
    assert all(outcome(proxies, node) == {"10.0.1.1:80"} for node in nodes)
    made.clock.run_until(start + SECOND // 2)
    heard = [node for node in nodes if outcome(proxies, node) == {"10.0.1.2:80"}]
    assert len(heard) == 10
    assert [proxies.rules(node)[0].behind for node in nodes] == [node not in heard for node in nodes]
    made.clock.run_until(start + SECOND)
    assert all(outcome(proxies, node) == {"10.0.1.2:80"} for node in nodes)
    told = [event for event in made.events if isinstance(event, RulesSynced)]
    assert sorted(node for event in told for node in event.nodes) == nodes
    assert {event.ports for event in told} == {("default/svc",)}
    assert all(start < event.time <= start + SECOND for event in told)


def test_a_change_costs_one_step_for_each_phase_however_many_nodes() -> None:
    made, _ = cluster(READY, nodes=2)
    for number in range(400):
        add_node(made, f"more-{number}")
    settle(made)
    change(made, READY[0])
    change(made, READY[1])
    made.clock.run_until(made.now + SECOND)
    assert len([event for event in made.events if isinstance(event, RulesSynced)]) == 20
    assert made.clock.next_time() is None


def test_a_node_behind_keeps_the_address_that_a_service_had() -> None:
    made, proxies = cluster(READY[:1])
    service = made.store.get("Service", "default", "svc")
    made.store.replace(service, spec={**service.spec, "ports": [{"name": "http", "port": 8080}]})
    made.store.replace(made.store.get("EndpointSlice", "default", "svc-1"), ports=(msgspec.structs.replace(
        made.store.get("EndpointSlice", "default", "svc-1").ports[0], name="http"),))  # fmt: skip
    assert (outcome(proxies, port=80), outcome(proxies, port=8080)) == ({"10.0.1.1:80"}, {""})
    assert [rule.name for rule in proxies.rules("node-a")] == ["default/svc"]
    made.clock.run_until(made.now + SECOND)
    assert (outcome(proxies, port=80), outcome(proxies, port=8080)) == ({""}, {"10.0.1.1:80"})
    assert [rule.name for rule in proxies.rules("node-a")] == ["default/svc:http"]
    told = {name for event in made.events if isinstance(event, RulesSynced) for name in event.ports}
    assert told == {"default/svc", "default/svc:http"}


def test_rules_show_address_verdict_and_first_endpoints() -> None:
    made, proxies = cluster([endpoint(f"10.0.1.{n}") for n in range(10, 22)])
    add_service(made, "empty", "172.17.0.7", [{"port": 80}])
    settle(made)
    empty, full = proxies.rules("node-b")
    assert (empty.name, empty.address, empty.verdict, empty.count) == ("default/empty", "172.17.0.7:80", "REJECT", 0)
    assert (full.verdict, full.count, full.behind) == ("forward", 12, False)
    assert full.endpoints == tuple(f"10.0.1.{n}:80" for n in range(10, 18))
    assert proxies.rules("node-b", ["default/empty"]) == [empty]
    assert proxies.names("default", "svc") == ("default/svc",)


def boot(made: Machinery, name: str) -> None:
    made.store.replace(made.store.get("Node", "", name), status={"nodeInfo": {"bootID": f"boot-{made.store.revision}"}})


def test_a_node_that_boots_starts_without_rules() -> None:
    made, proxies = cluster(READY)
    boot(made, "node-b")
    assert outcome(proxies, "node-b") == {""}
    assert outcome(proxies, "node-a") != {""}
    settle(made)
    assert len(outcome(proxies, "node-b")) == 3


def test_a_node_that_left_routes_nothing_and_may_join_again() -> None:
    made, proxies = cluster(READY)
    made.store.remove(made.store.get("Node", "", "node-b"))
    assert outcome(proxies, "node-b") == {""}
    change(made, READY[0])
    settle(made)
    add_node(made, "node-b")
    settle(made)
    assert outcome(proxies, "node-b") == {"10.0.1.1:80"}


def test_a_slice_that_changes_hands_moves_its_endpoints() -> None:
    made, proxies = cluster(READY[:1])
    add_service(made, "other", "172.17.0.6", [{"port": 80}])
    piece = made.store.get("EndpointSlice", "default", "svc-1")
    made.store.replace(piece, labels={"kubernetes.io/service-name": "other"})
    settle(made)
    assert (outcome(proxies), outcome(proxies, ip="172.17.0.6")) == ({"REJECT"}, {"10.0.1.1:80"})


def test_an_endpoint_in_two_slices_counts_once() -> None:
    made, proxies = cluster(READY[:2])
    add_slice(made, "svc", [READY[0], READY[2]], name="svc-2")
    settle(made)
    assert proxies.rules("node-a")[0].count == 3
    made.store.remove(made.store.get("EndpointSlice", "default", "svc-1"))
    settle(made)
    assert proxies.rules("node-a")[0].endpoints == ("10.0.1.1:80", "10.0.1.3:80")


@pytest.mark.parametrize("count", [2, 3, 7, 150])
def test_endpoints_are_drawn_evenly(count: int) -> None:
    made, proxies = cluster([endpoint(f"10.1.0.{n}") for n in range(min(count, 100))], seed=count)
    if count > 100:
        add_slice(made, "svc", [endpoint(f"10.1.1.{n}") for n in range(count - 100)], name="svc-2")
        settle(made)
    drawn = 200 * count
    seen: dict[str, int] = {}
    for _ in range(drawn):
        chosen = proxies.route("node-a", IP, "TCP", 80, CLIENT).endpoint
        assert chosen is not None
        seen[chosen.ip] = seen.get(chosen.ip, 0) + 1
    chi_square = sum((times - 200) ** 2 / 200 for times in seen.values())
    assert len(seen) == count
    assert chi_square < count - 1 + 4 * (2 * (count - 1)) ** 0.5  # four standard deviations above the mean


def test_nothing_is_drawn_for_a_single_endpoint() -> None:
    made, proxies = cluster(READY[:1])
    before = made.chance.state
    assert proxies.route("node-a", IP, "TCP", 80, CLIENT).drawn is None
    assert made.chance.state == before


def test_a_restored_cluster_goes_on_as_the_first() -> None:
    made, proxies = cluster(READY, nodes=7)
    add_service(made, "gone", "172.17.0.6", [{"port": 80}])
    add_slice(made, "gone", READY[:2])
    settle(made)
    change(made, READY[0], READY[2])
    made.clock.run_until(made.now + SECOND // 3)
    change(made, READY[1])
    made.store.remove(made.store.get("Service", "default", "gone"))
    made.store.remove(made.store.get("EndpointSlice", "default", "gone-1"))
    add_node(made, "node-new")
    boot(made, "node-c")
    saved = json.loads(json.dumps(proxies.state()))

    again = machinery()
    restored = Proxies(again)
    again.store.restore(*made.store.state())
    restored.restore(saved)
    again.clock.restore(made.clock.state())
    again.chance.state = made.chance.state
    assert restored.state() == proxies.state()
    made.events.clear()
    for _ in range(8):
        for node in made.store.list("Node"):
            assert restored.rules(node.name) == proxies.rules(node.name)
            for ip in (IP, "172.17.0.6"):
                assert restored.route(node.name, ip, "TCP", 80, CLIENT).endpoint == proxies.route(node.name, ip, "TCP", 80, CLIENT).endpoint
        for each in (made, again):
            each.clock.run_until(each.now + SECOND // 6)
        assert restored.state() == proxies.state()
    assert again.events == made.events
    assert proxies.state()["rules"] == []


def test_a_transaction_that_is_undone_leaves_the_rules_alone() -> None:
    made, proxies = cluster(READY)
    before = proxies.state()
    with pytest.raises(ZeroDivisionError), made.store.transaction():
        change(made, READY[0])
        add_node(made, "node-x")
        raise ZeroDivisionError
    assert proxies.state() == before
