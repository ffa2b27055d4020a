"""What a silent Node does to its Pods (pkg/controller/{nodelifecycle,tainteviction,podgc})."""

import pytest

from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.podstatus import pod_status
from playground.kube.clock import SECOND
from playground.kube.errors import Refusal
from tests.kube.world import World, pod_spec, template_of


def cut(replicas=3, seconds=0.0):
    """A Deployment on three Nodes, and node-a cut off so many seconds ago."""
    world = World()
    world.deployment(replicas=replicas)
    world.service()
    world.run(5)
    world.kubelet.power("node-a", False)
    world.run(seconds)
    return world


def here(world, node="node-a"):
    return [pod for pod in world.pods() if pod.node == node]


def taints(world, node="node-a"):
    return [(each["key"].rpartition("/")[2], each["effect"]) for each in world.get("Node", node).spec.get("taints", ())]


def ready(world, node="node-a"):
    return next(each["status"] for each in world.get("Node", node).status["conditions"] if each["type"] == "Ready")


def test_for_a_while_nobody_knows():
    world = cut(seconds=44)
    assert ready(world) == "True"
    (pod,) = here(world)
    assert world.endpoints()[pod.name].ready
    assert world.kubelet.serves(pod, 5000) == "dead"


SILENT = {
    "after its first renewal": (0, 5, 50),
    "just before its second": (0, 9.9, 50),
    "at its second": (0, 10, 60),
    "of one that renews between two checks": (3, 11, 65),
}


@pytest.mark.parametrize(("made", "cut_off", "noticed"), SILENT.values(), ids=SILENT)
def test_silence_is_noticed_fifty_seconds_after_the_check_that_saw_the_last_renewal(made, cut_off, noticed):
    world = World(nodes=0)
    world.run(made)
    world.kubelet.register("node-a", {})
    world.run(cut_off)
    world.kubelet.power("node-a", False)
    world.run(noticed - world.clock.now / SECOND - 0.001)
    assert ready(world) == "True"
    world.run(0.001)
    assert ready(world) == "Unknown"


def test_then_the_node_is_unknown_and_its_pods_are_not_ready():
    world = cut(seconds=51)
    assert ready(world) == "Unknown"
    assert taints(world) == [("unreachable", "NoSchedule"), ("unreachable", "NoExecute")]
    (pod,) = here(world)
    assert (pod.state.phase, pod.state.ready) == ("Running", False)
    endpoint = world.endpoints()[pod.name]
    assert (endpoint.ready, endpoint.serving, endpoint.terminating) == (False, False, False)
    assert "NodeNotReady" in world.reasons("node-a")
    assert "NodeNotReady" in world.reasons(pod.name)
    assert len(world.pods()) == 3


def test_after_five_minutes_more_its_pods_are_evicted_and_replaced():
    world = cut(seconds=344)
    assert all(pod.deleting is None for pod in world.pods())
    world.run(6)
    (stuck,) = here(world)
    assert stuck.deleting is not None
    assert len(world.pods(live=True)) == 3
    assert all(pod.state.ready for pod in world.pods(live=True))
    world.run(600)
    assert here(world) == [stuck]


def test_a_pod_of_a_lost_node_says_while_it_is_terminating_that_the_taint_manager_deleted_it():
    """Wrong lesson: nothing on a Pod that hangs in Terminating tells who deleted it, and it might have been its owner."""
    world = cut(seconds=100)
    (pod,) = here(world)
    assert pod.state.conditions == ()
    world.run(300)
    (pod,) = here(world)
    assert pod.deleting is not None
    shown = pod_status(pod, str)["conditions"][0]
    assert (shown["type"], shown["status"], shown["reason"], shown["message"]) == (
        "DisruptionTarget",
        "True",
        "DeletionByTaintManager",
        "Taint manager: deleting due to NoExecute taint",
    )
    assert "22:18:20Z" < shown["lastTransitionTime"][-9:] < "22:20:00Z"


def test_a_node_that_comes_back_in_time_keeps_its_pods_which_get_other_addresses():
    world = cut(seconds=120)
    (before,) = here(world)
    world.kubelet.power("node-a", True)
    world.run(10)
    (after,) = here(world)
    assert (after.uid, after.state.ready, after.state.containers[0].restarts) == (before.uid, True, 1)
    assert after.ip != before.ip, "its sandbox is a new one"
    assert ready(world) == "True"
    assert taints(world) == []
    world.run(600)
    assert here(world) == [after]
    assert "Rebooted" in world.reasons("node-a")


def cut_all(names, nodes):
    """Deployments on so many Nodes, and some of these cut off for an hour."""
    world = World(nodes=nodes)
    world.deployment(replicas=2 * nodes)
    world.run(5)
    for name in names:
        world.kubelet.power(name, False)
    world.run(3600)
    return world


