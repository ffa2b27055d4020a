"""Requests of clients outside and of Nodes: which door leads in, by which Node, and what a load balancer knows of its Nodes.

Source: pkg/proxy/iptables/proxier_test.go (TestInternalExternalMasquerade); staging/src/k8s.io/cloud-provider/controllers/service.
"""

from __future__ import annotations

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.errors import Refusal
from tests.kube.network.outsiders import CLIENT, PORT, address, ask, balancer, cluster, elsewhere, home
from tests.laws.histories import service

# --- node ports


def test_a_client_outside_of_a_service_without_endpoints_is_not_told_of_the_short_cut_of_pods() -> None:
    """Else a learner would think that a client outside has the short cut past externalTrafficPolicy Local that Pods have."""
    made = cluster(replicas=0, externalTrafficPolicy="Local")
    request, hops = ask(made, f"{address(made, 'node-a')}:{PORT}")
    assert (request.outcome, request.where) == ("refused", "proxy")
    assert hops["Service"].why == "Its externalTrafficPolicy is Local, but there is no usable endpoint on any Node."


def test_a_node_port_with_policy_cluster_leads_on_from_every_node_and_hides_the_client() -> None:
    made = cluster()
    request, hops = ask(made, f"{address(made, elsewhere(made))}:{PORT}")
    assert (request.outcome, request.ruled_by, request.sender) == ("ok", elsewhere(made), f"outside:{CLIENT}")
    assert hops["Source"].detail == {"source": address(made, elsewhere(made)), "masquerade": True}


def test_a_node_port_with_policy_local_keeps_the_client_where_there_is_an_endpoint() -> None:
    made = cluster(externalTrafficPolicy="Local")
    request, hops = ask(made, f"{address(made, home(made))}:{PORT}")
    assert request.outcome == "ok"
    assert hops["Source"].detail["source"] == CLIENT


def test_it_is_of_its_own_node_that_none_is_ready_where_the_policy_is_local() -> None:
    made = cluster(replicas=3, externalTrafficPolicy="Local")
    slow = {"spec": {"template": {"metadata": {"annotations": {"switchyard.dev/shutdown-delay": "4"}}}}}
    made.submit(actions.Patch("Deployment", "web", slow))
    made.advance(made.now + 30 * SECOND)
    node = home(made)
    made.submit(actions.Patch("Node", node, {"spec": {"unschedulable": True}}))
    for pod in made.machinery.pods_matching("default", {"app": "web"}):
        if pod.node == node:
            made.submit(actions.Delete("Pod", pod.name, "default"))
    made.advance(made.now + 3 * SECOND)
    request, hops = ask(made, f"{address(made, node)}:{PORT}")
    assert request.outcome == "ok"
    assert "None of this Node was ready, so those that are terminating but still serve were used." in hops["Endpoint"].why


def test_a_node_port_with_policy_local_drops_where_there_is_none() -> None:
    made = cluster(externalTrafficPolicy="Local")
    request, hops = ask(made, f"{address(made, elsewhere(made))}:{PORT}")
    assert (request.outcome, request.where) == ("timeout", "proxy")
    assert "the sender comes from outside" in hops["Service"].why


def test_without_any_endpoint_a_node_port_refuses() -> None:
    made = cluster(replicas=0)
    assert ask(made, f"{address(made, 'node-a')}:{PORT}")[0].outcome == "refused"


# --- what leads nowhere


@pytest.mark.parametrize("kind", ["Pod", "Service"])
def test_no_way_from_outside_leads_to_a_pod_or_a_cluster_ip(kind: str) -> None:
    made = cluster()
    pod = made.machinery.pods_matching("default", {"app": "web"})[0]
    asked = f"{pod.ip}:80" if kind == "Pod" else f"{made.store.get('Service', 'default', 'web-svc').spec['clusterIP']}:80"
    request, hops = ask(made, asked)
    assert request.outcome == "unreachable"
    assert "exist only inside of the cluster" in hops["Address"].why


@pytest.mark.parametrize("source", ["outside", "node:node-a"])
def test_outside_of_pods_no_name_of_a_service_is_known(source: str) -> None:
    made = cluster()
    request, hops = ask(made, "web-svc.default.svc.cluster.local:80", source)
    assert (request.outcome, request.where) == ("nxdomain", "dns")
    assert "Only Pods ask the cluster's DNS" in hops["Name"].why


# --- Nodes as senders


def test_a_node_reaches_a_cluster_ip_and_is_masqueraded() -> None:
    made = cluster()
    ip = made.store.get("Service", "default", "web-svc").spec["clusterIP"]
    request, hops = ask(made, f"{ip}:80", f"node:{elsewhere(made)}")
    assert (request.outcome, request.ruled_by) == ("ok", elsewhere(made))
    assert hops["Source"].detail["source"] == address(made, elsewhere(made))


def test_a_node_reaches_its_own_node_port_over_loopback() -> None:
    made = cluster()
    assert ask(made, f"127.0.0.1:{PORT}", "node:node-a")[0].outcome == "ok"
    assert ask(made, "127.0.0.1:9", "node:node-a")[0].outcome == "refused"


