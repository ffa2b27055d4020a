"""StatefulSets number their Pods (pkg/controller/statefulset)."""

import pytest
from msgspec.structs import replace

from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.podtemplate import owned_by
from playground.kube.controllers.history import by_number, number_of, template_at
from tests.kube.world import World, template_of

LABELS = {"app": "db"}


def statefulset(world, replicas=3, template=None, **spec):
    spec = {"replicas": replicas, "serviceName": "db", "selector": {"matchLabels": LABELS}, **spec}
    return world.put("StatefulSet", "db", {**spec, "template": template or template_of(LABELS)})


def names(world):
    return [pod.name for pod in world.pods()]


def test_pods_come_in_order_each_ready_before_the_next():
    world = World()
    statefulset(world)
    seen = []
    for _ in range(500):
        world.run(0.02)
        pods = world.pods()
        assert all(pod.state.ready for pod in pods[:-1])
        if names(world) not in seen:
            seen.append(names(world))
    assert [each for each in seen if each] == [["db-0"], ["db-0", "db-1"], ["db-0", "db-1", "db-2"]]


def test_parallel_pods_come_together():
    world = World()
    statefulset(world, podManagementPolicy="Parallel")
    world.run(0.02)
    assert names(world) == ["db-0", "db-1", "db-2"]


def test_each_pod_has_its_name_as_hostname_and_label():
    world = World()
    world.service("db", clusterIP="None", selector=LABELS)
    statefulset(world, 2)
    world.run(10)
    pod = world.get("Pod", "db-1")
    assert (pod.spec["hostname"], pod.spec["subdomain"]) == ("db-1", "db")
    assert pod.labels["statefulset.kubernetes.io/pod-name"] == "db-1"
    assert pod.labels["apps.kubernetes.io/pod-index"] == "1"
    assert world.endpoints("db")["db-1"].hostname == "db-1"


def test_a_deleted_pod_comes_back_under_its_name_once_it_is_gone():
    world = World()
    statefulset(world)
    world.run(10)
    before = world.get("Pod", "db-1")
    delete(world.machinery, before)
    world.run(0.5)
    assert world.get("Pod", "db-1").uid == before.uid
    world.run(10)
    after = world.get("Pod", "db-1")
    assert after.uid != before.uid
    assert after.state.ready


def test_scaling_down_takes_the_last_first():
    world = World()
    owner = statefulset(world)
    world.run(10)
    world.edit(world.get("StatefulSet", owner.name), replicas=1)
    seen = []
    for _ in range(500):
        world.run(0.02)
        if names(world) not in seen:
            seen.append(names(world))
    assert seen == [["db-0", "db-1", "db-2"], ["db-0", "db-1"], ["db-0"]]


@pytest.mark.parametrize(("policy", "left"), [("OrderedReady", ["db-0", "db-1", "db-2", "db-3"]), ("Parallel", ["db-0", "db-1"])])
def test_scaling_down_waits_at_a_pod_that_is_not_ready_if_a_lower_one_of_those_to_go_is_not_either(policy, left):
    world = World()
    statefulset(world, 4, podManagementPolicy=policy)
    world.run(10)
    for name in ("db-2", "db-3"):
        world.kubelet.set_probe(world.get("Pod", name), "readiness", False)
    world.run(1)
    world.edit(world.get("StatefulSet", "db"), replicas=2)
    world.run(10)
    assert names(world) == left


def test_scaling_down_takes_the_only_pod_that_is_not_ready():
    world = World()
    statefulset(world, 4)
    world.run(10)
    world.kubelet.set_probe(world.get("Pod", "db-3"), "readiness", False)
    world.run(1)
    world.edit(world.get("StatefulSet", "db"), replicas=2)
    world.run(10)
    assert names(world) == ["db-0", "db-1"]


def test_a_rolling_update_goes_from_the_last_to_the_first():
    world = World()
    owner = statefulset(world)
    world.run(10)
    uids = {pod.name: pod.uid for pod in world.pods()}
    world.edit(world.get("StatefulSet", owner.name), template=template_of(LABELS, image="db:2"))
    order = []
    for _ in range(1_000):
        world.run(0.02)
        for pod in world.pods():
            if pod.uid != uids[pod.name] and pod.name not in order:
                order.append(pod.name)
        assert sum(pod.state.ready for pod in world.pods()) >= 2
    assert order == ["db-2", "db-1", "db-0"]
    status = world.get("StatefulSet", "db").status
    assert (status["readyReplicas"], status["updatedReplicas"], status["currentRevision"]) == (3, 3, status["updateRevision"])


