"""Every way that a Pod can take to a Service: what comes of it, whom the endpoint sees, and what is said.

Source: pkg/proxy/iptables/proxier_test.go (TestInternalExternalMasquerade, TestExternalTrafficPolicyLocal, TestLoadBalancer).
The client is on the first of three Nodes, the only endpoint on the second.
"""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from tests.laws.histories import service, started

PORT = 30080
ADDRESSES = {"load balancer": "203.0.113.10", "external": "198.51.100.7"}
# Way: (door, externalTrafficPolicy, outcome, where, the sender that the endpoint sees, words of the Service's hop)
WAYS = {
    "the ClusterIP keeps the sender": ("cluster", "Cluster", "ok", "pod", "client", "internalTrafficPolicy is Cluster"),
    "the own Node's port, Cluster, masquerades": ("own", "Cluster", "ok", "pod", "own", "externalTrafficPolicy is Cluster"),
    "the own Node's port, Local, is a short cut for Pods": (
        "own",
        "Local",
        "ok",
        "pod",
        "client",
        "Pods, and the Node itself, take a short cut",
    ),
    "another Node's port, Cluster, is masqueraded there": ("other", "Cluster", "ok", "pod", "other", "whose address it is, decides"),
    "another Node's port, Local, without an endpoint drops": ("other", "Local", "timeout", "proxy", "", "only endpoints on"),
    "the endpoint's Node's port, Local, sees the sender's Node": ("there", "Local", "ok", "pod", "own", "the sender comes from outside"),
    "the load balancer's address never leaves the Node": ("load balancer", "Local", "ok", "pod", "client", "the load balancer's address"),
    "an external address, Cluster, masquerades": ("external", "Cluster", "ok", "pod", "own", "an external address"),
}


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    made = started()
    made.submit(actions.Scale("Deployment", "web", 0, "default"))
    made.advance(made.now + 15 * SECOND)
    taken = made.store.get("Pod", "default", "client").node
    _, there = [node.name for node in made.store.list("Node") if node.name != taken]
    patch = {"spec": {"template": {"spec": {"nodeName": there}}}}
    made.submit(actions.Patch("Deployment", "web", patch, "default", "strategic"))
    made.submit(actions.Scale("Deployment", "web", 1, "default"))
    made.advance(made.now + 15 * SECOND)
    return made


def open_doors(cluster: Cluster, **spec: Any) -> None:
    document = service("web", app="web")
    document["spec"] |= {"type": "LoadBalancer", "externalIPs": [ADDRESSES["external"]], **spec}
    document["spec"]["ports"] = [{"port": 80, "nodePort": PORT}]
    cluster.submit(actions.Apply([document]))
    ingress = {"status": {"loadBalancer": {"ingress": [{"ip": ADDRESSES["load balancer"]}]}}}
    cluster.submit(actions.Patch("Service", "web-svc", ingress, "default", "merge", "status"))
    cluster.advance(cluster.now + 5 * SECOND)


def nodes(cluster: Cluster) -> dict[str, str]:
    """The addresses of the client's own Node, of the endpoint's (there), and of the other."""
    found = {node.name: node.status["addresses"][0]["address"] for node in cluster.store.list("Node")}
    own = cluster.store.get("Pod", "default", "client").node
    there = cluster.machinery.pods_matching("default", {"app": "web"})[0].node
    return {"own": found.pop(own), "there": found.pop(there), "other": next(iter(found.values()))}


def ask(cluster: Cluster, door: str) -> tuple[Any, dict[str, Any]]:
    """The request, and its hops by title."""
    addresses = nodes(cluster)
    port = PORT if door in addresses else 80
    address = {**addresses, **ADDRESSES, "cluster": "web-svc"}[door]
    request = cluster.network.request(cluster.network.send(cluster.store.get("Pod", "default", "client"), f"{address}:{port}"))
    return request, {hop.title: hop for hop in cluster.network.explain(request)}


@pytest.mark.parametrize(("door", "policy", "outcome", "where", "seen", "said"), WAYS.values(), ids=WAYS)
def test_ways_of_a_pod_to_a_service(cluster: Cluster, door: str, policy: str, outcome: str, where: str, seen: str, said: str) -> None:
    """Else a learner would think that Pods alone take the short cut past externalTrafficPolicy Local, and the Node itself does not."""
    open_doors(cluster, externalTrafficPolicy=policy)
    request, hops = ask(cluster, door)
    assert (request.outcome, request.where) == (outcome, where)
    assert said in hops["Service"].what + hops["Service"].why
    assert hops["Rule"].detail["rules"]
    if seen:
        addresses = {**nodes(cluster), "client": request.source.ip}
        assert hops["Source"].detail["source"] == addresses[seen]


def test_a_sender_outside_the_source_ranges_is_dropped_at_the_load_balancers_address_alone(cluster: Cluster) -> None:
    open_doors(cluster, loadBalancerSourceRanges=["203.0.113.0/24"])
    request, hops = ask(cluster, "load balancer")
    assert (request.outcome, request.where) == ("timeout", "proxy")
    assert "loadBalancerSourceRanges" in hops["Rule"].why
    assert ask(cluster, "own")[0].outcome == "ok"


def test_another_node_without_power_does_not_answer(cluster: Cluster) -> None:
    open_doors(cluster)
    other = next(node.name for node in cluster.store.list("Node") if node.status["addresses"][0]["address"] == nodes(cluster)["other"])
    cluster.submit(actions.PowerOff(other))
    assert (ask(cluster, "other")[0].outcome, ask(cluster, "other")[0].where) == ("timeout", "network")
    cluster.submit(actions.PowerOn(other))
    cluster.advance(cluster.now + 5 * SECOND)


def test_a_sticky_sender_comes_back_to_its_endpoint(cluster: Cluster) -> None:
    open_doors(cluster, sessionAffinity="ClientIP")
    ask(cluster, "cluster")
    _, hops = ask(cluster, "cluster")
    assert "sessionAffinity is ClientIP" in hops["Rule"].why