def test_when_no_node_is_ready_no_pod_is_evicted():
    """Else a learner took a lost network for a reason to make all Pods anew."""
    world = cut_all(["node-a", "node-b", "node-c"], 3)
    assert all(taints(world, name) == [("unreachable", "NoSchedule")] for name in ("node-a", "node-b", "node-c"))
    assert all(pod.deleting is None and not pod.state.ready for pod in world.pods())


def test_pods_that_were_to_leave_stay_when_the_last_node_is_lost_too():
    """Else a learner would think that an eviction that has begun to count down goes on though the whole network is lost."""
    world = cut(seconds=100)
    assert ("unreachable", "NoExecute") in taints(world)
    world.kubelet.power("node-b", False)
    world.kubelet.power("node-c", False)
    world.run(60)
    assert taints(world) == [("unreachable", "NoSchedule")]
    world.run(600)
    assert all(pod.deleting is None for pod in world.pods())


def test_the_five_minutes_begin_again_when_one_of_all_nodes_comes_back():
    """Else a learner would think that the time in which no Node was ready counts, and that Pods are evicted once one is back."""
    world = cut_all(["node-a", "node-b", "node-c"], 3)
    world.kubelet.power("node-c", True)
    world.run(290)
    assert all(pod.deleting is None for pod in world.pods())
    world.run(30)
    assert [bool(here(world, name)) and all(pod.deleting is not None for pod in here(world, name)) for name in ("node-a", "node-b")] == [
        True
    ] * 2


def test_when_most_nodes_of_a_zone_are_silent_nobody_is_evicted():
    """Three of five and more: the controller doubts the network, and waits."""
    world = cut_all(["node-a", "node-b", "node-c"], 5)
    assert all(pod.deleting is None for pod in world.pods())
    assert taints(world) == [("unreachable", "NoSchedule")]
    world.kubelet.power("node-c", True)
    world.run(330)
    assert all(pod.deleting is not None for pod in here(world, "node-a") + here(world, "node-b"))


def test_of_several_silent_nodes_one_after_the_other_is_given_up():
    """Else a learner would think that all lost Nodes are given up at one moment, where one in ten seconds is."""
    world = cut(seconds=4)
    world.kubelet.power("node-b", False)
    world.run(50.9 - world.clock.now / SECOND)
    assert [len(taints(world, name)) for name in ("node-a", "node-b")] == [2, 1]
    world.run(10)
    assert [len(taints(world, name)) for name in ("node-a", "node-b")] == [2, 2]


def test_a_node_that_comes_back_late_lets_go_of_what_was_evicted():
    world = cut(seconds=400)
    assert len(here(world)) == 1
    world.kubelet.power("node-a", True)
    world.run(10)
    assert [pod for pod in world.pods() if pod.deleting is not None] == []
    assert len(world.pods()) == 3


def test_a_short_power_cut_is_never_noticed_but_restarts_containers():
    world = cut(seconds=10)
    world.kubelet.power("node-a", True)
    world.run(100)
    assert "NodeNotReady" not in world.reasons()
    assert [pod.state.containers[0].restarts for pod in here(world)] == [1]


def test_while_a_node_boots_nothing_of_it_runs():
    world = cut(seconds=10)
    (pod,) = here(world)
    assert world.kubelet.serves(pod, 5000) == "dead"
    world.kubelet.power("node-a", True)
    world.run(0.9)
    assert (world.kubelet.powered("node-a"), world.kubelet.up("node-a")) == (True, False)
    assert world.kubelet.serves(pod, 5000) == "dead"
    world = world.copy()
    world.run(0.2)
    assert world.kubelet.up("node-a")
    world.run(3)
    assert world.kubelet.serves(pod, 5000) == "accepts"


def test_a_node_that_loses_its_power_while_it_boots_stays_off():
    world = cut(seconds=10)
    world.kubelet.power("node-a", True)
    world.run(0.5)
    world.kubelet.power("node-a", False)
    world.run(5)
    assert (world.kubelet.powered("node-a"), world.kubelet.up("node-a")) == (False, False)


def test_a_node_made_again_while_the_former_boots_is_not_the_one_that_boots():
    world = cut(seconds=10)
    world.kubelet.power("node-a", True)
    world.run(0.5)
    delete(world.machinery, world.get("Node", "node-a"))
    world.kubelet.register("node-a", {})
    assert world.kubelet.up("node-a")
    world.run(5)
    assert "Rebooted" not in world.reasons("node-a")


def test_silence_is_counted_from_the_last_power_cut():
    world = cut(seconds=40)
    world.kubelet.power("node-a", True)
    world.run(5)
    world.kubelet.power("node-a", False)
    world.run(48)
    assert ready(world) == "True"
    world.run(5)
    assert ready(world) == "Unknown"