def test_that_a_node_has_not_heard_of_a_service_yet_is_not_said_to_be_a_port_that_it_lacks() -> None:
    made = cluster()
    fresh = service("fresh", app="web")
    fresh["spec"] |= {"type": "NodePort", "ports": [{"port": 80, "nodePort": PORT + 1}]}
    made.submit(actions.Apply([fresh]))
    made.advance(made.now + SECOND // 100)
    ip = made.store.get("Service", "default", "fresh-svc").spec["clusterIP"]
    too_soon = "A Service has just got it, and the kube-proxy of that Node has not heard of it yet."
    request, hops = ask(made, f"{ip}:80", "node:node-a")
    assert (request.outcome, hops["Address"].what) == ("timeout", f"Nobody has {ip}:80/TCP yet.")
    assert too_soon in hops["Address"].why
    assert hops["Answer"].why.endswith("and this Node has none for this port yet.")
    assert ask(made, f"{address(made, 'node-a')}:{PORT + 1}")[1]["Address"].why == too_soon
    made.advance(made.now + 2 * SECOND)
    assert ask(made, f"{ip}:80", "node:node-a")[0].outcome == "ok"
    assert "only their declared ports have rules" in ask(made, f"{ip}:81", "node:node-a")[1]["Address"].why


def test_the_loopback_of_a_family_that_the_cluster_has_not_knows_no_node_port_but_what_listens_there() -> None:
    """`curl localhost` asks it first."""
    made = cluster()
    assert ask(made, f"[::1]:{PORT}", f"node:{home(made)}")[0].outcome == "refused"
    container = {"name": "main", "image": "nginx", "ports": [{"containerPort": 80}]}
    spec = {"hostNetwork": True, "nodeName": home(made), "containers": [container]}
    made.submit(actions.Apply([{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "wide"}, "spec": spec}]))
    made.advance(made.now + 5 * SECOND)
    assert ask(made, "[::1]:80", f"node:{home(made)}")[0].endpoint == "default/wide"


# --- names of senders


REFUSED = {
    "outside:web": "is not an IP address",
    "outside:10.244.1.2": "the cluster's Pod network",
    "outside:172.17.0.10": "the cluster's Service network",
    "outside:198.51.100.1": "the cluster's load balancers' network",
    "node:node-z": 'nodes "node-z" not found',
    "nobody": 'pods "nobody" not found',
}


@pytest.mark.parametrize(("source", "words"), REFUSED.items(), ids=REFUSED)
def test_a_sender_that_cannot_be_is_refused(source: str, words: str) -> None:
    made = cluster()
    with pytest.raises(Refusal, match=words):
        made.submit(actions.StartTraffic(source, "192.168.0.11:30080"))
    with pytest.raises(Refusal, match=words):
        made.submit(actions.Send(source, "192.168.0.11:30080"))


def test_the_card_does_not_say_that_nobody_has_the_address_of_a_load_balancer_or_of_a_service() -> None:
    """Else a learner would think that the address is mistyped, where only the port is one that the Service does not have."""
    made = cluster()
    _, hops = ask(made, f"{balancer(made)}:81")
    assert hops["Answer"].why == f"The load balancer at {balancer(made)} passed nothing on."
    ip = made.store.get("Service", "default", "web-svc").spec["clusterIP"]
    _, hops = ask(made, f"{ip}:81", "node:node-a")
    assert hops["Answer"].why.startswith(f"{ip} is in the Service network: no machine has such an address")


def test_a_pod_in_its_nodes_network_reaches_node_ports_at_localhost() -> None:
    """Else a learner would think that such a Pod has a loopback of its own."""
    made = cluster(2)
    container = {"name": "main", "image": "busybox", "command": ["sleep", "infinity"]}
    for name, own in (("host", True), ("apart", False)):
        spec = {"hostNetwork": own, "nodeName": "node-a", "containers": [container]}
        made.submit(actions.Apply([{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec}]))
    made.advance(made.now + 10 * SECOND)
    assert [ask(made, f"localhost:{PORT}", f"default/{name}")[0].outcome for name in ("host", "apart")] == ["ok", "refused"]


@pytest.mark.parametrize("source", ["node:node-a", "default/host"])
def test_a_node_port_asked_over_loopback_is_masqueraded_to_the_nodes_address(source: str) -> None:
    """Else a learner would think that a packet from 127.0.0.1 can leave its Node."""
    made = cluster(2)
    container = {"name": "main", "image": "busybox", "command": ["sleep", "infinity"]}
    spec = {"hostNetwork": True, "nodeName": "node-a", "containers": [container]}
    made.submit(actions.Apply([{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "host"}, "spec": spec}]))
    made.advance(made.now + 10 * SECOND)
    request, hops = ask(made, f"127.0.0.1:{PORT}", source)
    assert made.network.seen_source(request) == address(made, "node-a") == hops["Source"].detail["source"]


def test_pods_in_their_nodes_network_share_its_loopback() -> None:
    """Else a learner would think that hostNetwork gives a Pod an address, and not the very network of its Node."""
    made = cluster(2)
    for name, container in (("server", {"image": "nginx"}), ("client", {"image": "busybox", "command": ["sleep", "infinity"]})):
        spec = {"hostNetwork": True, "nodeName": "node-a", "containers": [{"name": "main", **container}]}
        made.submit(actions.Apply([{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec}]))
    made.advance(made.now + 10 * SECOND)
    asked = [
        ask(made, to, source)[0] for source in ("node:node-a", "default/client") for to in ("127.0.0.1:80", "localhost:80", "127.0.0.1:81")
    ]
    assert [each.outcome for each in asked] == ["ok", "ok", "refused"] * 2
    assert {each.endpoint for each in asked if each.outcome == "ok"} == {"default/server"}
    assert ask(made, "127.0.0.1:80", "node:node-b")[0].outcome == "refused"
    made.submit(actions.Hang("server"))
    assert ask(made, "127.0.0.1:80", "node:node-a")[0].outcome == "timeout"
