"""A Pod's PriorityClass must be there (plugin/pkg/admission/priority/admission.go)."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from tests.laws.histories import started


def pod(name: str = "p", **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name},
        "spec": {"containers": [{"name": "c", "image": "nginx"}], **spec},
    }


def high(value: int = 1000, **more: Any) -> dict[str, Any]:
    return {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": "high"}, "value": value, **more}


def workload(kind: str) -> dict[str, Any]:
    labels = {"app": "w"}
    template = {"metadata": {"labels": labels}, "spec": {"priorityClassName": "high", "containers": [{"name": "c", "image": "nginx"}]}}
    more: dict[str, Any] = {} if kind == "DaemonSet" else {"replicas": 2}
    spec = {"selector": {"matchLabels": labels}, "template": template, **more}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "w"}, "spec": spec}


def stored(cluster: Cluster, name: str = "p") -> tuple[Any, ...]:
    spec = cluster.store.get("Pod", "default", name).spec
    return tuple(spec.get(each) for each in ("priorityClassName", "priority", "preemptionPolicy"))


def test_a_pod_of_a_class_that_does_not_exist_is_refused() -> None:
    """Wrong lesson: a priorityClassName can be any word."""
    with pytest.raises(Refusal) as refused:
        started().submit(actions.Apply([pod(priorityClassName="high")]))
    assert (refused.value.code, refused.value.message) == (403, 'pods "p" is forbidden: no PriorityClass with name high was found')


def test_a_pod_gets_the_number_and_the_policy_of_its_class_and_can_be_applied_again() -> None:
    """Wrong lesson: a Pod's priority is 0 whatever its class says."""
    cluster = started()
    cluster.submit(actions.Apply([high(preemptionPolicy="Never"), pod(priorityClassName="high")]))
    assert stored(cluster) == ("high", 1000, "Never")
    assert cluster.submit(actions.Apply([pod(priorityClassName="high")])).lines == ("pod/p unchanged",)


def test_the_number_itself_may_not_be_another_than_the_classes() -> None:
    with pytest.raises(Refusal) as refused:
        started().submit(actions.Apply([pod(priority=7)]))
    assert refused.value.message == (
        'pods "p" is forbidden: the integer value of priority (7) must not be provided in pod spec; '
        "priority admission controller computed 0 from the given PriorityClass name"
    )


def test_classes_of_the_system_need_no_object_and_without_a_class_it_is_0() -> None:
    cluster = started()
    cluster.submit(actions.Apply([pod(priorityClassName="system-node-critical"), pod("q")]))
    assert stored(cluster) == ("system-node-critical", 2_000_001_000, "PreemptLowerPriority")
    assert stored(cluster, "q") == (None, 0, "PreemptLowerPriority")


def test_a_class_for_all_is_every_new_pods() -> None:
    """Wrong lesson: globalDefault changes nothing, or changes Pods that are there."""
    cluster = started()
    cluster.submit(actions.Apply([pod("before")]))
    cluster.submit(actions.Apply([high(globalDefault=True), pod()]))
    assert (stored(cluster, "before")[1], stored(cluster)[:2]) == (0, ("high", 1000))
    assert cluster.submit(actions.Apply([pod()])).lines == ("pod/p unchanged",)


@pytest.mark.parametrize(("kind", "called"), [("Deployment", "w-"), ("StatefulSet", 'pods "w-0" is'), ("DaemonSet", 'pods "w-" is')])
def test_a_workload_says_that_its_pods_class_is_missing_and_makes_them_when_it_comes(kind: str, called: str) -> None:
    """Wrong lesson: who has no Pods has a fault in its selector; the event says that the class is not there."""
    cluster = started()
    cluster.submit(actions.Apply([workload(kind)]))
    cluster.advance(cluster.now + 5 * SECOND)
    said = [each.rest["message"] for each in cluster.machinery.recorder.objects() if each.rest["reason"] == "FailedCreate"]
    assert said
    assert all(each.endswith("forbidden: no PriorityClass with name high was found") and called in each for each in said)
    cluster.submit(actions.Apply([high()]))
    cluster.advance(cluster.now + 20 * SECOND)
    pods = [each for each in cluster.store.list("Pod", "default") if each.labels.get("app") == "w"]
    assert len(pods) == (3 if kind == "DaemonSet" else 2)
    assert {each.spec["priority"] for each in pods} == {1000}
