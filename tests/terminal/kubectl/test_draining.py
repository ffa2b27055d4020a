"""What does `kubectl drain` do to a Node, and what does it leave alone?"""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from tests.terminal.world import World

BUDGET = {
    "apiVersion": "policy/v1",
    "kind": "PodDisruptionBudget",
    "metadata": {"name": "all"},
    "spec": {"minAvailable": "100%", "selector": {"matchLabels": {"app": "far"}}},
}
TRIED = "evicting pod default/far-0"
HINDERED = 'error when evicting pods/"far-0" -n "default"'
NO_TIME = f"{HINDERED}: global timeout reached: 7s"


def pods(world: World) -> list[Any]:
    return [(each.name, each.deleting) for each in world.kube.store.list("Pod")]


def guard(world: World) -> None:
    world.kube.submit(actions.Apply([BUDGET]))
    world.kube.advance(world.kube.now + SECOND)


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        (
            "--dry-run=client",
            ["node/node-b cordoned (dry run)", f"{TRIED} (dry run)", "node/node-b drained (dry run)"],
        ),
        (
            "--dry-run=server",
            ["node/node-b cordoned (server dry run)", f"{TRIED} (server dry run)", "node/node-b drained (server dry run)"],
        ),
        (
            "--dry-run=server --disable-eviction",
            ["node/node-b cordoned (server dry run)", "node/node-b drained (server dry run)"],
        ),
    ],
)
def test_a_dry_run_of_a_drain_changes_nothing(world: World, line: str, printed: list[str]) -> None:
    before = pods(world)
    done = world.run_on_workstation(f"kubectl drain node-b --force --pod-selector=app=far {line}")
    assert done.out.splitlines() == printed
    assert pods(world) == before
    assert "unschedulable" not in world.kube.store.get("Node", "", "node-b").spec


def test_a_dry_run_on_the_servers_side_asks_the_budget(world: World) -> None:
    guard(world)
    done = world.run_on_workstation("kubectl drain node-b --force --pod-selector=app=far --dry-run=server --timeout=2s")
    assert done.err.splitlines()[1].startswith(f"{HINDERED} (will retry after 5s): Cannot evict pod")


def test_a_drain_gives_up_at_the_first_try_after_its_timeout(world: World) -> None:
    guard(world)
    done = world.run_on_workstation("kubectl drain node-b --force --pod-selector=app=far --timeout=7s; echo $?")
    assert done.out.splitlines() == ["node/node-b cordoned", TRIED, TRIED, TRIED, "1"]
    assert done.err.splitlines()[-6:] == [
        f'There are pending pods in node "node-b" when an error occurred: {NO_TIME}',
        "pod/far-0",
        f'error: unable to drain node "node-b" due to error: {NO_TIME}, continuing command...',
        "There are pending nodes to be drained:",
        " node-b",
        NO_TIME,
    ]
    assert world.seconds == 11


def test_a_pod_that_a_budget_keeps_does_not_keep_the_others(world: World) -> None:
    guard(world)
    done = world.run_on_workstation("kubectl drain node-b --force --timeout=9s --grace-period=1")
    assert done.out.count(TRIED) == 3
    assert "pod/coredns" in done.out


def test_what_a_pod_selector_leaves_out_stays(world: World) -> None:
    before = pods(world)
    assert "error" not in world.run_on_workstation("kubectl drain node-b --pod-selector=app=nobody").err
    assert pods(world) == before


def test_without_eviction_pods_are_deleted_past_their_budget(world: World) -> None:
    guard(world)
    done = world.run_on_workstation("kubectl drain node-b --force --pod-selector=app=far --disable-eviction")
    assert done.out.splitlines() == ["node/node-b cordoned", "pod/far-0 deleted", "node/node-b drained"]


def test_a_deletion_that_takes_longer_than_the_timeout_is_not_waited_for(world: World) -> None:
    done = world.run_on_workstation("kubectl drain node-a --force --pod-selector='!app' --disable-eviction --timeout=1500ms")
    assert done.err.endswith("There are pending nodes to be drained:\n node-a\nerror: context deadline exceeded\n")


def test_a_pod_that_is_long_since_to_be_gone_is_not_waited_for(world: World) -> None:
    world.kube.submit(actions.PowerOff("node-b"))
    world.kube.submit(actions.Delete("Pod", "far-0", "default", 1))
    world.kube.advance(world.kube.now + 10 * SECOND)
    done = world.run_on_workstation("kubectl drain node-b --force --skip-wait-for-delete-timeout=5 --grace-period=1")
    dns = next(each.name for each in world.kube.store.list("Pod", "kube-system") if each.node == "node-b")
    assert done.out.splitlines() == [
        "node/node-b cordoned",
        f"evicting pod kube-system/{dns}",
        f'pod "{dns}" has DeletionTimestamp older than 5 seconds, skipping',
        "node/node-b drained",
    ]
