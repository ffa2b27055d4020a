"""From a bound Pod to running containers, and again after a crash (pod-lifecycle.md)."""

import pytest

from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.served import VERSION
from playground.kube.clock import MILLISECOND, SECOND
from playground.kube.errors import Refusal
from playground.kube.settings import ClusterSettings
from tests.kube.world import World, pod_spec


def started(spec=None, seconds=5, **more):
    world = World()
    world.pod("p", spec or pod_spec(), **more)
    world.run(seconds)
    return world, world.get("Pod", "p")


def container(world, name="p", slot=0):
    return world.get("Pod", name).state.containers[slot]


def test_pending_then_creating_then_running():
    world = World()
    world.pod("p")
    assert world.get("Pod", "p").state.containers == ()
    world.run(0.02)
    pod = world.get("Pod", "p")
    assert (pod.state.phase, pod.state.containers[0].reason) == ("Pending", "ContainerCreating")
    assert pod.ip == "10.244.1.2".replace("1.2", pod.ip.split(".")[2] + ".2")
    assert pod.host_ip.startswith("192.168.0.")
    world.run(2)
    pod = world.get("Pod", "p")
    assert (pod.state.phase, pod.state.ready, pod.state.containers[0].state) == ("Running", True, "running")
    assert 400 * MILLISECOND <= pod.state.containers[0].since <= 1_520 * MILLISECOND
    assert world.reasons("p") == ["Scheduled", "Pulled", "Created", "Started"]


def test_several_containers_are_one_pod():
    spec = pod_spec()
    world, pod = started({"containers": [*spec["containers"], {"name": "side", "image": "example.com/log"}]})
    assert [each.state for each in pod.state.containers] == ["running", "running"]
    world.kubelet.crash(pod, "side", 1)
    world.run(0.1)
    assert not world.get("Pod", "p").state.ready
    assert container(world).ready
    world.run(3)
    assert world.get("Pod", "p").state.ready
    assert [each.restarts for each in world.get("Pod", "p").state.containers] == [0, 1]


def test_init_containers_run_one_after_the_other():
    init = [{"name": f"i{n}", "image": "busybox", "command": ["sleep", "5"]} for n in range(2)]
    world, pod = started(pod_spec(initContainers=init))
    assert [each.state for each in pod.state.init] == ["running", "waiting"]
    assert (pod.state.phase, pod.state.initialized, pod.state.containers[0].reason) == ("Pending", None, "PodInitializing")
    world.run(5)
    assert [each.state for each in world.get("Pod", "p").state.init] == ["terminated", "running"]
    world.run(8)
    pod = world.get("Pod", "p")
    assert pod.state.ready
    assert pod.state.initialized is not None


def test_a_sidecar_goes_on_running_beside_the_containers():
    world, pod = started(
        pod_spec(initContainers=[{"name": "proxy", "image": "envoy", "restartPolicy": "Always", "ports": [{"containerPort": 15001}]}])
    )
    assert [each.state for each in (*pod.state.init, *pod.state.containers)] == ["running", "running"]
    assert pod.state.ready
    assert world.kubelet.serves(pod, 15001) == "accepts"


def test_a_sidecar_ends_with_the_containers_it_serves():
    proxy = {"name": "proxy", "image": "envoy", "restartPolicy": "Always"}
    world, pod = started(pod_spec(restartPolicy="Never", initContainers=[proxy], image="busybox", command=["sleep", "2"], ports=[]), 10)
    assert pod.state.phase == "Succeeded"
    assert [each.state for each in (*pod.state.init, *pod.state.containers)] == ["terminated", "terminated"]
    world.run(60)
    assert world.get("Pod", "p").state.init[0].restarts == 0


DEADLINES = {
    "a server": (pod_spec(activeDeadlineSeconds=5), 6.1),
    "one that waits in its init containers": (
        pod_spec(activeDeadlineSeconds=5, initContainers=[{"name": "i", "image": "busybox", "command": ["false"]}]),
        5.1,
    ),
    "one that ignores SIGTERM": (
        pod_spec(activeDeadlineSeconds=5, terminationGracePeriodSeconds=4, image="busybox", command=["sleep", "3600"], ports=[]),
        9.1,
    ),
}


