"""What the tabs about a Node's rules say beside them."""

from __future__ import annotations

from playground.kube.clock import SECOND
from playground.pages.facts import rules
from tests.kube.network.test_hostports import cluster_of


def test_the_host_ports_of_a_node_are_said_to_have_rules_that_are_not_kube_proxys() -> None:
    """Wrong lesson: all rules of a Node are kube-proxy's, and a host port that is not among them leads nowhere."""
    cluster = cluster_of()
    cluster.advance(cluster.now + SECOND)
    nodes = {name: cluster.store.get("Node", "", name) for name in ("node-a", "node-b")}
    assert rules.host_ports(cluster, nodes["node-b"]) == ("8080/TCP to Pod web", "8081/TCP to Pod web")
    assert rules.host_ports(cluster, nodes["node-a"]) == ()
    assert rules.host_ports(cluster, cluster.store.get("Service", "default", "web-svc")) == ()
