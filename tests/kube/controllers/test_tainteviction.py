"""Whom a taint NoExecute sends away, when, and what is told of it (pkg/controller/tainteviction)."""

import pytest

from playground.kube.apiserver.deletion import delete
from tests.kube.world import World, pod_spec

EVICTED = {"key": "broken", "effect": "NoExecute"}
STAYS = {
    "no toleration": ([], 0),
    "a toleration without an end": ([{"key": "broken", "operator": "Exists"}], None),
    "a toleration with an end": ([{"key": "broken", "operator": "Exists", "tolerationSeconds": 60}], 60),
    "the shortest of two": (
        [{"key": "broken", "operator": "Exists", "tolerationSeconds": 60}, {"operator": "Exists", "tolerationSeconds": 20}],
        20,
    ),
    "one that ended before it began": ([{"key": "broken", "operator": "Exists", "tolerationSeconds": -1}], 0),
}


@pytest.mark.parametrize("case", STAYS)
def test_a_taint_by_hand_evicts_who_does_not_tolerate_it(case):
    tolerations, seconds = STAYS[case]
    world = World(nodes=1)
    world.pod("p", pod_spec(tolerations=tolerations))
    world.run(5)
    world.edit(world.get("Node", "node-a"), taints=[EVICTED])
    world.run((seconds or 0) - 1 if seconds else 0)
    assert world.get("Pod", "p").deleting is None
    world.run(600 if seconds is None else 2)
    gone = world.get("Pod", "p")
    assert (gone is None or gone.deleting is not None) is (seconds is not None)


def test_a_taint_that_is_taken_away_in_time_evicts_nobody():
    world = World(nodes=1)
    world.pod("p", pod_spec(tolerations=[{"operator": "Exists", "tolerationSeconds": 60}]))
    world.run(5)
    world.edit(world.get("Node", "node-a"), taints=[EVICTED])
    world.run(50)
    world.edit(world.get("Node", "node-a"), taints=None)
    world.run(50)
    world.edit(world.get("Node", "node-a"), taints=[EVICTED])
    world.run(50)
    assert world.get("Pod", "p").deleting is None
    world.run(12)
    assert world.get("Pod", "p") is None


CANCELLED = "Cancelling deletion of Pod default/p"


def waiting_to_leave():
    world = World(nodes=1)
    world.pod("p", pod_spec(tolerations=[{"operator": "Exists", "tolerationSeconds": 60}]))
    world.run(5)
    world.edit(world.get("Node", "node-a"), taints=[EVICTED, {**EVICTED, "key": "other"}])
    world.run(20)
    return world


def test_who_was_to_leave_is_told_that_it_may_stay():
    """Else a learner would look for the event that says why a Pod was not evicted after all (cancelWorkWithEvent)."""
    world = waiting_to_leave().copy()
    world.edit(world.get("Node", "node-a"), taints=[EVICTED])
    world.run(1)
    assert world.messages("TaintManagerEviction") == []
    world.edit(world.get("Node", "node-a"), taints=None)
    world.run(60)
    assert world.messages("TaintManagerEviction") == [CANCELLED]


def test_one_that_is_deleted_before_it_has_to_leave_is_not_awaited_any_more():
    world = waiting_to_leave()
    delete(world.machinery, world.get("Pod", "p"))
    world.run(10)
    assert world.messages("TaintManagerEviction") == [CANCELLED]


def test_who_has_left_is_told_so_once():
    world = waiting_to_leave()
    world.run(60)
    assert world.messages("TaintManagerEviction") == ["Marking for deletion Pod default/p"]