def test_a_pod_that_was_being_made_when_the_power_went_is_made_when_it_is_back():
    world = World(nodes=1)
    world.pod("p")
    world.run(0.1)
    world.kubelet.power("node-a", False)
    world.run(5)
    assert world.get("Pod", "p").state.phase == "Pending"
    world.kubelet.power("node-a", True)
    world.run(5)
    assert world.get("Pod", "p").state.ready
    assert world.get("Pod", "p").state.containers[0].restarts == 0


def test_a_pod_deleted_while_its_node_is_off_waits_for_it():
    world = cut()
    (pod,) = here(world)
    delete(world.machinery, pod)
    world.run(300)
    assert world.get("Pod", pod.name).deleting is not None
    world.kubelet.power("node-a", True)
    world.run(3)
    assert world.get("Pod", pod.name) is None


def test_a_cordoned_node_is_tainted_and_keeps_its_pods():
    world = World(nodes=1)
    world.pod("p")
    world.run(5)
    world.edit(world.get("Node", "node-a"), unschedulable=True)
    world.run(5)
    assert taints(world) == [("unschedulable", "NoSchedule")]
    assert world.get("Pod", "p").state.ready


def test_pods_of_a_node_that_is_deleted_are_collected_after_the_quarantine():
    world = World()
    world.deployment()
    world.run(5)
    world.store.remove(world.get("Node", "node-a"))
    world.run(50)
    assert len(here(world)) == 1
    world.run(11)
    assert here(world) == []
    world.run(5)
    assert sum(pod.state.ready for pod in world.pods()) == 3
    assert "DeletingOrphanedPod" not in world.reasons()


def out_of_service(world, node="node-a"):
    taint = {"key": "node.kubernetes.io/out-of-service", "value": "nodeshutdown", "effect": "NoExecute"}
    found = world.get("Node", node)
    world.edit(found, taints=[*found.spec.get("taints", []), taint])


def test_pods_that_terminate_on_a_lost_node_are_removed_once_it_is_out_of_service():
    """Wrong lesson: only its power or its deletion brings the Pod of a StatefulSet back from a lost Node."""
    world = World()
    labels = {"app": "db"}
    spec = {"replicas": 1, "serviceName": "db", "selector": {"matchLabels": labels}, "template": template_of(labels)}
    world.put("StatefulSet", "db", spec)
    world.run(5)
    lost = world.get("Pod", "db-0")
    world.kubelet.power(lost.node, False)
    world.run(400)
    assert world.get("Pod", "db-0").deleting is not None
    out_of_service(world, lost.node)
    world.run(30)
    found = world.get("Pod", "db-0")
    assert found.uid != lost.uid
    assert found.state.ready


def test_pods_that_leave_a_node_that_is_out_of_service_already_are_removed_too():
    world = cut()
    world.run(60)
    out_of_service(world)
    assert here(world)
    world.run(30)
    assert here(world) == []


def test_a_node_that_is_ready_stops_its_pods_itself_though_it_is_out_of_service():
    world = World()
    world.pod("p", spec=pod_spec(command=["sleep", "1000"], terminationGracePeriodSeconds=60), node="node-a")
    world.run(5)
    (pod,) = here(world)
    out_of_service(world)
    world.run(40)
    (left,) = here(world)
    assert left.uid == pod.uid
    assert left.state.phase == "Running"


def test_a_pod_of_a_deleted_node_that_a_finalizer_keeps_says_that_it_was_collected():
    """Wrong lesson: a Pod whose Node is gone has failed by itself."""
    world = cut()
    (pod,) = here(world)
    world.store.replace(pod, meta={**pod.meta, "finalizers": ["example.com/keep"]})
    world.store.remove(world.get("Node", "node-a"))
    world.run(90)
    (pod,) = here(world)
    assert (pod.state.phase, [each["reason"] for each in pod.state.conditions]) == ("Failed", ["DeletionByPodGC"])


def test_a_node_that_comes_back_under_its_name_in_quarantine_keeps_its_pods():
    world = World()
    world.deployment()
    world.run(5)
    (pod,) = here(world)
    world.store.remove(world.get("Node", "node-a"))
    world.run(20)
    world.kubelet.register("node-a", {})
    world.run(100)
    assert world.get("Pod", pod.name).state.ready


def test_a_pod_bound_by_hand_to_a_node_that_is_not_there_is_collected():
    world = World()
    world.pod("p", node="nowhere")
    world.run(100)
    assert world.get("Pod", "p") is None


def test_a_node_object_without_a_kubelet_runs_nothing():
    world = World(nodes=1)
    world.put("Node", "paper", namespace="", status={"allocatable": {"pods": "110"}})
    world.run(1)
    assert taints(world, "paper") == [("unreachable", "NoSchedule"), ("unreachable", "NoExecute")]
    world.pod("p", node="paper")
    world.run(60)
    assert world.get("Pod", "p").state.phase == "Pending"
    before = world.saved()
    with pytest.raises(Refusal, match="has no kubelet"):
        world.kubelet.power("paper", False)
    assert world.saved() == before
