"""Deployments roll from one ReplicaSet to the next (pkg/controller/deployment)."""

import pytest

from playground.kube.controllers.hashing import template_hash
from playground.kube.controllers.rolling import fenceposts, proportional_sizes
from tests.kube.world import World, template_of


def sets(world):
    """Replicas wanted by the hash's ReplicaSet, oldest first."""
    return [each.spec["replicas"] for each in sorted(world.store.list("ReplicaSet"), key=lambda each: each.created)]


def condition(world, type):
    return next(each for each in world.get("Deployment", "web").status["conditions"] if each["type"] == type)


def new_template(world, image="frontend:2"):
    world.edit(world.get("Deployment", "web"), template=template_of({"app": "web"}, image=image))


def test_a_new_deployment_comes_up():
    world = World()
    world.deployment()
    world.run(5)
    (owned,) = world.store.list("ReplicaSet")
    hash = owned.labels["pod-template-hash"]
    assert owned.name == f"web-{hash}"
    assert owned.spec["selector"] == {"matchLabels": {"app": "web", "pod-template-hash": hash}}
    assert all(pod.name.startswith(f"web-{hash}-") and pod.labels["pod-template-hash"] == hash for pod in world.pods())
    status = world.get("Deployment", "web").status
    assert [status[f"{each}eplicas"] for each in ("r", "readyR", "availableR", "updatedR")] == [3, 3, 3, 3]
    assert condition(world, "Available")["reason"] == "MinimumReplicasAvailable"
    assert condition(world, "Progressing")["reason"] == "NewReplicaSetAvailable"
    assert world.get("Deployment", "web").annotations["deployment.kubernetes.io/revision"] == "1"
    assert world.messages("ScalingReplicaSet") == [f"Scaled up replica set {owned.name} from 0 to 3"]


def test_a_deployment_counts_the_pods_of_all_its_replicasets_that_are_on_their_way_out():
    """Else its status hid, as it did before 1.35, that the old Pods of a rollout still run beside the new ones."""
    world = World()
    world.deployment(replicas=1, template=template_of({"app": "web"}, lifecycle={"preStop": {"sleep": {"seconds": 20}}}))
    world.run(5)
    assert world.get("Deployment", "web").status["terminatingReplicas"] == 0
    new_template(world)
    world.run(5)
    status = world.get("Deployment", "web").status
    assert (status["replicas"], status["terminatingReplicas"]) == (1, 1)


def test_a_rolling_update_never_goes_below_or_above_its_limits():
    world = World()
    world.deployment(replicas=4)
    world.run(5)
    new_template(world)
    for _ in range(1_000):
        world.run(0.02)
        wanted = sum(sets(world))
        ready = sum(pod.state.ready and pod.deleting is None for pod in world.pods())
        assert wanted <= 5
        assert ready >= 3
    assert sets(world) == [0, 4]
    assert {pod.spec["containers"][0]["image"] for pod in world.pods()} == {"frontend:2"}
    assert world.get("Deployment", "web").annotations["deployment.kubernetes.io/revision"] == "2"


def test_a_rollout_whose_pods_never_get_ready_stops_and_is_late():
    world = World()
    world.deployment(replicas=4, progressDeadlineSeconds=60)
    world.run(5)
    world.edit(world.get("Deployment", "web"), template=template_of({"app": "web"}, readinessProbe={"tcpSocket": {"port": 9}}))
    world.run(50)
    assert condition(world, "Progressing")["reason"] == "ReplicaSetUpdated"
    assert sum(pod.state.ready for pod in world.pods()) == 3
    world.run(30)
    assert condition(world, "Progressing")["reason"] == "ProgressDeadlineExceeded"
    assert condition(world, "Available")["status"] == "True"


def test_recreate_waits_until_the_last_old_pod_is_gone():
    world = World()
    world.deployment(strategy={"type": "Recreate"})
    world.run(5)
    new_template(world)
    images = set()
    for _ in range(400):
        world.run(0.02)
        now = {pod.spec["containers"][0]["image"] for pod in world.pods()}
        assert len(now) <= 1
        images |= now
    assert images == {"frontend:1", "frontend:2"}
    assert len(world.pods()) == 3


