"""What the inspector says of a Node."""

from __future__ import annotations

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.pages.facts import nodes
from tests.laws.histories import started


def test_it_says_why_no_pod_is_evicted_from_a_silent_node() -> None:
    """Else a learner waits for an eviction that never comes."""
    cluster = started()
    for node in cluster.store.list("Node"):
        cluster.submit(actions.PowerOff(node.name))
    said = "No Pod is evicted from it for now: too many Nodes are silent at once."
    assert said not in nodes.overview(cluster, cluster.store.list("Node")[0]).sentence
    cluster.advance(cluster.now + 60 * SECOND)
    assert said in nodes.overview(cluster, cluster.store.list("Node")[0]).sentence


def test_what_its_pods_request_stands_beside_what_it_has() -> None:
    cluster = started()
    container = {"name": "c", "image": "nginx", "resources": {"requests": {"cpu": "1.5", "memory": "100M"}}}
    spec = {"containers": [container], "nodeSelector": {"kubernetes.io/hostname": "node-b"}}
    cluster.submit(actions.Apply([{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec}]))
    cluster.advance(cluster.now + 5 * SECOND)
    (said,) = [fact.value for fact in nodes.overview(cluster, cluster.store.get("Node", "", "node-b")).facts if fact.label == "Requested"]
    assert said == "1500m of 4 CPUs, 96Mi of 8Gi of memory"