@pytest.mark.parametrize("case", DEADLINES)
def test_a_pod_fails_when_its_active_deadline_is_over(case):
    spec, fails = DEADLINES[case]
    world, pod = started(spec, 1)
    world.clock.run_until(pod.state.started + round((fails - 0.2) * SECOND))
    assert world.get("Pod", "p").state.phase != "Failed"
    world.run(0.3)
    state = world.get("Pod", "p").state
    assert (state.phase, state.reason, state.ready) == ("Failed", "DeadlineExceeded", False)
    world.run(100)
    assert [each.restarts for each in world.get("Pod", "p").state.containers] == [0]


def test_a_deadline_may_come_nearer():
    """Else a learner would think that a nearer activeDeadlineSeconds means nothing to a Pod that runs already."""
    world, pod = started(pod_spec(activeDeadlineSeconds=50), 2)
    world.edit(pod, activeDeadlineSeconds=5)
    world.run(10)
    assert world.get("Pod", "p").state.phase == "Failed"


def test_a_failing_init_container_is_tried_again_and_again():
    world, pod = started(pod_spec(initContainers=[{"name": "i", "image": "busybox", "command": ["false"]}]), 20)
    assert pod.state.phase == "Pending"
    assert pod.state.init[0].reason == "CrashLoopBackOff"
    assert "BackOff" in world.reasons("p")


def test_a_failing_init_container_ends_a_pod_that_never_restarts():
    _, pod = started(pod_spec(initContainers=[{"name": "i", "image": "busybox", "command": ["false"]}], restartPolicy="Never"), 20)
    assert pod.state.phase == "Failed"
    assert pod.state.containers[0].state == "waiting"


ENDINGS = {
    "Never and 0": ("Never", "true", "Succeeded", 0),
    "Never and 1": ("Never", "false", "Failed", 0),
    "OnFailure and 0": ("OnFailure", "true", "Succeeded", 0),
}


@pytest.mark.parametrize("case", ENDINGS)
def test_commands_that_end(case):
    policy, command, phase, restarts = ENDINGS[case]
    _, pod = started(pod_spec(image="busybox", command=[command], ports=[], restartPolicy=policy), 60)
    assert (pod.state.phase, pod.state.ready, pod.state.containers[0].restarts) == (phase, False, restarts)


def test_on_failure_a_failing_command_is_restarted():
    _, pod = started(pod_spec(image="busybox", command=["false"], ports=[], restartPolicy="OnFailure"), 60)
    assert pod.state.phase == "Running"
    assert pod.state.containers[0].restarts >= 2


def test_a_command_that_ends_is_restarted_for_ever_by_default():
    _, pod = started(pod_spec(image="busybox", ports=[]), 60)
    assert pod.state.containers[0].restarts == 3
    assert pod.state.containers[0].reason == "CrashLoopBackOff"
    assert pod.state.containers[0].last.reason == "Completed"
    assert pod.state.phase == "Running"


def test_back_off_doubles_up_to_five_minutes():
    world, pod = started()
    gaps = []
    for _ in range(8):
        world.kubelet.crash(world.get("Pod", "p"), "", 1)
        world.run(0.001)
        ended = world.clock.now
        while container(world).state != "running":
            world.run(0.1)
        gaps.append(round((container(world).since - ended) / SECOND))
    assert gaps[0] <= 2
    assert gaps[1:] == [10, 20, 40, 80, 160, 300, 300]
    assert container(world).restarts == 8
    assert world.get("Pod", "p").ip == pod.ip


def test_ten_good_minutes_forgive_the_crashes():
    world, _ = started()
    for _ in range(2):
        world.kubelet.crash(world.get("Pod", "p"), "", 1)
        world.run(15)
    world.run(601)
    world.kubelet.crash(world.get("Pod", "p"), "", 1)
    world.run(2)
    assert container(world).state == "running"


def test_a_crash_is_written_down():
    world, pod = started()
    world.kubelet.crash(pod, "web", 3)
    world.run(0.1)
    ended = container(world).ended
    assert (ended.exit_code, ended.reason) == (3, "Error")
    assert not world.get("Pod", "p").state.ready
    world.run(5)
    assert (container(world).restarts, container(world).last.exit_code) == (1, 3)


