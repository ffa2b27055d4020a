"""Laws of the controllers, the scheduler and the kubelets together, whatever is done to them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from playground.kube.apiserver.deletion import delete
from playground.kube.controllers.slicing import is_eligible
from playground.kube.errors import Refusal
from tests.kube.world import World, template_of

LONG = 2_000
STEP = st.tuples(
    st.sampled_from(("kill", "force", "crash", "off", "on", "relabel", "scale", "unready", "ready", "image", "node", "cordon", "wait")),
    st.integers(0, 7),
    st.sampled_from((0.0, 0.004, 0.3, 2.0, 45.0, 400.0)),
)
STEPS = st.lists(STEP, max_size=10)
RECONCILED = (
    ("deployment", "Deployment"),
    ("replicaset", "ReplicaSet"),
    ("statefulset", "StatefulSet"),
    ("daemonset", "DaemonSet"),
    ("endpointslice", "Service"),
    ("endpoints", "Service"),
    ("disruption", "PodDisruptionBudget"),
)


def cluster():
    world = World()
    world.deployment(replicas=4)
    world.deployment("api", 2, template=template_of({"app": "api"}, readinessProbe={"tcpSocket": {"port": 5000}, "periodSeconds": 3}))
    world.service()
    world.service("api")
    for kind, name, update in (("StatefulSet", "db", {"partition": 1}), ("DaemonSet", "agent", {"maxSurge": 1, "maxUnavailable": 0})):
        strategy = {"type": "RollingUpdate", "rollingUpdate": update}
        labels = {"app": name}
        spec = {"replicas": 2} if kind == "StatefulSet" else {}
        spec |= {"selector": {"matchLabels": labels}, "template": template_of(labels), "updateStrategy": strategy}
        world.put(kind, name, spec)
    world.put("PodDisruptionBudget", "web", {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "web"}}})
    world.run(5)
    return world


def act(world, what, number, seconds):
    pods, nodes = world.pods(), world.store.list("Node")
    pod = pods[number % len(pods)] if pods else None
    node = nodes[number % len(nodes)]
    deployment = world.get("Deployment", ("web", "api")[number % 2])
    try:
        if what in ("kill", "force") and pod:
            delete(world.machinery, pod, 0 if what == "force" else None)
        elif what == "crash" and pod:
            world.kubelet.crash(pod, "", number % 2)
        elif what in ("unready", "ready") and pod:
            world.kubelet.set_probe(pod, "readiness", False if what == "unready" else None)
        elif what == "relabel" and pod and pod.labels["app"] not in ("db", "agent"):
            world.store.replace(pod, labels={**pod.labels, "app": ("web", "api", "none")[number % 3]})
    except Refusal:
        pass
    if what in ("off", "on"):
        world.kubelet.power(node.name, what == "on")
    elif what == "scale":
        world.edit(deployment, replicas=number)
        world.edit(world.get("StatefulSet", "db"), replicas=number)
    elif what == "image":
        for owner in (deployment, world.get("StatefulSet", "db"), world.get("DaemonSet", "agent")):
            labels = owner.spec["selector"]["matchLabels"]
            world.edit(owner, template=template_of(labels, image=f"frontend:{number}"))
    elif what == "node":
        world.kubelet.register(f"extra-{world.clock.now}-{number}-{world.store.revision}", {})
    elif what == "cordon":
        world.edit(node, unschedulable=None if node.spec.get("unschedulable") else True)
    world.run(seconds)


def check_addresses(world):
    held = [pod.ip for pod in world.pods() if pod.ip]
    assert len(held) == len(set(held))


def check_slices(world):
    """The slices hold exactly the eligible Pods, once each, with the right conditions."""
    for service in world.store.list("Service"):
        found = [each for piece in world.store.find(world.machinery.slices_by_service, service.key) for each in piece.endpoints]
        pods = [pod for pod in world.machinery.pods_matching("default", service.spec["selector"]) if is_eligible(pod)]
        assert sorted(each.uid for each in found) == sorted(pod.uid for pod in pods)
        for each in found:
            pod = world.store.by_uid(each.uid)
            assert (each.ip, each.node, each.serving, each.terminating) == (pod.ip, pod.node, pod.state.ready, pod.deleting is not None)
            assert each.ready is (pod.state.ready and pod.deleting is None)
        assert world.get("Endpoints", service.name).slices == tuple(
            piece.name for piece in world.store.find(world.machinery.slices_by_service, service.key)
        )


def check_counts(world):
    """Every controller has as many Pods as it wants, and says so."""
    for owner in world.store.list("ReplicaSet"):
        active = [pod for pod in world.store.owned(owner.uid) if pod.deleting is None and pod.state.phase not in ("Succeeded", "Failed")]
        assert len(active) == owner.spec["replicas"] == owner.status["replicas"]
        assert owner.status.get("readyReplicas", 0) == sum(pod.state.ready for pod in active)
    for deployment in world.store.list("Deployment"):
        active = [pod for pod in world.pods(deployment.name, live=True) if pod.controller]
        assert deployment.status.get("replicas", 0) == len(active)
    for node in world.store.list("Node"):
        assert world.scheduler._rooms[node.name].pods == world.machinery.pods_by_node.count(node.name)


def look_again(world):
    """Make every controller reconcile everything."""
    for name, kind in RECONCILED:
        for thing in world.store.list(kind):
            world.controllers[name]._queue.add(*thing.key)
    for service in world.store.list("Service"):
        world.controllers["endpointslice"]._whole[service.key] = None
    for node in world.store.list("Node"):
        world.controllers["node-lifecycle"]._queue.add(node.name)
        world.controllers["taint-eviction"]._queue.add(node.name)
    for pod in world.pods():
        world.scheduler._queue.add(pod.uid)
        world.controllers["garbage"]._queue.add(pod.uid)


@settings(max_examples=30, deadline=None)
@given(STEPS)
def test_whatever_happens_the_cluster_settles_and_all_agree(steps):
    world = cluster()
    for step in steps:
        act(world, *step)
        check_addresses(world)
    world.run(LONG)
    check_slices(world)
    check_counts(world)
    assert world.clock.next_time() is None
    world.events()
    look_again(world)
    world.run(LONG)
    assert world.events() == []


@settings(max_examples=25, deadline=None)
@given(STEPS, STEPS)
def test_a_cluster_that_was_saved_goes_on_as_if_it_had_not_been(first, second):
    world = cluster()
    for step in first:
        act(world, *step)
    copy = world.copy()
    assert copy.saved() == world.saved()
    for step in second:
        act(world, *step)
        act(copy, *step)
    assert copy.saved() == world.saved()
