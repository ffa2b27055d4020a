"""What does a Pod say of itself that names its Node, so that the scheduler never saw it?  (pkg/kubelet/kubelet_pods.go, generateAPIPodStatus)"""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.actions import Create
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.settings import ClusterSettings
from tests.laws.histories import schema


@pytest.fixture
def cluster() -> Cluster:
    made = Cluster.create(ClusterSettings(), schema())
    made.kubelet.register("node-a", {})
    return made


@pytest.mark.parametrize(
    ("node", "conditions"),
    [("node-a", {"PodScheduled": "True", "Initialized": "True", "ContainersReady": "True", "Ready": "True"}), ("nowhere", {})],
)
def test_its_kubelet_tells_all_of_its_conditions(cluster: Cluster, node: str, conditions: dict[str, Any]) -> None:
    """A running Pod was shown without any condition, Ready too, as if no kubelet looked after it."""
    spec = {"nodeName": node, "containers": [{"name": "web", "image": "nginx"}]}
    cluster.submit(Create([{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "named"}, "spec": spec}]))
    cluster.advance(10 * SECOND)
    status = cluster.server.encode(cluster.store.get("Pod", "default", "named"))["status"]
    found = {each["type"]: each["status"] for each in status.get("conditions", ())}
    assert {name: found.get(name) for name in conditions or found} == conditions
