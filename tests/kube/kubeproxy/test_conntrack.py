"""How long a Node remembers where the datagrams of an open socket go, and which packets its rules are still asked about.

Source: Linux net/netfilter/nf_conntrack_proto_udp.c (nf_conntrack_udp_packet): 30 s until an answer has come and in the first two
seconds, then 120 s; nf_nat_core.c: the nat table is asked for the first packet only, the filter table for every one.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from playground.kube.apiserver.machinery import Machinery
from playground.kube.clock import SECOND
from playground.kube.kubeproxy import Proxies
from playground.kube.kubeproxy.conntrack import Flows
from tests.kube.kubeproxy.builders import add_node, add_service, add_slice, endpoint, machinery
from tests.kube.kubeproxy.test_proxies import settle

IP, PORT, CLIENT, SOCKET = "172.17.0.5", 53, "10.244.0.9", 7
UDP = {"port": PORT, "protocol": "UDP"}


def cluster(count: int = 20, **spec: Any) -> tuple[Machinery, Proxies]:
    """Two Nodes and a Service on port 53/UDP with so many endpoints."""
    made = machinery()
    proxies = Proxies(made)
    for name in ("node-a", "node-b"):
        add_node(made, name)
    add_service(made, "svc", IP, [UDP], **spec)
    add_slice(made, "svc", [endpoint(f"10.0.1.{number}") for number in range(1, count + 1)], [("", 53, "UDP")])
    settle(made)
    return made, proxies


def send(proxies: Proxies, answered: bool = True, socket: int = SOCKET, node: str = "node-a", ip: str = IP) -> Any:
    decision = proxies.route_flow(node, ip, PORT, CLIENT, socket)
    if answered:
        proxies.answered(node, (CLIENT, socket, ip, PORT))
    return decision


def later(made: Machinery, seconds: float) -> None:
    made.clock.run_until(made.now + round(seconds * SECOND))


def test_later_datagrams_of_a_socket_go_where_the_first_one_went_without_asking_a_rule() -> None:
    _, proxies = cluster()
    first, *others = [send(proxies) for _ in range(30)]
    assert first.flow is None
    assert {(each.endpoint, each.port, each.way) for each in others} == {(first.endpoint, first.port, None)}
    assert {each.flow.service for each in others} == {"default/svc"}


def test_another_socket_and_another_node_choose_anew() -> None:
    _, proxies = cluster()
    first = send(proxies)
    assert send(proxies, socket=8).flow is None
    assert send(proxies, node="node-b").flow is None
    assert send(proxies).endpoint == first.endpoint


@pytest.mark.parametrize(
    ("pauses", "answered", "remembered"),
    [
        ([29.9], False, True),
        ([30], False, False),
        ([20, 20, 20], False, True),
        ([29.9], True, True),
        ([30], True, False),
        ([2, 30], True, False),
        ([2.1, 119.9], True, True),
        ([2.1, 120], True, False),
        ([2.1, 100, 100, 100], True, True),
        ([2.1, 30], False, False),
    ],
)
def test_a_flow_is_forgotten_after_30_s_or_as_an_answered_stream_after_120_s(pauses: list[float], answered: bool, remembered: bool) -> None:
    made, proxies = cluster()
    send(proxies, answered)
    for pause in pauses[:-1]:
        later(made, pause)
        assert send(proxies, answered).flow is not None
    later(made, pauses[-1])
    assert (send(proxies, answered).flow is not None) is remembered


def test_a_packet_that_is_rejected_or_dropped_begins_no_flow() -> None:
    made, proxies = cluster(0)
    assert send(proxies, False).verdict == "REJECT"
    made.store.replace(made.store.get("EndpointSlice", "default", "svc-1"), endpoints=(endpoint("10.0.1.1"),))
    settle(made)
    decision = send(proxies, False)
    assert (decision.flow, decision.endpoint.ip) == (None, "10.0.1.1")


def unruled() -> tuple[Machinery, Proxies]:
    """A flow that began before its Service was there, and goes on as it is."""
    made, proxies = cluster()
    made.store.remove(made.store.get("Service", "default", "svc"))
    settle(made)
    assert send(proxies, False).verdict == ""
    return made, proxies


def test_a_flow_that_began_before_its_service_goes_on_unchanged_when_only_the_service_comes() -> None:
    """As ConntrackCleanupRequired goes by endpoints: those that were there before are no change."""
    made, proxies = unruled()
    add_service(made, "svc", IP, [UDP])
    settle(made)
    decision = send(proxies, False)
    assert (decision.flow is not None, decision.endpoint, decision.way) == (True, None, None)
    assert send(proxies, socket=8).endpoint is not None


def test_it_is_rejected_while_the_service_has_no_endpoints_as_conntrack_calls_it_new_still() -> None:
    made, proxies = unruled()
    made.store.replace(made.store.get("EndpointSlice", "default", "svc-1"), endpoints=())
    add_service(made, "svc", IP, [UDP])
    settle(made)
    decision = send(proxies, False)
    assert (decision.verdict, decision.rules.port.service, decision.flow is not None) == ("REJECT", "default/svc", True)


def test_an_answered_flow_passes_a_reject_that_came_later() -> None:
    made, proxies = unruled()
    send(proxies, True)
    made.store.replace(made.store.get("EndpointSlice", "default", "svc-1"), endpoints=())
    add_service(made, "svc", IP, [UDP])
    settle(made)
    assert send(proxies).verdict == ""


def test_affinity_is_renewed_by_new_flows_only() -> None:
    spec = {"sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 10}}}
    made, proxies = cluster(**spec)
    send(proxies)
    stamp = proxies.remembered()
    later(made, 5)
    assert send(proxies).flow is not None
    assert proxies.remembered() == stamp


@pytest.mark.parametrize("how", ["boots", "goes"])
def test_a_node_that_boots_or_goes_forgets_its_flows(how: str) -> None:
    made, proxies = cluster()
    send(proxies)
    node = made.store.get("Node", "", "node-a")
    if how == "boots":
        made.store.replace(node, status={"nodeInfo": {"bootID": "another"}})
        settle(made)
    else:
        made.store.remove(node)
        add_node(made, "node-a")
        settle(made)
    assert send(proxies).flow is None


def test_flows_are_saved_with_the_nodes_that_remember_them() -> None:
    _, proxies = cluster()
    send(proxies)
    send(proxies, node="node-b", ip="10.0.9.9")
    saved = json.loads(json.dumps(proxies.state()["flows"]))
    flows = Flows()
    flows.restore(saved)
    assert json.loads(json.dumps(flows.state())) == saved
    assert flows.find("node-a", (CLIENT, SOCKET, IP, PORT), 0).service == "default/svc"


def test_what_has_expired_is_not_kept_for_ever() -> None:
    made, proxies = cluster()
    for socket in range(1, 50):
        send(proxies, False, socket)
        later(made, 20)
    assert len(proxies.state()["flows"]) == 2


def test_an_answer_to_a_flow_that_is_forgotten_changes_nothing() -> None:
    flows = Flows()
    flows.answered("node-a", (CLIENT, SOCKET, IP, PORT))
    assert flows.state() == []
