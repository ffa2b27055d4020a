"""The count of a DaemonSet's templates (pkg/registry/apps/daemonset/strategy.go), in its annotation and on its Pods."""

from __future__ import annotations

from typing import Any

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from tests.laws.histories import started

ANNOTATION = "deprecated.daemonset.template.generation"


def daemons(image: str = "nginx:1.28", patience: int = 0, **annotations: str) -> dict[str, Any]:
    labels = {"app": "agent"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "c", "image": image}]}}
    spec = {"selector": {"matchLabels": labels}, "minReadySeconds": patience, "template": template}
    return {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agent", "annotations": annotations}, "spec": spec}


def counted(cluster: Cluster) -> tuple[str, list[str]]:
    """What the DaemonSet says, and its Pods, once all are new."""
    cluster.advance(cluster.now + 60 * SECOND)
    pods = [pod for pod in cluster.store.list("Pod", "default") if pod.labels.get("app") == "agent"]
    said = cluster.store.get("DaemonSet", "default", "agent").annotations[ANNOTATION]
    return said, sorted({pod.labels["pod-template-generation"] for pod in pods})


def test_each_template_of_a_daemon_set_moves_the_count_and_its_pods_have_it_as_a_label():
    """Wrong lesson: `kubectl get pods --show-labels` shows the labels of the template and the revision's hash only."""
    cluster = started()
    cluster.submit(actions.Apply([daemons()]))
    assert counted(cluster) == ("1", ["1"])
    cluster.submit(actions.Apply([daemons("nginx:1.29")]))
    assert counted(cluster) == ("2", ["2"])


def test_what_is_no_template_leaves_the_count_alone():
    cluster = started()
    cluster.submit(actions.Apply([daemons()]))
    cluster.submit(actions.Apply([daemons(patience=5)]))
    assert counted(cluster)[0] == "1"
    assert cluster.submit(actions.Apply([daemons(patience=5)])).lines == ("daemonset.apps/agent unchanged",)


def test_who_writes_may_say_the_first_count_but_no_other():
    """Wrong lesson: an annotation that the API server keeps can be set by who writes the object."""
    cluster = started()
    cluster.submit(actions.Apply([daemons(**{ANNOTATION: "7"})]))
    cluster.submit(actions.Apply([daemons(**{ANNOTATION: "12"})]))
    assert counted(cluster)[0] == "7"