def test_a_partition_holds_the_first_back():
    world = World()
    owner = statefulset(world, updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"partition": 2}})
    world.run(10)
    world.edit(world.get("StatefulSet", owner.name), template=template_of(LABELS, image="db:2"))
    world.run(30)
    assert [pod.spec["containers"][0]["image"] for pod in world.pods()] == ["frontend:1", "frontend:1", "db:2"]


def gone_at_once(policy, most, replicas=5, broken=()):
    """A rolling update's first Pods: their names as they are told to go, after the Pods of these numbers have stopped being ready."""
    world = World()
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 0, "maxUnavailable": most}}
    owner = statefulset(world, replicas, podManagementPolicy=policy, updateStrategy=strategy)
    world.run(30)
    for number in broken:
        pod = world.get("Pod", f"db-{number}")
        world.store.replace(pod, state=replace(pod.state, ready=False))
    world.edit(world.get("StatefulSet", owner.name), template=template_of(LABELS, image="db:2"))
    world.run(0.03)
    return world, [pod.name for pod in world.pods() if pod.deleting is not None]


@pytest.mark.parametrize("policy", ["OrderedReady", "Parallel"])
@pytest.mark.parametrize(("most", "gone"), [(2, ["db-3", "db-4"]), ("40%", ["db-3", "db-4"]), ("59%", ["db-3", "db-4"]), ("1%", ["db-4"])])
def test_as_many_pods_as_max_unavailable_allows_are_replaced_together(policy, most, gone):
    """Wrong lesson: a StatefulSet is always updated Pod by Pod, whatever its maxUnavailable says."""
    world, first = gone_at_once(policy, most)
    assert first == gone
    world.run(60)
    assert {pod.spec["containers"][0]["image"] for pod in world.pods()} == {"db:2"}


def test_pods_that_are_replaced_together_come_back_in_order_unless_the_set_is_parallel():
    """Wrong lesson: maxUnavailable lets the new Pods of an OrderedReady set start together."""
    for policy, expected in (("OrderedReady", True), ("Parallel", False)):
        world, _ = gone_at_once(policy, 2)
        ordered = True
        for _ in range(300):
            world.run(0.02)
            new = {pod.name: pod for pod in world.pods() if pod.spec["containers"][0]["image"] == "db:2"}
            ordered &= "db-4" not in new or ("db-3" in new and new["db-3"].state.ready)
        assert ordered is expected


def test_a_parallel_set_replaces_broken_pods_beyond_max_unavailable_and_an_ordered_one_waits_for_them():
    """Wrong lesson: old Pods that never get ready hold up the rollout of a Parallel set (they did, in 1.35.0 to 1.35.3 only)."""
    assert gone_at_once("Parallel", 1, broken=(0, 2))[1] == ["db-0", "db-2"]
    assert gone_at_once("Parallel", 3, broken=(0, 2))[1] == ["db-0", "db-2", "db-4"]
    assert gone_at_once("OrderedReady", 3, broken=(0, 2))[1] == []


def test_on_a_dead_node_a_pod_is_not_replaced_until_it_is_gone():
    world = World()
    statefulset(world)
    world.run(10)
    pod = world.get("Pod", "db-1")
    world.kubelet.power(pod.node, False)
    world.run(500)
    assert world.get("Pod", "db-1").uid == pod.uid
    assert world.get("Pod", "db-1").deleting is not None
    delete(world.machinery, world.get("Pod", "db-1"), 0)
    world.run(10)
    assert world.get("Pod", "db-1").state.ready


def test_each_pod_names_the_claims_that_its_containers_mount():
    world = World()
    statefulset(world, 2, volumeClaimTemplates=[{"metadata": {"name": "www"}}])
    world.run(10)
    assert world.get("Pod", "db-1").spec["volumes"][0] == {"name": "www", "persistentVolumeClaim": {"claimName": "www-db-1"}}


