"""What does a client outside of the cluster see of a Service?  A cluster of three Nodes, and questions to it."""

from __future__ import annotations

from typing import Any

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
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
