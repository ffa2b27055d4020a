"""StatefulSets number their Pods (pkg/controller/statefulset)."""

from playground.kube.apiserver.deletion import delete
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
    assert world.get("Pod", "db-1").spec["volumes"] == [{"name": "www", "persistentVolumeClaim": {"claimName": "www-db-1"}}]