@pytest.mark.parametrize(("strategy", "available"), [("RollingUpdate", "True"), ("Recreate", "False")])
def test_one_unready_pod_of_four_is_allowed_in_a_rolling_update_only(strategy, available):
    world = World()
    world.deployment(replicas=4, strategy={"type": strategy})
    world.run(5)
    world.kubelet.set_probe(world.pods()[0], "readiness", False)
    world.run(1)
    assert condition(world, "Available")["status"] == available


def test_scaling_goes_straight_to_the_replicaset():
    world = World()
    world.deployment()
    world.run(5)
    world.edit(world.get("Deployment", "web"), replicas=5)
    world.run(5)
    assert sets(world) == [5]
    assert world.get("Deployment", "web").status["readyReplicas"] == 5
    world.edit(world.get("Deployment", "web"), replicas=0)
    world.run(40)
    assert world.pods() == []


def test_a_paused_deployment_scales_but_does_not_roll():
    world = World()
    world.deployment()
    world.run(5)
    world.edit(world.get("Deployment", "web"), paused=True, template=template_of({"app": "web"}, image="frontend:2"), replicas=4)
    world.run(5)
    assert sets(world) == [4]
    assert condition(world, "Progressing")["reason"] == "DeploymentPaused"
    world.edit(world.get("Deployment", "web"), paused=None)
    world.run(20)
    assert sets(world) == [0, 4]


def test_going_back_to_an_old_template_takes_its_replicaset_again():
    world = World()
    world.deployment()
    world.run(5)
    new_template(world)
    world.run(20)
    new_template(world, "frontend:1")
    world.run(20)
    assert sets(world) == [3, 0]
    old = min(world.store.list("ReplicaSet"), key=lambda each: each.created)
    assert old.annotations["deployment.kubernetes.io/revision"] == "3"
    assert old.annotations["deployment.kubernetes.io/revision-history"] == "1"
    assert world.get("Deployment", "web").annotations["deployment.kubernetes.io/revision"] == "3"


def test_only_so_many_old_replicasets_are_kept():
    world = World()
    world.deployment(revisionHistoryLimit=2)
    world.run(5)
    for number in range(2, 7):
        new_template(world, f"frontend:{number}")
        world.run(20)
    assert sets(world) == [0, 0, 3]
    assert {pod.spec["containers"][0]["image"] for pod in world.pods()} == {"frontend:6"}


def test_an_orphaned_replicaset_is_adopted():
    world = World()
    world.deployment()
    world.run(5)
    (owned,) = world.store.list("ReplicaSet")
    world.store.replace(owned, owners=())
    world.run(5)
    assert world.store.list("ReplicaSet")[0].controller.name == "web"


FENCEPOSTS = [(1, 1, 0), (2, 1, 0), (3, 1, 0), (4, 1, 1), (5, 2, 1), (8, 2, 2), (10, 3, 2)]


@pytest.mark.parametrize(("replicas", "surge", "unavailable"), FENCEPOSTS)
def test_a_quarter_is_rounded_up_for_surge_and_down_for_unavailable(replicas, surge, unavailable):
    assert fenceposts(World(0).deployment(replicas=replicas)) == (surge, unavailable)


def test_both_limits_zero_let_one_be_unavailable():
    zero = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": "0%"}}
    assert fenceposts(World(0).deployment(strategy=zero)) == (0, 1)


def test_a_resize_in_the_middle_of_a_rollout_is_shared_in_proportion():
    world = World(0)
    deployment = world.deployment(replicas=20)
    old = [sized(world, name, size, 10) for name, size in (("a", 6), ("b", 2))]
    shared = {each.name: size for each, size in proportional_sizes(deployment, old, sized(world, "c", 2, 10), "RollingUpdate")}
    assert shared == {"a": 15, "b": 5, "c": 5}


