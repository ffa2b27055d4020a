"""Each active Namespace has its ServiceAccount `default` (pkg/controller/serviceaccount/serviceaccounts_controller.go)."""

from playground.kube import actions
from playground.kube.clock import SECOND
from tests.laws.histories import started


def names(cluster, namespace):
    cluster.advance(cluster.now + SECOND)
    return [each.name for each in cluster.store.list("ServiceAccount", namespace)]


def made(cluster, name):
    cluster.submit(actions.Apply([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}]))
    return names(cluster, name)


def test_every_namespace_has_one_also_a_new_one():
    """Else a learner would think that a ServiceAccount has to be made before a Namespace can hold Pods."""
    cluster = started()
    assert made(cluster, "new") == ["default"]
    assert [names(cluster, each) for each in ("default", "kube-public", "kube-system")] == [
        ["default"],
        ["default"],
        ["coredns", "default"],
    ]


def test_one_that_is_deleted_comes_back_as_another():
    cluster = started()
    before = cluster.store.get("ServiceAccount", "default", "default")
    cluster.submit(actions.Delete("ServiceAccount", "default", "default"))
    assert names(cluster, "default") == ["default"]
    assert cluster.store.get("ServiceAccount", "default", "default").uid != before.uid


def test_it_does_not_come_back_to_a_namespace_that_goes():
    cluster = started()
    made(cluster, "new")
    cluster.submit(actions.Delete("Namespace", "new"))
    assert names(cluster, "new") == []
    assert cluster.store.get("Namespace", "", "new") is None