@pytest.mark.parametrize("case", ["no such container", "not running yet", "Node off"])
def test_what_cannot_crash_is_refused(case):
    world, pod = started(seconds=0.02 if case == "not running yet" else 5)
    if case == "Node off":
        world.kubelet.power(pod.node, False)
    before = world.saved()
    with pytest.raises(Refusal) as refused:
        world.kubelet.crash(world.get("Pod", "p"), "nope" if case == "no such container" else "", 1)
    assert refused.value.code == (400 if case == "no such container" else 409)
    assert world.saved() == before


def with_image(pod, image):
    return [{**each, "image": image} for each in pod.spec["containers"]]


@pytest.mark.parametrize("policy", ["Always", "Never"])
def test_a_new_image_starts_the_container_anew(policy):
    world, pod = started(pod_spec(restartPolicy=policy))
    world.edit(pod, containers=with_image(pod, "frontend:2"))
    world.run(0.5)
    assert container(world).restarts == 0
    world.run(2)
    assert (container(world).restarts, container(world).state, container(world).last.reason) == (1, "running", "Completed")
    assert world.get("Pod", "p").state.ready
    assert "Container web definition changed, will be restarted" in world.messages("Killing")
    world.run(60)
    assert container(world).restarts == 1


def test_a_new_image_does_not_wait_for_the_back_off_of_the_old_one():
    world, pod = started(pod_spec(image="busybox", command=["false"], ports=[]), 60)
    assert container(world).reason == "CrashLoopBackOff"
    restarts = container(world).restarts
    world.edit(world.get("Pod", "p"), containers=with_image(pod, "busybox:2"))
    world.run(2)
    assert container(world).restarts > restarts


def test_what_a_connection_meets():
    world, pod = started()
    assert world.kubelet.serves(pod, 5000) == "accepts"
    assert world.kubelet.serves(pod, 5000, "UDP") == "refuses"
    assert [world.kubelet.listener(pod, 5000), world.kubelet.listener(pod, 5000, "UDP"), world.kubelet.listener(pod, 80)] == [
        (0, 0),
        None,
        None,
    ]
    assert world.kubelet.serves(pod, 80) == "refuses"
    assert world.kubelet.listens(pod) == ((5000, "TCP"),)
    assert world.kubelet.says(pod, 5000) == "p (frontend:1)"
    world.kubelet.crash(pod, "", 1)
    world.run(0.01)
    assert world.kubelet.serves(pod, 5000) == "refuses"
    delete(world.machinery, world.get("Pod", "p"), 0)
    assert world.kubelet.serves(pod, 5000) == "dead"


def test_a_pod_on_the_hosts_network_has_the_nodes_address():
    _, pod = started({**pod_spec(), "hostNetwork": True})
    assert pod.ip == pod.host_ip


def test_without_an_address_a_pod_waits_for_one():
    world = World(nodes=1, settings=ClusterSettings(node_prefix=30))
    world.pod("first")
    world.run(3)
    world.pod("second")
    world.run(30)
    assert world.get("Pod", "second").ip == ""
    assert "FailedCreatePodSandBox" in world.reasons("second")
    delete(world.machinery, world.get("Pod", "first"), 0)
    world.run(10)
    assert world.get("Pod", "second").state.ready


def test_a_new_node_is_complete():
    world = World(nodes=0)
    node = world.kubelet.register("node-a", {"topology.kubernetes.io/zone": "west"})
    assert node.labels["kubernetes.io/hostname"] == "node-a"
    assert node.labels["topology.kubernetes.io/zone"] == "west"
    assert node.spec == {"podCIDR": "10.244.1.0/24", "podCIDRs": ["10.244.1.0/24"]}
    assert node.status["addresses"] == [{"type": "InternalIP", "address": "192.168.0.2"}, {"type": "Hostname", "address": "node-a"}]
    assert node.status["allocatable"]["pods"] == "110"
    assert node.status["nodeInfo"]["kubeletVersion"] == VERSION[2]
    assert [each["status"] for each in node.status["conditions"]] == ["False", "False", "False", "True"]


def test_no_network_left_for_a_node_is_refused():
    world = World(nodes=1, settings=ClusterSettings(pod_network="10.244.0.0/23"))
    with pytest.raises(Refusal):
        world.kubelet.register("node-b", {})
    assert world.store.count("Node") == 1