def claims(world):
    return {each.name: each for each in world.store.list("PersistentVolumeClaim")}


def with_claims(world, replicas=2, **policy):
    storage = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    templates = [{"metadata": {"name": "www"}, "spec": storage}]
    owner = statefulset(world, replicas, volumeClaimTemplates=templates, persistentVolumeClaimRetentionPolicy=policy)
    world.run(10)
    return owner


def test_each_pod_gets_its_claims_and_a_provisioner_binds_them():
    world = World()
    with_claims(world)
    assert list(claims(world)) == ["www-db-0", "www-db-1"]
    claim = claims(world)["www-db-1"]
    assert (claim.status["phase"], claim.status["capacity"], claim.labels) == ("Bound", {"storage": "1Gi"}, LABELS)
    volume = world.store.get("PersistentVolume", "", claim.spec["volumeName"])
    assert (volume.spec["claimRef"]["name"], volume.status["phase"]) == ("www-db-1", "Bound")
    assert world.messages("SuccessfulCreate")[0] == "create Claim www-db-0 Pod db-0 in StatefulSet db success"


def test_claims_outlive_the_set_and_its_pods_and_are_found_again():
    world = World()
    with_claims(world)
    before = claims(world)["www-db-1"].uid
    delete(world.machinery, world.get("StatefulSet", "db"))
    world.run(60)
    assert (names(world), list(claims(world))) == ([], ["www-db-0", "www-db-1"])
    with_claims(world)
    assert claims(world)["www-db-1"].uid == before


RETAINED = {
    ("Retain", "Retain"): (["www-db-0", "www-db-1"], ["www-db-0", "www-db-1"]),
    ("Retain", "Delete"): (["www-db-0", "www-db-1"], []),
    ("Delete", "Retain"): (["www-db-0"], ["www-db-0"]),
    ("Delete", "Delete"): (["www-db-0"], []),
}


@pytest.mark.parametrize(("scaled", "deleted"), RETAINED)
def test_claims_go_with_their_pods_or_their_set_as_the_retention_policy_says(scaled, deleted):
    """Wrong lesson: a policy that was written has no effect."""
    world = World()
    with_claims(world, whenScaled=scaled, whenDeleted=deleted)
    found = []
    world.edit(world.get("StatefulSet", "db"), replicas=1)
    world.run(10)
    found.append(list(claims(world)))
    delete(world.machinery, world.get("StatefulSet", "db"))
    world.run(60)
    found.append(list(claims(world)))
    assert tuple(found) == RETAINED[scaled, deleted]


def test_a_pod_that_is_only_replaced_keeps_its_claim_whatever_the_retention_policy():
    world = World()
    with_claims(world, whenScaled="Delete", whenDeleted="Delete")
    before = claims(world)["www-db-1"].uid
    delete(world.machinery, world.get("Pod", "db-1"))
    world.run(60)
    assert claims(world)["www-db-1"].uid == before


def test_a_claim_of_somebody_elses_is_left_to_them():
    world = World()
    with_claims(world)
    other = world.put("Deployment", "other", {"replicas": 0, "selector": {"matchLabels": {"a": "b"}}, "template": template_of({"a": "b"})})
    world.store.replace(claims(world)["www-db-1"], owners=owned_by(other))
    world.edit(world.get("StatefulSet", "db"), replicas=1, persistentVolumeClaimRetentionPolicy={"whenScaled": "Delete"})
    world.run(60)
    assert claims(world)["www-db-1"].owners == owned_by(other)


def test_a_claim_that_is_deleted_takes_its_volume_along():
    world = World()
    with_claims(world)
    delete(world.machinery, claims(world)["www-db-1"])
    world.run(1)
    assert [each.spec["claimRef"]["name"] for each in world.store.list("PersistentVolume")] == ["www-db-0"]


