"""A Pod's hostPort is reached at its Node's address (containernetworking/plugins, plugins/meta/portmap)."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.network.requests import Request
from tests.laws.histories import service, started

HOME = "node-b"


def pod(name: str, node: str, ports: list[dict[str, Any]], **spec: Any) -> dict[str, Any]:
    container = {"name": "c", "image": "nginx:1.28", "ports": ports}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"nodeName": node, "containers": [container], **spec}}


def cluster_of(*documents: dict[str, Any]) -> Cluster:
    """A Pod `web` on node-b with host ports, a client on each of two Nodes, and these."""
    made = started()
    web = pod("web", HOME, [{"containerPort": 80, "hostPort": 8080}, {"containerPort": 80, "hostPort": 8081, "hostIP": "127.0.0.1"}])
    made.submit(actions.Apply([web, pod("near", HOME, []), pod("far", "node-c", []), *documents]))
    made.advance(made.now + 20 * SECOND)
    return made


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    return cluster_of()


def node_ip(made: Cluster, node: str = HOME) -> str:
    return str(made.store.get("Node", "", node).status["addresses"][0]["address"])


def ask(made: Cluster, source: str, to: str) -> Request:
    made.submit(actions.Send(source, to))
    found = made.network.request(made.network.last)
    assert found is not None
    return found


SENDERS = {
    "a Pod on the Node keeps its address": ("default/near", "near"),
    "a Pod of another Node comes with that Node's": ("default/far", "node-c"),
    "the Pod itself is masqueraded": ("default/web", HOME),
    "the Node itself": (f"node:{HOME}", HOME),
    "another Node": ("node:node-a", "node-a"),
    "a client outside keeps its address": ("outside:203.0.113.10", "203.0.113.10"),
}


@pytest.mark.parametrize(("source", "seen"), SENDERS.values(), ids=SENDERS)
def test_the_nodes_address_and_the_host_port_lead_to_the_pod(cluster: Cluster, source: str, seen: str) -> None:
    """Wrong lesson: a hostPort reserves a port of the Node, and nothing answers there."""
    request = ask(cluster, source, f"{node_ip(cluster)}:8080")
    assert (request.outcome, request.endpoint) == ("ok", "default/web")
    known = {
        "near": cluster.store.get("Pod", "default", "near").ip,
        **{name: node_ip(cluster, name) for name in ("node-a", HOME, "node-c")},
    }
    assert cluster.network.seen_source(request) == known.get(seen, seen)


def test_the_hop_names_the_plugin_and_its_chain(cluster: Cluster) -> None:
    """Wrong lesson: kube-proxy makes host ports, or a Service must stand behind one."""
    hops = cluster.network.explain(ask(cluster, "default/far", f"{node_ip(cluster)}:8080"))
    assert [each.title for each in hops] == ["Host port", "Answer"]
    inside = f"{cluster.store.get('Pod', 'default', 'web').ip}:80"
    assert hops[0].what == f"{node_ip(cluster)}:8080/TCP on Node {HOME} is a hostPort of Pod web: it leads to {inside}."
    assert "network plugin portmap" in hops[0].why
    assert (hops[0].detail["plugin"], hops[0].detail["chains"]) == ("portmap", ["CNI-HOSTPORT-DNAT"])


def test_other_nodes_do_not_lead_there(cluster: Cluster) -> None:
    """Wrong lesson: a hostPort is open on every Node, as a NodePort is."""
    assert ask(cluster, "default/far", f"{node_ip(cluster, 'node-a')}:8080").outcome == "refused"


def test_the_nodes_loopback_leads_there_too_and_is_masqueraded(cluster: Cluster) -> None:
    request = ask(cluster, f"node:{HOME}", "localhost:8080")
    assert (request.outcome, request.endpoint, cluster.network.seen_source(request)) == ("ok", "default/web", node_ip(cluster))
    assert ask(cluster, "default/near", "localhost:8080").endpoint == "default/near"


def test_a_host_ip_leads_from_that_address_only(cluster: Cluster) -> None:
    """Wrong lesson: hostIP is a mere note."""
    assert ask(cluster, f"node:{HOME}", "127.0.0.1:8081").outcome == "ok"
    assert ask(cluster, "default/far", f"{node_ip(cluster)}:8081").outcome == "refused"


def test_another_protocol_is_not_led_on(cluster: Cluster) -> None:
    assert ask(cluster, "default/far", f"{node_ip(cluster)}:8080/UDP").outcome == "refused"


def test_where_nothing_listens_the_pod_refuses() -> None:
    """Wrong lesson: a hostPort makes a program listen."""
    made = cluster_of(pod("idle", "node-c", [{"containerPort": 9, "hostPort": 9000}]))
    request = ask(made, "default/near", f"{node_ip(made, 'node-c')}:9000")
    assert (request.outcome, request.endpoint) == ("refused", "default/idle")


def test_a_pod_that_is_gone_takes_its_host_port_along() -> None:
    made = cluster_of()
    made.submit(actions.Delete("Pod", "web", "default", grace=0))
    made.advance(made.now + SECOND)
    assert ask(made, "default/far", f"{node_ip(made)}:8080").outcome == "refused"


def test_a_node_port_of_that_number_comes_first() -> None:
    """Wrong lesson: the rules of the network plugin stand before kube-proxy's."""
    door = service("door", app="web")
    door["spec"] |= {"type": "NodePort", "ports": [{"port": 80, "targetPort": 5000, "nodePort": 30080}]}
    made = cluster_of(door, pod("late", "node-c", [{"containerPort": 80, "hostPort": 30080}]))
    assert ask(made, "default/near", f"{node_ip(made, 'node-c')}:30080").service == "default/door-svc"


def test_a_pod_in_its_nodes_network_needs_no_rule() -> None:
    made = cluster_of(pod("wide", "node-c", [{"containerPort": 80, "hostPort": 80}], hostNetwork=True))
    request = ask(made, "default/near", f"{node_ip(made, 'node-c')}:80")
    assert (request.outcome, [each.title for each in made.network.explain(request)]) == ("ok", ["Address", "Answer"])
