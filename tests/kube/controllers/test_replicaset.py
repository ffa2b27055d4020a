"""ReplicaSets keep as many Pods as they want (pkg/controller/replicaset)."""

from collections import Counter

import pytest
from msgspec.structs import replace

from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.objects import ContainerState, Owner, Pod, PodState
from playground.kube.apiserver.podtemplate import owned_by
from playground.kube.controllers.replicaset import _dispensable as dispensable
from tests.kube.world import World, pod_spec, template_of

LABELS = {"app": "web"}


def replicaset(world, count=3, **spec):
    return world.put("ReplicaSet", "web", {"replicas": count, "selector": {"matchLabels": LABELS}, "template": template_of(LABELS), **spec})


def test_a_pod_that_is_deleted_is_replaced_at_once():
    """Else a learner would think that a deleted Pod is gone at once, and that no more Pods than wanted ever run."""
    world = World()
    replicaset(world)
    world.run(5)
    killed = world.pods()[0]
    delete(world.machinery, killed)
    world.run(0.1)
    assert world.get("Pod", killed.name).deleting is not None
    assert len(world.pods(live=True)) == 3
    # Since 1.35 the status says that more Pods run than are wanted for a while.
    assert world.get("ReplicaSet", "web").status["terminatingReplicas"] == 1
    world.run(5)
    assert world.get("Pod", killed.name) is None
    assert world.get("ReplicaSet", "web").status == {
        "replicas": 3,
        "terminatingReplicas": 0,
        "observedGeneration": 1,
        "readyReplicas": 3,
        "availableReplicas": 3,
    }


def test_pods_of_one_template_share_spec_and_labels():
    """Else a learner would think that a Pod has no generation, which it has from its first moment."""
    world = World()
    replicaset(world)
    world.run(1)
    first, *others = world.pods()
    assert all(pod.spec is first.spec and pod.labels is first.labels for pod in others)
    assert [pod.meta for pod in world.pods()] == [{"generation": 1}] * 3
    assert [each["key"] for each in first.spec["tolerations"]] == ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]


def test_scaling_down_takes_the_pod_that_is_not_ready():
    world = World()
    owner = replicaset(world)
    world.run(5)
    sick = world.pods()[1]
    world.kubelet.set_probe(sick, "readiness", False)
    world.edit(world.get("ReplicaSet", "web"), replicas=2)
    world.run(40)
    assert sick.name not in [pod.name for pod in world.pods()]
    assert len(world.pods()) == 2
    assert world.reasons(owner.name).count("SuccessfulDelete") == 1


def test_a_pod_that_loses_the_label_is_let_go_and_replaced():
    world = World()
    replicaset(world)
    world.run(5)
    loose = world.pods()[0]
    world.store.replace(loose, labels={"app": "debug"})
    world.run(5)
    assert world.get("Pod", loose.name).controller is None
    assert len(world.pods("web")) == 3


def test_a_bare_pod_with_the_labels_is_adopted():
    world = World()
    world.pod("bare", labels=LABELS)
    world.run(3)
    owner = replicaset(world)
    world.run(5)
    assert world.get("Pod", "bare").controller.uid == owner.uid
    assert len(world.pods("web")) == 3


SELECTORS = {
    "one of several values": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["web", "shop"]}]},
    "any value": {"matchExpressions": [{"key": "app", "operator": "Exists"}]},
}


@pytest.mark.parametrize("case", SELECTORS)
def test_bare_pods_are_adopted_by_a_selector_without_a_pair(case):
    world = World()
    world.pod("bare", labels=LABELS)
    world.run(3)
    owner = replicaset(world, selector=SELECTORS[case])
    world.run(5)
    assert world.get("Pod", "bare").controller.uid == owner.uid
    assert len(world.pods("web")) == 3


def test_a_finished_pod_is_not_adopted():
    world = World()
    world.pod("done", pod_spec(restartPolicy="Never", image="busybox", command=["true"], ports=[]), labels=LABELS)
    world.run(3)
    replicaset(world)
    world.run(5)
    assert world.get("Pod", "done").controller is None