def test_a_resize_before_a_rollout_has_used_its_surge_gives_the_rest_to_the_largest():
    """Of 13 Pods that 10 replicas allow only 11 were there: each set's share is of 13. A learner saw 13 and 5 Pods instead."""
    world = World(0)
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 3, "maxUnavailable": 2}}
    deployment = world.deployment(replicas=15, strategy=strategy)
    old, new = sized(world, "old", 8, 13), sized(world, "new", 3, 13)
    shared = {each.name: size for each, size in proportional_sizes(deployment, [old], new, "RollingUpdate")}
    assert shared == {"old": 14, "new": 4}


def sized(world, name, size, most):
    return world.put("ReplicaSet", name, {"replicas": size}, annotations={"deployment.kubernetes.io/max-replicas": str(most)})


def test_equal_templates_have_equal_hashes_whatever_the_order():
    assert template_hash({"a": 1, "b": {"c": 2, "d": 3}}) == template_hash({"b": {"d": 3, "c": 2}, "a": 1})
    assert template_hash({"a": 1}) != template_hash({"a": 2})
    assert template_hash({"a": 1}) != template_hash({"a": 1}, collisions=1)


def test_a_name_that_is_taken_by_a_stranger_is_a_collision():
    world = World()
    template = template_of({"app": "web"})
    world.put(
        "ReplicaSet",
        f"web-{template_hash(template)}",
        {"replicas": 0, "selector": {"matchLabels": {"x": "y"}}, "template": {"metadata": {}, "spec": {}}},
    )
    world.deployment(template=template)
    world.run(5)
    assert world.get("Deployment", "web").status["collisionCount"] == 1
    assert len(world.pods("web")) == 3


def test_a_replicaset_that_somebody_else_resizes_gets_its_size_back_each_time():
    world = World()
    world.deployment(replicas=3)
    world.run(5)
    for size in (1, 5, 1):
        (owned,) = world.store.list("ReplicaSet")
        world.edit(owned, replicas=size)
        world.run(5)
        assert sets(world) == [3]


def stuck(world):
    """A template whose Pods never get ready."""
    world.edit(world.get("Deployment", "web"), template=template_of({"app": "web"}, readinessProbe={"tcpSocket": {"port": 9}}))


def test_a_finished_rollout_misses_no_deadline_when_more_pods_are_wanted_than_the_nodes_have_room_for():
    world = World()
    world.deployment(template=template_of({"app": "web"}, resources={"requests": {"cpu": "1"}}), progressDeadlineSeconds=60)
    world.run(5)
    world.edit(world.get("Deployment", "web"), replicas=30)
    world.run(90)
    assert world.get("Deployment", "web").status["availableReplicas"] < 30
    assert condition(world, "Progressing")["reason"] == "NewReplicaSetAvailable"


def test_a_rollout_that_comes_further_after_its_deadline_progresses_again():
    world = World()
    world.deployment(replicas=4, progressDeadlineSeconds=20)
    world.run(5)
    stuck(world)
    world.run(30)
    assert condition(world, "Progressing")["reason"] == "ProgressDeadlineExceeded"
    new = next(pod for pod in world.pods() if not pod.state.ready)
    world.kubelet.set_probe(new, "readiness", True)
    world.run(11)
    assert (condition(world, "Progressing")["status"], condition(world, "Progressing")["reason"]) == ("True", "ReplicaSetUpdated")
    world.run(30)
    assert condition(world, "Progressing")["reason"] == "ProgressDeadlineExceeded"


def test_a_deadline_that_is_made_shorter_counts_for_the_rollout_that_is_under_way():
    world = World()
    world.deployment(replicas=4)
    world.run(5)
    stuck(world)
    world.run(10)
    world.edit(world.get("Deployment", "web"), progressDeadlineSeconds=20)
    world.run(15)
    assert condition(world, "Progressing")["reason"] == "ProgressDeadlineExceeded"


def test_without_a_deadline_nothing_is_said_of_progress():
    world = World()
    world.deployment(progressDeadlineSeconds=2147483647)
    world.run(5)
    assert [each["type"] for each in world.get("Deployment", "web").status["conditions"]] == ["Available"]


