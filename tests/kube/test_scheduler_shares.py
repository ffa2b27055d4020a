"""What Nodes have to give, and what a Pod has to wait for: ports of the host, CPU and memory, claims (pkg/scheduler/framework/plugins)."""

import pytest

from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.objects import Object
from tests.kube.world import World, pod_spec, template_of


def wanting(port, **more):
    return pod_spec(ports=[{"containerPort": 80, "hostPort": port, "protocol": "TCP", **more}])


def test_pods_that_want_one_host_port_are_never_on_one_node():
    """Six of them ran on three Nodes, which would teach that a host port can be had twice (plugins/nodeports)."""
    world = World(nodes=3)
    for number in range(5):
        world.pod(f"web-{number}", wanting(8080))
    world.run(5)
    placed = [pod.node for pod in world.pods() if pod.node]
    assert sorted(placed) == ["node-a", "node-b", "node-c"]
    said = next(pod.state.unschedulable for pod in world.pods() if not pod.node)
    assert said.startswith("0/3 nodes are available: 3 node(s) didn't have free ports for the requested pod ports.")


def test_a_host_port_is_free_again_when_its_pod_is_gone():
    world = World(nodes=1)
    world.pod("one", wanting(8080))
    world.run(1)
    world.pod("two", wanting(8080))
    world.run(1)
    assert not world.get("Pod", "two").node
    world.store.remove(world.get("Pod", "one"))
    world.run(5)
    assert world.get("Pod", "two").node == "node-a"


@pytest.mark.parametrize(("one", "other", "fits"), [
    ({}, {"protocol": "UDP"}, True), ({"hostIP": "10.0.0.1"}, {"hostIP": "10.0.0.2"}, True), ({"hostIP": "10.0.0.1"}, {}, False)])  # fmt: skip
def test_host_ports_differ_by_protocol_and_address(one, other, fits):
    world = World(nodes=1)
    world.pod("one", wanting(8080, **one))
    world.run(1)
    world.pod("two", wanting(8080, **other))
    world.run(5)
    assert bool(world.get("Pod", "two").node) is fits


def test_a_restored_scheduler_knows_which_host_ports_are_taken():
    world = World(nodes=1)
    world.pod("one", wanting(8080))
    world.run(1)
    again = world.copy()
    again.pod("two", wanting(8080))
    again.run(2)
    assert not again.get("Pod", "two").node


def asking(requests, **more):
    return pod_spec(resources={"requests": requests}, **more)


def placed(*requests, nodes=1):
    """The Node of each of these Pods, one after the other; a Node has 4 CPUs and 8 GiB."""
    made = World(nodes=nodes)
    for number, each in enumerate(requests):
        made.pod(f"p{number}", asking(each))
        made.run(1)
    return made, [made.get("Pod", f"p{number}").node for number in range(len(requests))]


def said(made, name="p0"):
    return made.get("Pod", name).state.unschedulable


def test_what_a_pod_asks_for_as_a_whole_has_to_fit():
    """Else a learner would think that `spec.resources` of a Pod, on by default since 1.34, means nothing."""
    made = World(nodes=1)
    made.pod("p0", {**pod_spec(), "resources": {"requests": {"cpu": "5"}}})
    made.run(1)
    assert "1 Insufficient cpu" in said(made)


def test_a_node_holds_as_much_as_its_pods_request():
    made, nodes = placed({"cpu": "3"}, {"cpu": "500m"}, {"cpu": "501m"}, {"cpu": "500m"})
    assert nodes == ["node-a", "node-a", "", "node-a"]
    assert said(made, "p2") == (
        "0/1 nodes are available: 1 Insufficient cpu. "
        "no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."
    )


def test_all_that_is_short_is_named_and_what_no_node_has_cannot_be_helped():
    made, _ = placed({"cpu": "5", "memory": "9Gi", "nvidia.com/gpu": 1}, nodes=2)
    assert said(made) == (
        "0/2 nodes are available: 2 Insufficient cpu, 2 Insufficient memory, 2 Insufficient nvidia.com/gpu. "
        "no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling."
    )


def test_a_pod_that_asks_for_nothing_fits_on_a_node_that_is_taken():
    assert placed({"cpu": "4"}, {})[1] == ["node-a", "node-a"]


def test_when_a_pod_goes_one_that_waited_for_its_share_comes():
    made, nodes = placed({"memory": "6Gi"}, {"memory": "6Gi"})
    assert nodes == ["node-a", ""]
    delete(made.machinery, made.get("Pod", "p0"), 0)
    made.run(1)
    assert made.get("Pod", "p1").node == "node-a"


def test_a_node_that_has_more_to_give_takes_more():
    made, nodes = placed({"cpu": "3"}, {"cpu": "3"})
    assert nodes == ["node-a", ""]
    node = made.get("Node", "node-a")
    made.store.replace(node, status={**node.status, "allocatable": {**node.status["allocatable"], "cpu": "6"}})
    made.run(1)
    assert made.get("Pod", "p1").node == "node-a"


def test_other_resources_are_counted_too():
    made = World(nodes=1)
    node = made.get("Node", "node-a")
    made.store.replace(node, status={**node.status, "allocatable": {**node.status["allocatable"], "nvidia.com/gpu": "1"}})
    for number in range(2):
        made.pod(f"p{number}", asking({"nvidia.com/gpu": 1}))
    made.run(1)
    assert [made.get("Pod", f"p{number}").node for number in range(2)] == ["node-a", ""]


def test_a_restored_scheduler_knows_what_is_left():
    made, _ = placed({"cpu": "3"})
    again = made.copy()
    again.pod("late", asking({"cpu": "2"}))
    again.run(1)
    assert "1 Insufficient cpu" in said(again, "late")


def test_a_deployment_that_asks_for_too_much_has_as_many_pods_as_fit():
    made = World()
    made.deployment(replicas=9, template=template_of({"app": "web"}, resources={"requests": {"cpu": "1500m"}}))
    made.run(10)
    assert sum(pod.state.ready for pod in made.pods()) == 6


def claiming(made, name="p"):
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "mine"}}]
    made.pod(name, {**pod_spec(), "volumes": volumes})
    made.run(1)
    return made.get("Pod", name)


def claim(made, namespace="default"):
    return made.store.create(Object("PersistentVolumeClaim", namespace, "mine", made.store.new_uid(), 0, made.machinery.now))


def test_a_pod_whose_claim_does_not_exist_waits_for_it():
    """Wrong lesson: a Pod runs all the same when its PersistentVolumeClaim does not exist."""
    made = World()
    pod = claiming(made)
    assert (pod.node, pod.state.unschedulable) == (
        "",
        '0/3 nodes are available: persistentvolumeclaim "mine" not found. '
        "no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
    )
    assert made.reasons("p") == ["FailedScheduling"]
    claim(made, "elsewhere")
    made.run(1)
    assert made.get("Pod", "p").node == ""
    claim(made)
    made.run(1)
    assert made.get("Pod", "p").node != ""


def test_a_pod_is_not_placed_while_its_claim_is_on_its_way_out():
    """Wrong lesson: a claim that is being deleted can still be taken by a new Pod."""
    made = World()
    made.store.replace(claim(made), deleting=made.machinery.now)
    assert 'persistentvolumeclaim "mine" is being deleted. no new claims' in claiming(made).state.unschedulable


def test_a_pod_that_lacks_a_claim_waits_for_it_after_a_restart_of_the_scheduler_too():
    made = World()
    claiming(made)
    other = made.copy()
    claim(other)
    other.run(1)
    assert other.get("Pod", "p").node != ""
