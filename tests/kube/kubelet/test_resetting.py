"""What a rule with the action RestartAllContainers does (KEP-5532; words and counts as a kubelet of 1.36 shows them)."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.podstatus import pod_status
from tests.kube.world import World

RULE = {"action": "RestartAllContainers", "exitCodes": {"operator": "In", "values": [42]}}
SAID = "The container is removed because RestartAllContainers in place"


def container(name: str, *command: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "image": "busybox", "command": ["sh", "-c", *command], **more}


TRIGGER = container("trigger", "sleep 5; exit 42", restartPolicy="Never", restartPolicyRules=[RULE])
DEAF = container("deaf", "sleep 3600", lifecycle={"preStop": {"sleep": {"seconds": 9}}})


def running(*containers: dict[str, Any], **spec: Any) -> World:
    world = World()
    world.pod("p", {"restartPolicy": "Never", "containers": list(containers), **spec})
    world.run(4)
    return world


def status(world: World) -> dict[str, Any]:
    return dict(pod_status(world.get("Pod", "p"), str))


def condition(world: World, kind: str = "AllContainersRestarting") -> dict[str, Any]:
    return next(each for each in status(world)["conditions"] if each["type"] == kind)


def watched(world: World, seconds: float) -> list[Any]:
    """Of each moment what differs: the phase, and of each container its state, the reason and how often it was restarted."""
    found: list[Any] = []
    for _ in range(round(seconds * 10)):
        state = world.get("Pod", "p").state
        now = (state.phase, *((each.state, each.reason, each.restarts) for each in (*state.init, *state.containers)))
        if not found or found[-1] != now:
            found.append(now)
        world.run(0.1)
    return found


def test_all_containers_start_again_in_place_and_those_that_run_have_two_seconds() -> None:
    """Else a learner would think that such a rule restarts its own container only."""
    world = running(DEAF, TRIGGER)
    before = world.get("Pod", "p")
    assert watched(world, 8) == [
        ("Running", ("running", "", 0), ("running", "", 0)),
        ("Running", ("running", "", 0), ("terminated", "Error", 0)),
        ("Running", ("waiting", "RestartingAllContainers", 1), ("waiting", "RestartingAllContainers", 1)),
        ("Running", ("running", "", 1), ("running", "", 1)),
    ]
    after = world.get("Pod", "p")
    assert (after.uid, after.ip, after.state.ready) == (before.uid, before.ip, True)
    assert [each["lastState"]["terminated"] for each in status(world)["containerStatuses"]] == [
        {"exitCode": 137, "finishedAt": None, "message": SAID, "reason": "RestartingAllContainers", "startedAt": None}
    ] * 2
    assert world.messages("Killing") == ["killing"]


def test_it_goes_on_without_back_off() -> None:
    world = running(container("trigger", "exit 42", restartPolicy="Never", restartPolicyRules=[RULE]))
    world.run(60)
    assert world.get("Pod", "p").state.containers[0].restarts > 10
    assert "BackOff" not in world.reasons("p")


def test_init_containers_run_again_first() -> None:
    world = running(TRIGGER, initContainers=[container("first", "sleep 2")])
    world.run(20)
    state = world.get("Pod", "p").state
    assert {each.restarts for each in (*state.init, *state.containers)} <= {1, 2}
    seen = watched(running(TRIGGER, initContainers=[container("first", "sleep 2")]), 12)
    assert ("Pending", ("running", "", 1), ("waiting", "RestartingAllContainers", 1)) in seen
    assert {each[0] for each in seen} == {"Running", "Pending"}


def test_one_that_had_ended_for_good_starts_again_too() -> None:
    world = running(container("done", "exit 1"), TRIGGER)
    world.run(8)
    assert [each.restarts for each in world.get("Pod", "p").state.containers] == [1, 1]


def test_another_exit_code_restarts_nothing() -> None:
    world = running(DEAF, {**TRIGGER, "command": ["sh", "-c", "sleep 5; exit 41"]})
    world.run(10)
    assert [each.state for each in world.get("Pod", "p").state.containers] == ["running", "terminated"]


def test_a_condition_says_when_it_goes_on() -> None:
    """Else a learner would not find what tells a restart of all from a crash of each."""
    world = running(DEAF, TRIGGER)
    assert condition(world)["status"] == "False"
    world.run(3)
    found = condition(world)
    assert (found["status"], found["reason"], found["message"]) == (
        "True",
        "RestartAllContainersStarted",
        "container exited with restart policy rule",
    )
    world.run(4)
    assert (condition(world)["status"], condition(world).get("reason")) == ("False", None)
    assert condition(world)["lastTransitionTime"] > found["lastTransitionTime"]


def test_a_pod_without_such_a_rule_has_no_such_condition() -> None:
    assert "AllContainersRestarting" not in [each["type"] for each in status(running(DEAF))["conditions"]]


@pytest.mark.parametrize("seconds", [1, 3])
def test_it_goes_on_in_a_cluster_that_is_restored(seconds: float) -> None:
    world = running(DEAF, TRIGGER)
    world.run(seconds)
    other = world.copy()
    assert watched(other, 10) == watched(world, 10)
    assert other.get("Pod", "p").state.containers[0].restarts == 1


def test_a_pod_that_is_deleted_meanwhile_ends() -> None:
    world = running(DEAF, TRIGGER)
    world.run(2)
    delete(world.machinery, world.get("Pod", "p"), 1)
    world.run(5)
    assert world.get("Pod", "p") is None


def test_a_pod_whose_time_is_over_is_not_restarted() -> None:
    world = running(DEAF, TRIGGER, activeDeadlineSeconds=6, terminationGracePeriodSeconds=1)
    world.run(10)
    assert world.get("Pod", "p").state.phase == "Failed"
