"""What `kubectl rollout undo` brings back (kubectl/pkg/polymorphichelpers/rollback.go)."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from tests.laws.histories import started


def rolled(*images: str) -> Cluster:
    """The Deployment web has had these images one after the other, nginx first."""
    cluster = started()
    for image in images:
        template = {"spec": {"containers": [{"name": "web", "image": image}]}}
        cluster.submit(actions.Patch("Deployment", "web", {"spec": {"template": template}}, "default", "strategic"))
        cluster.advance(cluster.now + 20 * SECOND)
    return cluster


def undo(cluster: Cluster, revision: int = 0) -> tuple[str, ...]:
    lines = cluster.submit(actions.Undo("web", "default", revision)).lines
    cluster.advance(cluster.now + 20 * SECOND)
    return lines


def web(cluster: Cluster) -> Any:
    return cluster.store.get("Deployment", "default", "web")


def image(cluster: Cluster) -> str:
    found: str = web(cluster).spec["template"]["spec"]["containers"][0]["image"]
    return found


def test_undo_brings_the_template_before_the_latest_back_as_a_new_revision() -> None:
    cluster = rolled("nginx:2")
    assert undo(cluster) == ("deployment.apps/web rolled back",)
    assert image(cluster) == "nginx"
    assert web(cluster).annotations["deployment.kubernetes.io/revision"] == "3"
    assert len([each for each in cluster.store.list("ReplicaSet") if each.name.startswith("web-")]) == 2


def test_undo_twice_is_back_where_it_was() -> None:
    cluster = rolled("nginx:2")
    undo(cluster)
    undo(cluster)
    assert image(cluster) == "nginx:2"


def test_undo_goes_to_a_revision_that_is_named() -> None:
    cluster = rolled("nginx:2", "nginx:3")
    undo(cluster, 1)
    assert image(cluster) == "nginx"
    assert web(cluster).annotations["deployment.kubernetes.io/revision"] == "4"


def test_the_template_that_is_there_already_is_skipped() -> None:
    cluster = rolled("nginx:2")
    assert undo(cluster, 2) == ("deployment.apps/web skipped rollback (current template already matches revision 2)",)


def test_the_change_cause_comes_back_too() -> None:
    cluster = started()
    cluster.submit(actions.Patch("Deployment", "web", {"metadata": {"annotations": {"kubernetes.io/change-cause": "first"}}}, "default"))
    cluster.advance(cluster.now + SECOND)
    change = {
        "metadata": {"annotations": {"kubernetes.io/change-cause": "second"}},
        "spec": {"template": {"metadata": {"labels": {"v": "2"}}}},
    }
    cluster.submit(actions.Patch("Deployment", "web", change, "default"))
    cluster.advance(cluster.now + 20 * SECOND)
    undo(cluster)
    assert web(cluster).annotations["kubernetes.io/change-cause"] == "first"
    assert "v" not in web(cluster).spec["template"]["metadata"]["labels"]


REFUSED = {
    "no history": (rolled, 0, 'no rollout history found for deployment "web"'),
    "no such revision": (lambda: rolled("nginx:2"), 7, "unable to find specified revision 7 in history"),
}


@pytest.mark.parametrize(("make", "revision", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_in_the_history_is_refused(make: Any, revision: int, words: str) -> None:
    cluster = make()
    before = cluster.hash()
    with pytest.raises(Refusal, match=words):
        cluster.submit(actions.Undo("web", "default", revision))
    assert cluster.hash() == before


def test_a_paused_rollout_cannot_be_undone() -> None:
    cluster = rolled("nginx:2")
    cluster.submit(actions.Patch("Deployment", "web", {"spec": {"paused": True}}, "default"))
    with pytest.raises(Refusal, match="you cannot rollback a paused deployment; resume it first with"):
        cluster.submit(actions.Undo("web", "default"))


def workload(kind: str, image: str) -> dict[str, Any]:
    labels = {"app": "agent"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "agent", "image": image}]}}
    spec = {"selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "agent"}, "spec": spec}


def changed(kind: str, *images: str) -> Cluster:
    cluster = started()
    for image in images:
        cluster.submit(actions.Apply([workload(kind, image)]))
        cluster.advance(cluster.now + 60 * SECOND)
    return cluster


@pytest.mark.parametrize("kind", ["StatefulSet", "DaemonSet"])
def test_the_pods_of_others_that_roll_out_go_back_too(kind: str) -> None:
    cluster = changed(kind, "nginx:1", "nginx:2")
    assert cluster.submit(actions.Undo("agent", "default", kind=kind)).lines == (f"{kind.lower()}.apps/agent rolled back",)
    cluster.advance(cluster.now + 60 * SECOND)
    found = [pod for pod in cluster.store.list("Pod") if pod.labels.get("app") == "agent"]
    assert {pod.spec["containers"][0]["image"] for pod in found} == {"nginx:1"}


@pytest.mark.parametrize("kind", ["StatefulSet", "DaemonSet"])
def test_others_that_never_changed_have_no_revision_to_go_back_to(kind: str) -> None:
    cluster = changed(kind, "nginx:1")
    with pytest.raises(Refusal, match="no last revision to roll back to"):
        cluster.submit(actions.Undo("agent", "default", kind=kind))


def test_what_keeps_no_history_cannot_be_undone() -> None:
    with pytest.raises(Refusal, match='no rollbacker has been implemented for "Pod"'):
        started().submit(actions.Undo("client", "default", kind="Pod"))
