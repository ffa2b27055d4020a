"""Slices and Endpoints tell when that began which they follow (k8s.io/endpointslice util/trigger_time_tracker.go)."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from playground.kube.apiserver.timestamps import timestamp
from playground.kube.clock import SECOND
from playground.kube.controllers.triggertimes import TRIGGERED
from tests.kube.world import World


def told(world: World) -> list[str | None]:
    """What each slice of web tells, and after them the Endpoints object, in seconds since the cluster was made."""
    found = [*world.store.find(world.machinery.slices_by_service, ("default", "web")), world.get("Endpoints", "web")]
    stamps = {timestamp(world.settings, second * SECOND): second for second in range(200)}
    return [stamps.get(each.annotations.get(TRIGGERED, "")) for each in found]


def web(replicas: int = 1) -> World:
    """A Service made at the tenth second, and its Pods at the fifth, all of which are ready."""
    world = World()
    world.run(5)
    world.deployment("web", replicas)
    world.run(5)
    world.service("web")
    world.run(10)
    return world


def turn(world: World, pod: Any, ready: bool) -> Any:
    return world.store.replace(pod, state=replace(pod.state, ready=ready, ready_since=world.clock.now))


def test_the_slices_of_a_new_service_tell_when_it_was_made():
    """Wrong lesson: no annotation of an EndpointSlice says since when the network lags behind."""
    assert told(web()) == [10, 10]


def test_a_slice_that_changes_tells_when_the_first_pod_changed_that_it_follows():
    """Wrong lesson: the annotation tells when the slice was written, so that no lag can be seen in it."""
    world = web(2)
    one, two = world.pods("web")
    world.run(10)
    turn(world, one, False)
    world.run(10)
    assert told(world) == [30, 30]
    turn(world, two, False)
    world.run(10)
    assert told(world) == [40, 40]


def test_a_change_that_no_pods_readiness_began_takes_the_annotation_away():
    """Wrong lesson: the annotation always tells of the last change."""
    world = web()
    world.pod("alone", labels={"app": "web"})
    world.run(10)
    world.store.replace(world.get("Pod", "alone"), labels={"app": "other"})
    world.run(1)
    assert told(world) == [None, None]


def test_a_new_pod_is_told_by_the_time_its_readiness_turned():
    world = web()
    world.edit(world.get("Deployment", "web"), replicas=2)
    world.run(20)
    new = max(world.pods("web"), key=lambda pod: pod.created)
    assert told(world) == [new.state.ready_since // SECOND] * 2


def test_the_annotation_is_no_write_of_its_own():
    """Wrong lesson: slices are written more often than their endpoints change."""
    world = web()
    (before,) = world.store.find(world.machinery.slices_by_service, ("default", "web"))
    world.edit(world.get("Service", "web"), sessionAffinity="ClientIP")
    world.run(10)
    assert world.get("EndpointSlice", before.name) is before


def test_a_restored_controller_knows_what_it_has_told():
    world = web()
    other = world.copy()
    turn(other, other.pods("web")[0], False)
    other.run(5)
    assert told(other) == [20, 20]