def test_behind_the_partition_a_pod_that_is_made_again_keeps_the_older_template():
    world = World()
    statefulset(world, updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"partition": 2}})
    world.run(10)
    world.edit(world.get("StatefulSet", "db"), template=template_of(LABELS, image="db:2"))
    world.run(30)
    delete(world.machinery, world.get("Pod", "db-0"))
    world.run(10)
    assert [pod.spec["containers"][0]["image"] for pod in world.pods()] == ["frontend:1", "frontend:1", "db:2"]
    status = world.get("StatefulSet", "db").status
    assert (status["currentReplicas"], status["updatedReplicas"]) == (2, 1)
    assert status["currentRevision"] != status["updateRevision"]


def test_on_delete_a_pod_that_is_made_again_has_the_newest_template():
    world = World()
    statefulset(world, updateStrategy={"type": "OnDelete"})
    world.run(10)
    world.edit(world.get("StatefulSet", "db"), template=template_of(LABELS, image="db:2"))
    world.run(10)
    delete(world.machinery, world.get("Pod", "db-1"))
    world.run(10)
    assert [pod.spec["containers"][0]["image"] for pod in world.pods()] == ["frontend:1", "db:2", "frontend:1"]
    status = world.get("StatefulSet", "db").status
    assert (status["currentReplicas"], status["updatedReplicas"]) == (2, 1)


def test_each_template_is_a_revision_and_going_back_makes_it_the_newest():
    world = World()
    first = statefulset(world, 1).spec["template"]
    world.run(10)
    world.edit(world.get("StatefulSet", "db"), template=template_of(LABELS, image="db:2"))
    world.run(10)
    world.edit(world.get("StatefulSet", "db"), template=first)
    world.run(10)
    found = by_number(world.store.list("ControllerRevision"))
    assert [(number_of(each), template_at(each)["spec"]["containers"][0]["image"]) for each in found] == [(2, "db:2"), (3, "frontend:1")]
    assert world.get("StatefulSet", "db").status["currentRevision"] == found[-1].name
    assert world.get("Pod", "db-0").labels["controller-revision-hash"] == found[-1].name


def test_a_rollout_that_is_stuck_on_a_broken_pod_stays_stuck_when_its_template_is_taken_back():
    """Known of Kubernetes ("Forced rollback"): the broken Pod is to be deleted by hand."""
    world = World()
    first = statefulset(world, 2).spec["template"]
    world.run(10)
    probe = {"tcpSocket": {"port": 1}}
    world.edit(world.get("StatefulSet", "db"), template=template_of(LABELS, image="db:2", readinessProbe=probe))
    world.run(30)
    world.edit(world.get("StatefulSet", "db"), template=first)
    world.run(60)
    assert world.get("Pod", "db-1").spec["containers"][0]["image"] == "db:2"
    delete(world.machinery, world.get("Pod", "db-1"))
    world.run(60)
    assert [pod.spec["containers"][0]["image"] for pod in world.pods()] == ["frontend:1", "frontend:1"]


def test_a_rolling_update_waits_until_the_new_pod_is_ready_for_long_enough():
    world = World()
    statefulset(world, 2, minReadySeconds=20)
    world.run(60)
    world.edit(world.get("StatefulSet", "db"), template=template_of(LABELS, image="db:2"))
    world.run(15)
    assert [pod.spec["containers"][0]["image"] for pod in world.pods()] == ["frontend:1", "db:2"]
    world.run(30)
    assert [pod.spec["containers"][0]["image"] for pod in world.pods()] == ["db:2", "db:2"]


def test_revisions_are_adopted_by_a_set_that_takes_over_orphans():
    world = World()
    statefulset(world, 2)
    world.run(10)
    before = {pod.name: pod.uid for pod in world.pods()}
    delete(world.machinery, world.get("StatefulSet", "db"), propagation="Orphan")
    world.run(1)
    statefulset(world, 2)
    world.run(30)
    assert {pod.name: pod.uid for pod in world.pods()} == before
    (revision,) = world.store.list("ControllerRevision")
    assert revision.controller.uid == world.get("StatefulSet", "db").uid


def test_a_name_that_another_pod_holds_is_waited_for():
    world = World()
    other = world.pod("db-0", labels={"app": "other"})
    statefulset(world, 1)
    world.run(10)
    assert "FailedCreate" in world.reasons("db")
    delete(world.machinery, other, 0)
    world.run(10)
    assert world.get("Pod", "db-0").controller.name == "db"
