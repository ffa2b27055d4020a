"""Requests of clients outside and of Nodes: which door leads in, by which Node, and what a load balancer knows of its Nodes.

Source: pkg/proxy/iptables/proxier_test.go (TestInternalExternalMasquerade); staging/src/k8s.io/cloud-provider/controllers/service.
"""

from __future__ import annotations

from typing import Any

import pytest

from playground.clusters import journeys
from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.kube.settings import ClusterSettings, LoadBalancers
from tests.laws.histories import deployment, schema, service

CLIENT = "203.0.113.10"
PORT = 30080


def cluster(replicas: int = 1, mode: str = "VIP", **spec: Any) -> Cluster:
    """Three Nodes, a Deployment, and a Service of type LoadBalancer that has its address."""
    made = Cluster.create(ClusterSettings(load_balancers=LoadBalancers(mode=mode)), schema())
    for _ in range(3):
        made.submit(actions.AddNode())
    document = service("web", app="web")
    document["spec"] |= {"type": "LoadBalancer", "ports": [{"port": 80, "nodePort": PORT}], **spec}
    made.submit(actions.Apply([deployment("web", replicas), document]))
    made.advance(30 * SECOND)
    return made


def ask(made: Cluster, to: str, source: str = "outside") -> tuple[Any, dict[str, Any]]:
    """The request, and its hops by title."""
    request = made.network.request(made.network.send(made.network.senders.require(source), to))
    return request, {hop.title: hop for hop in made.network.explain(request)}


def address(made: Cluster, node: str) -> str:
    found: str = made.store.get("Node", "", node).status["addresses"][0]["address"]
    return found


def balancer(made: Cluster) -> str:
    found: str = made.store.get("Service", "default", "web-svc").status["loadBalancer"]["ingress"][0]["ip"]
    return found


def home(made: Cluster) -> str:
    """The Node of the only Pod."""
    found: str = made.machinery.pods_matching("default", {"app": "web"})[0].node
    return found


def elsewhere(made: Cluster) -> str:
    return next(node.name for node in made.store.list("Node") if node.name != home(made))


def outcomes(made: Cluster, to: str, count: int = 60) -> set[tuple[str, str]]:
    """(outcome, Node that decided) of many requests."""
    return {(request.outcome, request.ruled_by) for request in (ask(made, to)[0] for _ in range(count))}


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


# --- load balancers


def test_the_loopback_of_a_family_that_the_cluster_has_not_knows_no_node_port_but_what_listens_there() -> None:
    """`curl localhost` asks it first."""
    made = cluster()
    assert ask(made, f"[::1]:{PORT}", f"node:{home(made)}")[0].outcome == "refused"
    container = {"name": "main", "image": "nginx", "ports": [{"containerPort": 80}]}
    spec = {"hostNetwork": True, "nodeName": home(made), "containers": [container]}
    made.submit(actions.Apply([{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "wide"}, "spec": spec}]))
    made.advance(made.now + 5 * SECOND)
    assert ask(made, "[::1]:80", f"node:{home(made)}")[0].endpoint == "default/wide"


def test_a_load_balancer_with_policy_cluster_uses_every_node_and_hides_the_client() -> None:
    made = cluster()
    assert outcomes(made, f"{balancer(made)}:80") == {("ok", "node-a"), ("ok", "node-b"), ("ok", "node-c")}
    request, hops = ask(made, f"{balancer(made)}:80")
    assert hops["Source"].detail["source"] == address(made, request.ruled_by)
    assert "/healthz of kube-proxy: 3 of 3" in hops["Load balancer"].why


def test_a_load_balancer_with_policy_local_uses_only_nodes_with_an_endpoint_and_keeps_the_client() -> None:
    made = cluster(externalTrafficPolicy="Local")
    assert outcomes(made, f"{balancer(made)}:80") == {("ok", home(made))}
    _, hops = ask(made, f"{balancer(made)}:80")
    assert hops["Source"].detail["source"] == CLIENT
    assert "1 of 3 answer well" in hops["Load balancer"].why


def test_with_policy_local_packets_are_lost_until_the_probes_have_noticed_that_a_node_has_no_endpoint_any_more() -> None:
    """The lesson of healthCheckNodePort: three probes, eight seconds apart, must fail first."""
    made = cluster(externalTrafficPolicy="Local")
    before = home(made)
    made.submit(actions.Patch("Node", before, {"spec": {"unschedulable": True}}))
    made.submit(actions.Delete("Pod", made.machinery.pods_matching("default", {"app": "web"})[0].name, "default"))
    made.advance(made.now + 12 * SECOND)
    assert home(made) != before
    assert ("timeout", before) in outcomes(made, f"{balancer(made)}:80")
    made.advance(made.now + 24 * SECOND)
    assert outcomes(made, f"{balancer(made)}:80") == {("ok", home(made))}