def test_the_pod_beside_another_of_the_same_controller_goes_first():
    world = World(2)
    controller = owned_by(world.put("Rollout", "web"))

    def owned_set(name, count, **more):
        labels = {**LABELS, "set": name}
        template = {"metadata": {"labels": labels}, "spec": pod_spec(**more)}
        spec = {"replicas": count, "selector": {"matchLabels": labels}, "template": template}
        world.put("ReplicaSet", name, spec, owners=controller)
        world.run(5)

    owned_set("old", 2)
    oldest = min(world.pods(), key=lambda pod: pod.state.ready_since)
    owned_set("new", 1, nodeSelector={"kubernetes.io/hostname": oldest.node})
    world.edit(world.get("ReplicaSet", "old"), replicas=1)
    world.run(0.1)
    assert world.get("Pod", oldest.name).deleting is not None


def test_a_pod_made_beside_a_full_set_is_adopted_and_one_too_many_goes():
    world = World()
    replicaset(world)
    world.run(5)
    world.pod("bare", labels=LABELS)
    world.run(5)
    assert len(world.pods("web", live=True)) == 3


def test_pods_of_another_controller_are_not_taken():
    world = World()
    other = world.put("Job", "other")
    world.pod("theirs", labels=LABELS, owners=(Owner("batch/v1", "Job", "other", other.uid, True),))
    replicaset(world)
    world.run(5)
    assert world.get("Pod", "theirs").controller.uid == other.uid
    assert len(world.pods("web", live=True)) == 4


def test_ready_is_available_only_after_min_ready_seconds():
    world = World()
    replicaset(world, minReadySeconds=20)
    world.run(10)
    assert world.get("ReplicaSet", "web").status["readyReplicas"] == 3
    assert "availableReplicas" not in world.get("ReplicaSet", "web").status
    world.run(20)
    assert world.get("ReplicaSet", "web").status["availableReplicas"] == 3


def test_finished_pods_do_not_count():
    world = World()
    replicaset(world, 2)
    world.run(5)
    pod = world.pods()[0]
    world.store.replace(pod, state=replace(pod.state, phase="Failed", ready=False))
    world.run(5)
    assert len([each for each in world.pods() if each.state.phase == "Running"]) == 2


def test_the_limit_of_pods_is_named_and_tried_again_when_one_goes():
    world = World(pods=2)
    world.pod("other")
    replicaset(world, 2)
    world.run(5)
    assert len(world.pods("web")) == 1
    (failure,) = world.get("ReplicaSet", "web").status["conditions"]
    assert (failure["type"], failure["reason"]) == ("ReplicaFailure", "FailedCreate")
    assert 'limit "pods" reached' in failure["message"]
    delete(world.machinery, world.get("Pod", "other"), 0)
    world.run(5)
    assert len(world.pods("web")) == 2
    assert "conditions" not in world.get("ReplicaSet", "web").status


def test_who_is_deleted_first():
    def pod(name, node="a", phase="Running", ready=True, since=0, restarts=0, created=0, cost=None):
        state = PodState(phase=phase, ready=ready, ready_since=since, containers=(ContainerState(restarts=restarts),))
        annotations = {"controller.kubernetes.io/pod-deletion-cost": str(cost)} if cost is not None else {}
        return Pod("Pod", "default", name, name, 0, created, node=node, annotations=annotations, state=state)

    crowd = [pod("crowded-1", "b", since=5), pod("crowded-2", "b", since=9)]
    order = [
        pod("unscheduled", "", "Pending", False),
        pod("pending", phase="Pending", ready=False),
        pod("not-ready", ready=False),
        pod("cheap", cost=-5),
        pod("dear", "g", cost="much", restarts=9, since=99),
        *reversed(crowd),
        pod("restarted", "c", since=3, restarts=2),
        pod("young", "d", since=3, created=8),
        pod("old", "e", since=3),
        pod("oldest-ready", "f", since=1),
    ]
    later = [each.name for each in dispensable(order[::-1], Counter(each.node for each in order))]
    assert later[:4] == ["unscheduled", "pending", "not-ready", "cheap"]
    assert later.index("crowded-2") < later.index("crowded-1") < later.index("restarted") < later.index("young") < later.index("old")
    assert later[-1] == "oldest-ready"
