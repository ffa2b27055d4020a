"""Each Namespace has its kube-root-ca.crt (pkg/controller/certificates/rootcacertpublisher)."""

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from tests.laws.histories import started

NAME = "kube-root-ca.crt"


def published(cluster, namespace="default"):
    cluster.advance(cluster.now + SECOND)
    return cluster.store.get("ConfigMap", namespace, NAME)


def test_every_namespace_has_one_also_a_new_one():
    cluster = started()
    cluster.submit(actions.Apply([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "new"}}]))
    assert [list(published(cluster, name).rest["data"]) for name in ("default", "kube-system", "new")] == [["ca.crt"]] * 3


CHANGES = {
    "deleted": actions.Delete("ConfigMap", NAME, "default"),
    "changed": actions.Patch("ConfigMap", NAME, {"data": {"ca.crt": "mine"}}, "default"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_one_is_published_again_that_was(change):
    cluster = started()
    before = published(cluster).rest
    cluster.submit(change)
    assert published(cluster).rest == before


def test_it_does_not_come_back_to_a_namespace_that_goes():
    cluster = started()
    cluster.submit(actions.Apply([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "new"}}]))
    published(cluster, "new")
    cluster.submit(actions.Delete("Namespace", "new"))
    assert published(cluster, "new") is None
    assert cluster.store.get("Namespace", "", "new") is None
