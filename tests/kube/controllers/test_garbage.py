"""What goes with its owner, and what goes with its Namespace (pkg/controller/{garbagecollector,namespace})."""

from playground.kube.apiserver.deletion import delete, remove_finalizer
from playground.kube.apiserver.objects import Owner
from tests.kube.world import World


def running():
    world = World()
    world.deployment()
    world.service()
    world.run(5)
    return world


def count(world):
    return [world.store.count(kind) for kind in ("Deployment", "ReplicaSet", "Pod")]


def owner_of(thing, block=False):
    return Owner("v1", thing.kind, thing.name, thing.uid, False, block)


def test_in_the_background_the_owner_goes_first():
    world = running()
    delete(world.machinery, world.get("Deployment", "web"))
    assert count(world) == [0, 1, 3]
    world.run(0.1)
    assert world.pods(live=True) == []
    assert len(world.pods()) == 3
    world.run(5)
    assert count(world) == [0, 0, 0]


def test_in_the_foreground_the_owner_goes_last():
    world = running()
    delete(world.machinery, world.get("Deployment", "web"), propagation="Foreground")
    world.run(0.1)
    assert count(world) == [1, 1, 3]
    assert world.pods(live=True) == []
    world.run(5)
    assert count(world) == [0, 0, 0]


def test_orphans_stay_without_an_owner():
    world = running()
    delete(world.machinery, world.get("Deployment", "web"), propagation="Orphan")
    world.run(5)
    assert count(world) == [0, 1, 3]
    assert world.store.list("ReplicaSet")[0].owners == ()
    assert all(pod.state.ready for pod in world.pods())


def test_the_slices_go_with_their_service():
    world = running()
    delete(world.machinery, world.get("Service", "web"))
    world.run(1)
    assert world.store.count("EndpointSlice") == 0
    assert world.store.count("Endpoints") == 0


def test_one_living_owner_is_enough():
    world = running()
    first, second = world.put("ConfigMap", "first"), world.put("ConfigMap", "second")
    world.put("Secret", "kept", owners=(owner_of(first), owner_of(second)))
    delete(world.machinery, first)
    world.run(1)
    assert [owner.name for owner in world.get("Secret", "kept").owners] == ["second"]
    delete(world.machinery, second)
    world.run(1)
    assert world.get("Secret", "kept") is None


def test_what_is_born_without_its_owner_goes():
    world = running()
    world.put("Secret", "lost", owners=(Owner("v1", "ConfigMap", "gone", "no-such-uid"),))
    world.run(1)
    assert world.get("Secret", "lost") is None


def test_an_owner_in_the_foreground_waits_only_for_those_that_block():
    world = running()
    owner = world.put("ConfigMap", "owner")
    blocking = world.put("Secret", "blocks", owners=(owner_of(owner, block=True),))
    world.store.replace(blocking, meta={"finalizers": ["hold"]})
    world.put("Secret", "does-not", owners=(owner_of(owner),))
    delete(world.machinery, owner, propagation="Foreground")
    world.run(1)
    assert world.get("ConfigMap", "owner") is not None
    remove_finalizer(world.machinery, world.get("Secret", blocking.name), "hold")
    world.run(1)
    assert world.get("ConfigMap", "owner") is None


def test_a_namespace_goes_when_all_in_it_has_gone():
    world = running()
    delete(world.machinery, world.get("Namespace", "default"))
    world.run(0.1)
    assert world.get("Namespace", "default").status["phase"] == "Terminating"
    assert world.pods(live=True) == []
    assert len(world.pods()) == 3
    world.run(5)
    assert world.get("Namespace", "default") is None
    assert set(world.store.kinds()) == {"Lease", "Node"}


def test_the_pods_of_a_namespace_go_before_its_services():
    """Else a learner saw a Service refuse at once while its Pods still served out their grace."""
    world = running()
    delete(world.machinery, world.get("Namespace", "default"))
    world.run(0.5)
    assert world.pods()
    assert world.get("Service", "web").deleting is None
    assert world.get("Deployment", "web").deleting is None
    world.run(60)
    assert set(world.store.kinds()) == {"Lease", "Node"}


def test_an_empty_namespace_goes_at_once():
    world = World()
    world.put("Namespace", "empty", namespace="")
    delete(world.machinery, world.get("Namespace", "empty"))
    world.run(0.1)
    assert world.get("Namespace", "empty") is None


def test_a_finalizer_in_it_holds_a_namespace():
    world = running()
    held = world.put("ConfigMap", "held")
    world.store.replace(held, meta={"finalizers": ["hold"]})
    delete(world.machinery, world.get("Namespace", "default"))
    world.run(60)
    assert world.get("Namespace", "default") is not None
    remove_finalizer(world.machinery, world.get("ConfigMap", "held"), "hold")
    world.run(1)
    assert world.get("Namespace", "default") is None


def test_nothing_new_stays_in_a_namespace_that_goes():
    world = running()
    held = world.put("ConfigMap", "held")
    world.store.replace(held, meta={"finalizers": ["hold"]})
    delete(world.machinery, world.get("Namespace", "default"))
    world.run(10)
    world.put("Secret", "late")
    world.deployment("late")
    world.run(60)
    assert world.get("Secret", "late") is None
    assert world.pods() == []
