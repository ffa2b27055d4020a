"""Controllers whose Pods are refused, as their ServiceAccount is missing (plugin/pkg/admission/serviceaccount/admission.go)."""

import pytest

from playground.kube.apiserver.objects import Object
from tests.kube.world import World, template_of

WHY = 'pods "{}" is forbidden: error looking up service account default/builder: serviceaccount "builder" not found'


def owner(world, kind="ReplicaSet", account="builder"):
    template = template_of({"app": "web"})
    template["spec"]["serviceAccountName"] = account
    return world.put(kind, "web", {"replicas": 2, "selector": {"matchLabels": {"app": "web"}}, "template": template})


def account(world, name="builder"):
    return world.store.create(Object("ServiceAccount", "default", name, world.store.new_uid(), 0, world.clock.now))


SAID = {
    "ReplicaSet": "Error creating: " + WHY.format("web-"),
    "DaemonSet": "Error creating: " + WHY.format("web-"),
    "StatefulSet": "create Pod web-0 in StatefulSet web failed error: " + WHY.format("web-0"),
}


@pytest.mark.parametrize("kind", SAID)
def test_an_event_says_which_account_is_missing(kind):
    """Else a learner would think that a controller's Pods need no ServiceAccount, where they never come."""
    world = World(nodes=1)
    owner(world, kind)
    world.run(5)
    assert world.pods() == []
    assert dict.fromkeys(world.messages("FailedCreate")) == {SAID[kind]: None}


def test_the_replicaset_has_a_condition_with_the_same_words():
    """Else a learner would look for the reason in the Pods, of which there are none."""
    world = World()
    owner(world)
    world.run(5)
    (failure,) = world.get("ReplicaSet", "web").status["conditions"]
    assert (failure["type"], failure["reason"], failure["message"]) == ("ReplicaFailure", "FailedCreate", WHY.format("web-"))


@pytest.mark.parametrize(("kind", "pods"), [("ReplicaSet", 2), ("DaemonSet", 1), ("StatefulSet", 2)])
def test_it_is_tried_again_when_the_account_has_come(kind, pods):
    world = World(nodes=1)
    owner(world, kind)
    world.run(8)
    account(world)
    world.run(40)
    assert len(world.pods()) == pods


def test_the_longer_it_failed_the_later_it_may_be_tried_again():
    """Else a learner would think that a controller hears of the account: it only tries again, each time after twice as long."""
    world = World()
    owner(world)
    world.run(600)
    account(world)
    world.run(1)
    assert world.pods() == []
    world.run(600)
    assert len(world.pods()) == 2


def test_an_account_of_another_name_changes_nothing():
    world = World()
    owner(world)
    world.run(5)
    before = len(world.messages("FailedCreate"))
    account(world, "other")
    world.run(60)
    assert len(world.messages("FailedCreate")) == before


def test_what_waits_is_saved():
    world = World()
    owner(world)
    world.run(8)
    copy = world.copy()
    for each in (world, copy):
        account(each)
        each.run(40)
    assert len(world.pods()) == 2
    assert copy.saved() == world.saved()