@pytest.mark.parametrize("deed", [actions.PowerOff, actions.StopProxy])
def test_a_node_that_answers_no_probe_is_left_out_in_time(deed: Any) -> None:
    made = cluster()
    made.submit(deed(elsewhere(made)))
    made.advance(made.now + 25 * SECOND)
    assert elsewhere(made) not in {node for _, node in outcomes(made, f"{balancer(made)}:80")}


@pytest.mark.parametrize(("policy", "left_out"), [("Cluster", True), ("Local", False)])
def test_a_node_that_the_autoscaler_is_about_to_delete_fails_the_probes_of_policy_cluster(policy: str, left_out: bool) -> None:
    """With Local its Pods' endpoints say when it is time."""
    made = cluster(externalTrafficPolicy=policy)
    taint = {"key": "ToBeDeletedByClusterAutoscaler", "value": "1", "effect": "NoSchedule"}
    made.submit(actions.Patch("Node", home(made), {"spec": {"taints": [taint]}}))
    made.advance(made.now + 25 * SECOND)
    assert (home(made) not in {node for _, node in outcomes(made, f"{balancer(made)}:80")}) is left_out


def test_an_excluded_node_is_never_used() -> None:
    made = cluster()
    label = {"node.kubernetes.io/exclude-from-external-load-balancers": ""}
    made.submit(actions.Patch("Node", "node-b", {"metadata": {"labels": label}}))
    made.advance(made.now + 9 * SECOND)
    assert {node for _, node in outcomes(made, f"{balancer(made)}:80")} == {"node-a", "node-c"}


def test_with_no_healthy_node_it_sends_to_all_of_them() -> None:
    made = cluster(replicas=0, externalTrafficPolicy="Local")
    assert outcomes(made, f"{balancer(made)}:80") == {("refused", "node-a"), ("refused", "node-b"), ("refused", "node-c")}
    assert "With none left it sends to all" in ask(made, f"{balancer(made)}:80")[1]["Load balancer"].why


def test_a_balancer_of_mode_proxy_opens_its_own_connection_to_the_node_port() -> None:
    """Node and Pod see the load balancer, even with policy Local, so that source addresses are lost."""
    made = cluster(mode="Proxy", externalTrafficPolicy="Local")
    request, hops = ask(made, f"{balancer(made)}:80")
    assert request.outcome == "ok"
    assert hops["Source"].detail["source"] == balancer(made)
    assert "the node port of the Service" in hops["Service"].what
    assert hops["Load balancer"].detail["ip_mode"] == "Proxy"


def test_a_pod_leaves_its_node_for_a_balancer_of_mode_proxy_and_not_for_one_of_mode_vip() -> None:
    for mode, through in (("VIP", None), ("Proxy", "default/web-svc")):
        made = cluster(mode=mode)
        request, _ = ask(made, f"{balancer(made)}:80", f"default/{made.machinery.pods_matching('default', {'app': 'web'})[0].name}")
        assert (request.outcome, request.balancer) == ("ok", through)


@pytest.mark.parametrize("mode", ["VIP", "Proxy"])
def test_source_ranges_keep_other_clients_out(mode: str) -> None:
    made = cluster(mode=mode, loadBalancerSourceRanges=["203.0.113.0/28"])
    assert ask(made, f"{balancer(made)}:80")[0].outcome == "ok"
    assert ask(made, f"{balancer(made)}:80", "outside:203.0.113.77")[0].outcome == "timeout"


def test_a_node_that_source_ranges_keep_out_is_not_told_that_it_comes_from_outside() -> None:
    made = cluster(loadBalancerSourceRanges=["203.0.113.0/28"], externalTrafficPolicy="Local")
    request, hops = ask(made, f"{balancer(made)}:80", f"node:{elsewhere(made)}")
    assert request.outcome == "timeout"
    assert hops["Service"].why == "It has loadBalancerSourceRanges, which are looked at before any policy, also for Pods and Nodes."
    assert hops["Rule"].why.startswith("The sender's address is in none of its loadBalancerSourceRanges")


