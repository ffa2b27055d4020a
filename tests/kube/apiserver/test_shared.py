"""Equal JSON values are one value in memory, and what differs stays apart."""

import pytest

from playground.assets import schema as assets
from playground.kube.actions import AddNode, Apply
from playground.kube.apiserver import saving
from playground.kube.apiserver import shared as sharing
from playground.kube.apiserver.schema import Schema
from playground.kube.apiserver.shared import shared
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.settings import ClusterSettings


def workload(name: str, image: str = "nginx:1.29") -> dict:
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "web", "image": image}]}}
    spec = {"replicas": 1, "selector": {"matchLabels": {"app": name}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}


def test_equal_values_are_one_value() -> None:
    assert shared({"a": [1, {"b": "c"}]}) is shared({"a": [1, {"b": "c"}]})


@pytest.mark.parametrize(("one", "other"), [({"a": 1}, {"a": True}), ({"a": 1}, {"a": 1.0}), ({"a": 1, "b": 2}, {"b": 2, "a": 1})])
def test_what_is_written_otherwise_is_another_value(one: dict, other: dict) -> None:
    assert list(shared(one).items()) == list(one.items())
    assert shared(other) is other


def test_only_so_many_values_are_remembered() -> None:
    for number in range(sharing.MOST + 1):
        shared({"number": number})
    assert len(sharing._known) <= sharing.MOST


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    """Three Deployments, two of them with equal templates but for the labels."""
    made = Cluster.create(ClusterSettings(), Schema(assets.load()))
    made.submit(AddNode("node-a"))
    made.submit(AddNode("node-b"))
    made.submit(Apply([workload("one"), workload("two"), workload("other", "nginx:1.28")]))
    made.advance(10 * SECOND)
    return made


def specs(cluster: Cluster) -> tuple[list, list]:
    """The Pods' specs in the templates of all Deployments, and those of all Pods."""
    return [each.spec["template"]["spec"] for each in cluster.store.list("Deployment", "default")], [
        each.spec for each in cluster.store.list("Pod", "default")
    ]


def test_the_pods_of_equal_templates_have_one_spec(cluster: Cluster) -> None:
    for one, other, two in specs(cluster):
        assert one is two
        assert one is not other
        assert one != other


@pytest.mark.parametrize("shared_values", [saving.SHARED_VALUES, 0], ids=["a small snapshot", "a large one"])
def test_they_have_one_spec_again_when_they_are_loaded(cluster: Cluster, shared_values: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "SHARED_VALUES", shared_values)
    again = Cluster.restore(cluster.snapshot(), cluster.schema)
    assert again.snapshot() == cluster.snapshot()
    for one, _, two in specs(again):
        assert one is two


def test_nodes_that_came_together_have_one_list_of_conditions(cluster: Cluster) -> None:
    one, other = cluster.store.list("Node")
    assert one.status["conditions"] is other.status["conditions"]
