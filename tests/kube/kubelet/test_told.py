"""What does a kubelet tell of a Pod that is not ready (yet), or whose time is over?  (pkg/kubelet/status/generate.go, pkg/kubelet/kubelet_pods.go)"""

from __future__ import annotations

from typing import Any

from playground.kube.actions import Create, Patch, SetProbe
from playground.kube.apiserver.tables import printing
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.explain import statusword
from tests.laws.histories import started

SLEEPER = {"name": "main", "image": "busybox", "command": ["sleep", "3600"]}
PROXY = {"name": "proxy", "image": "nginx", "restartPolicy": "Always"}


def pod(seconds: float, **spec: Any) -> Cluster:
    cluster = started()
    cluster.advance(cluster.now + 20 * SECOND)
    document = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [SLEEPER], **spec}}
    cluster.submit(Create([document]))
    cluster.advance(cluster.now + round(seconds * SECOND))
    return cluster


def told(cluster: Cluster) -> dict[str, Any]:
    document: dict[str, Any] = cluster.server.encode(cluster.store.get("Pod", "default", "p"))
    return document


def conditions(cluster: Cluster) -> dict[str, dict[str, Any]]:
    return {each["type"]: each for each in told(cluster)["status"]["conditions"]}


def test_a_sidecar_that_is_not_ready_is_named_by_both_conditions() -> None:
    """Else a learner would think that the readiness of a sidecar is not that of its Pod's containers."""
    found = conditions(pod(10, initContainers=[{**PROXY, "readinessProbe": {"tcpSocket": {"port": 1234}}}]))
    for each in ("Ready", "ContainersReady"):
        assert (found[each]["status"], found[each].get("reason")) == ("False", "ContainersNotReady")
        assert found[each]["message"] == "containers with unready status: [proxy]"


def test_an_init_container_that_is_over_is_not_named() -> None:
    found = conditions(pod(10, initContainers=[{"name": "first", "image": "busybox", "command": ["true"]}]))
    assert (found["Ready"]["status"], found["ContainersReady"]["status"]) == ("True", "True")


def test_a_pod_that_was_never_ready_is_so_since_its_kubelet_has_it() -> None:
    """Else a learner would read that a Pod had waited since before it was made."""
    cluster = pod(10, initContainers=[{"name": "first", "image": "busybox", "command": ["sleep", "3600"]}])
    since = told(cluster)["status"]["startTime"]
    assert {conditions(cluster)[each]["lastTransitionTime"] for each in ("Ready", "ContainersReady")} == {since}
    assert since >= told(cluster)["metadata"]["creationTimestamp"]


def test_before_its_first_init_container_runs_a_pod_is_initializing() -> None:
    """Else a learner would think that the containers are being created while an init container holds them back."""
    cluster = pod(0.3, initContainers=[{"name": "first", "image": "busybox", "command": ["true"]}])
    status = told(cluster)["status"]
    waiting = [each["state"] for part in ("initContainerStatuses", "containerStatuses") for each in status[part]]
    assert waiting == [{"waiting": {"reason": "PodInitializing"}}] * 2
    assert printing.cells("Pod", told(cluster), cluster.now)[2] == "Init:0/1"


def test_a_pod_whose_time_is_over_is_called_running_as_long_as_it_runs() -> None:
    """Else a learner would think that a deadline ends containers at once, without their grace."""
    cluster = pod(12, activeDeadlineSeconds=5, terminationGracePeriodSeconds=10)
    assert (told(cluster)["status"]["phase"], told(cluster)["status"].get("reason")) == ("Running", None)
    assert statusword.word(cluster.store.get("Pod", "default", "p")) == "Running"
    cluster.advance(cluster.now + 10 * SECOND)
    assert (told(cluster)["status"]["phase"], told(cluster)["status"]["reason"]) == ("Failed", "DeadlineExceeded")


GATE = "example.com/fed"


def set_gate(cluster: Cluster, *status: str) -> None:
    found = [{"type": GATE, "status": each} for each in status]
    cluster.submit(Patch("Pod", "p", {"status": {"conditions": found}}, "default", "strategic", "status"))
    cluster.advance(cluster.now + SECOND)


def test_a_readiness_gate_that_opens_makes_the_pod_ready_and_one_that_closes_takes_it_back() -> None:
    """Else a learner would think that readiness gates take a Pod out of its Services for good (KEP-580)."""
    cluster = pod(10, readinessGates=[{"conditionType": GATE}])
    ready = conditions(cluster)["Ready"]
    assert (ready["status"], ready["reason"]) == ("False", "ReadinessGatesNotReady")
    assert ready["message"] == f'corresponding condition of pod readiness gate "{GATE}" does not exist.'
    set_gate(cluster, "True")
    assert (conditions(cluster)[GATE]["status"], conditions(cluster)["Ready"]["status"]) == ("True", "True")
    set_gate(cluster, "False")
    assert conditions(cluster)["Ready"]["message"] == f'the status of pod readiness gate "{GATE}" is not "True", but False'
    assert conditions(cluster)["ContainersReady"]["status"] == "True"


def test_any_condition_that_is_not_the_kubelets_own_can_be_set() -> None:
    cluster = pod(10)
    own = [{"type": "Ready", "status": "False"}, {"type": "example.com/x", "status": "Unknown", "reason": "Why"}]
    cluster.submit(Patch("Pod", "p", {"status": {"conditions": own}}, "default", "strategic", "status"))
    assert (conditions(cluster)["Ready"]["status"], conditions(cluster)["example.com/x"]["reason"]) == ("True", "Why")


def test_a_gate_does_not_move_the_time_of_the_containers_readiness() -> None:
    """Else a learner would think that containers became ready when a gate opened (status_manager.go, updateLastTransitionTime)."""
    cluster = pod(10, readinessGates=[{"conditionType": GATE}])
    since = conditions(cluster)["ContainersReady"]["lastTransitionTime"]
    for status in ("True", "False"):
        set_gate(cluster, status)
        assert conditions(cluster)["ContainersReady"]["lastTransitionTime"] == since
    assert conditions(cluster)["Ready"]["lastTransitionTime"] > since


def test_containers_are_unready_since_one_of_them_is() -> None:
    cluster = pod(10)
    before = conditions(cluster)
    assert before["ContainersReady"]["lastTransitionTime"] == before["Ready"]["lastTransitionTime"]
    cluster.submit(SetProbe("p", "readiness", False))
    cluster.advance(cluster.now + SECOND)
    after = conditions(cluster)
    assert after["ContainersReady"]["status"] == "False"
    assert after["ContainersReady"]["lastTransitionTime"] == after["Ready"]["lastTransitionTime"] > before["Ready"]["lastTransitionTime"]


def test_a_sandbox_is_gone_since_its_pod_is_over() -> None:
    cluster = pod(3, restartPolicy="Never", containers=[{**SLEEPER, "command": ["sleep", "5"]}])
    up = conditions(cluster)["PodReadyToStartContainers"]
    cluster.advance(cluster.now + 10 * SECOND)
    over = conditions(cluster)["PodReadyToStartContainers"]
    assert (up["status"], over["status"]) == ("True", "False")
    assert over["lastTransitionTime"] == conditions(cluster)["Ready"]["lastTransitionTime"] > up["lastTransitionTime"]


def test_a_pod_that_is_over_says_why_it_is_initialized() -> None:
    cluster = pod(10, restartPolicy="Never", containers=[{**SLEEPER, "command": ["true"]}])
    assert (conditions(cluster)["Initialized"]["status"], conditions(cluster)["Initialized"]["reason"]) == ("True", "PodCompleted")