def test_a_rollout_that_goes_on_after_a_pause_has_its_whole_deadline_again():
    world = World()
    world.deployment(replicas=4, progressDeadlineSeconds=30)
    world.run(5)
    stuck(world)
    world.run(10)
    world.edit(world.get("Deployment", "web"), paused=True)
    world.run(60)
    assert condition(world, "Progressing")["reason"] == "DeploymentPaused"
    world.edit(world.get("Deployment", "web"), paused=None)
    world.run(20)
    assert (condition(world, "Progressing")["status"], condition(world, "Progressing")["reason"]) == ("Unknown", "DeploymentResumed")
    world.run(15)
    assert condition(world, "Progressing")["reason"] == "ProgressDeadlineExceeded"


def test_a_pause_does_not_hide_that_a_rollout_is_late():
    world = World()
    world.deployment(replicas=4, progressDeadlineSeconds=20)
    world.run(5)
    stuck(world)
    world.run(30)
    world.edit(world.get("Deployment", "web"), paused=True)
    world.run(1)
    assert condition(world, "Progressing")["reason"] == "ProgressDeadlineExceeded"


def test_a_deployment_says_that_its_pods_are_refused_until_they_are_not():
    world = World()
    template = template_of({"app": "web"})
    world.deployment(template={**template, "spec": {**template["spec"], "serviceAccountName": "robot"}})
    world.run(5)
    (owned,) = world.store.list("ReplicaSet")
    assert condition(world, "Progressing")["reason"] == "NewReplicaSetCreated"
    assert condition(world, "Progressing")["message"] == f'Created new replica set "{owned.name}"'
    failure = condition(world, "ReplicaFailure")
    assert (failure["status"], failure["reason"]) == ("True", "FailedCreate")
    assert failure["message"] == owned.status["conditions"][0]["message"]
    assert "lastUpdateTime" not in owned.status["conditions"][0]
    world.put("ServiceAccount", "robot")
    world.run(30)
    assert [each["type"] for each in world.get("Deployment", "web").status["conditions"]] == ["Available", "Progressing"]


def test_a_deployment_without_a_word_of_progress_finds_its_replicaset():
    world = World()
    world.deployment(replicas=4)
    world.run(5)
    stuck(world)
    world.run(10)
    deployment = world.get("Deployment", "web")
    world.store.replace(deployment, status={**deployment.status, "conditions": []})
    world.edit(world.get("Deployment", "web"), minReadySeconds=1)
    world.run(1)
    assert condition(world, "Progressing")["reason"] == "FoundNewReplicaSet"


def test_the_newest_replicaset_follows_a_changed_min_ready_seconds():
    world = World()
    world.deployment()
    world.run(5)
    world.edit(world.get("Deployment", "web"), minReadySeconds=30)
    world.run(1)
    (owned,) = world.store.list("ReplicaSet")
    assert owned.spec["minReadySeconds"] == 30
    assert "availableReplicas" not in owned.status
    world.edit(world.get("Deployment", "web"), minReadySeconds=None)
    world.run(1)
    (owned,) = world.store.list("ReplicaSet")
    assert "minReadySeconds" not in owned.spec
    assert owned.status["availableReplicas"] == 3


def test_the_replicaset_of_the_lowest_revision_is_forgotten_first_though_another_is_older():
    world = World()
    world.deployment(revisionHistoryLimit=1)
    world.run(5)
    for image in ("frontend:2", "frontend:1", "frontend:3"):
        new_template(world, image)
        world.run(20)
    left = {each.spec["template"]["spec"]["containers"][0]["image"] for each in world.store.list("ReplicaSet")}
    assert left == {"frontend:1", "frontend:3"}


def test_a_paused_deployment_too_keeps_only_so_many_old_replicasets():
    world = World()
    world.deployment(revisionHistoryLimit=2)
    world.run(5)
    new_template(world)
    world.run(20)
    world.edit(
        world.get("Deployment", "web"), paused=True, revisionHistoryLimit=0, template=template_of({"app": "web"}, image="frontend:3")
    )
    world.run(1)
    assert sets(world) == [3]