def test_a_port_that_the_service_has_not_is_closed_at_the_balancer() -> None:
    made = cluster()
    request, hops = ask(made, f"{balancer(made)}:81")
    assert (request.outcome, request.where, request.balancer) == ("timeout", "network", "default/web-svc")
    assert "no such port" in hops["Address"].why


def test_the_health_check_port_answers_as_kube_proxy_does() -> None:
    made = cluster(externalTrafficPolicy="Local", healthCheckNodePort=32000)
    request, hops = ask(made, f"{address(made, home(made))}:32000")
    assert request.outcome == "ok"
    assert '"localEndpoints": 1' in hops["Answer"].detail["prints"]
    assert '"localEndpoints": 0' in ask(made, f"{address(made, elsewhere(made))}:32000")[1]["Answer"].detail["prints"]


def test_an_external_address_is_routed_to_a_node_that_is_up() -> None:
    made = cluster(externalIPs=["192.0.2.7"])
    assert ask(made, "192.0.2.7:80")[0].ruled_by == "node-a"
    made.submit(actions.PowerOff("node-a"))
    assert ask(made, "192.0.2.7:80")[0].ruled_by == "node-b"


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


def test_a_stream_from_outside_keeps_its_connection_and_is_saved() -> None:
    made = cluster()
    made.submit(actions.StartTraffic("outside", f"{balancer(made)}:80", 2, True))
    made.advance(made.now + 3 * SECOND)
    again = Cluster.restore(made.snapshot(), schema())
    until = made.now + 2 * SECOND
    for each in (made, again):
        each.advance(until)
    assert made.snapshot() == again.snapshot()
    assert [stream.source for stream in again.traffic.streams()] == [f"outside:{CLIENT}"]
    last = made.network.recent(1)[0]
    assert (last.reused, last.balancer, last.outcome) == (True, "default/web-svc", "ok")


def over_another_node(made: Cluster) -> str:
    """A stream that keeps a connection through a Node without an endpoint; the Node."""
    made.submit(actions.StartTraffic("outside", f"{address(made, elsewhere(made))}:{PORT}", 10, True))
    made.advance(made.now + SECOND)
    assert made.network.request(made.network.last).reused
    return elsewhere(made)


def next_one(made: Cluster, seconds: float = 0.1) -> tuple[Any, str]:
    """The first request of a time, and what its card says of its end."""
    number = made.network.last + 1
    made.advance(made.now + round(seconds * SECOND))
    request = made.network.request(number)
    return request, made.network.explain(request)[-1].why


def test_a_kept_connection_gets_no_answer_while_the_node_that_passes_it_on_is_off() -> None:
    made = cluster()
    between = over_another_node(made)
    made.submit(actions.PowerOff(between))
    request, why = next_one(made)
    assert (request.outcome, request.where, request.reused) == ("timeout", "network", True)
    assert f"{between}, through which the connection came, is off" in why
    assert f"{between}, through which it came, is off" in journeys.sentence(request)


def test_a_kept_connection_is_reset_when_the_node_that_passes_it_on_has_booted() -> None:
    made = cluster()
    between = over_another_node(made)
    stream = made.traffic.streams()[0]
    held = stream.kept
    made.submit(actions.PowerOff(between))
    made.submit(actions.PowerOn(between))
    made.advance(made.now + 60 * SECOND)
    stream.kept = held
    request, why = next_one(made)
    assert (request.outcome, request.where, request.reused) == ("reset", "network", True)
    assert "its conntrack has forgotten the connection" in why
    assert "has started anew" in journeys.sentence(request)


def test_a_kept_connection_through_a_load_balancer_ends_with_it() -> None:
    made = cluster()
    made.submit(actions.StartTraffic("outside", f"{balancer(made)}:80", 10, True))
    made.advance(made.now + SECOND)
    made.submit(actions.Patch("Service", "web-svc", {"spec": {"type": "NodePort"}}))
    made.advance(made.now + SECOND // 20)
    request, why = next_one(made, 0.2)
    assert (request.outcome, request.where, request.reused) == ("timeout", "network", True)
    assert "The load balancer through which the connection came is gone" in why
    assert "its load balancer is gone" in journeys.sentence(request)


def test_a_stream_from_a_node_waits_while_the_node_is_off() -> None:
    made = cluster()
    made.submit(actions.StartTraffic("node:node-a", f"192.168.0.12:{PORT}", 2))
    made.submit(actions.PowerOff("node-a"))
    made.advance(made.now + 2 * SECOND)
    assert made.traffic.streams()[0].waiting == "Node node-a is off or booting"


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
