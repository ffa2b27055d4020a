"""What does `kubectl delete --cascade` take, and what becomes of what the deleted owned?"""

from __future__ import annotations

import pytest

from playground.kube.clock import SECOND
from tests.terminal.world import World

OLD = "warning: --cascade={} is deprecated (boolean value) and can be replaced with --cascade={}.\n"


@pytest.mark.parametrize(
    ("word", "said", "stays"),
    [
        ("orphan", "", True),
        ("background", "", False),
        ("false", OLD.format("false", "orphan"), True),
        ("0", OLD.format("0", "orphan"), True),
        ("true", OLD.format("true", "background"), False),
    ],
)
def test_the_strategy_may_be_a_word_or_as_of_old_a_truth_value(world: World, word: str, said: str, stays: bool) -> None:
    world.run_on_workstation("kubectl create deployment shop --image=nginx")
    world.kube.advance(world.kube.now + SECOND)
    ran = world.run_on_workstation(f"kubectl delete deployment shop --wait=false --cascade={word}")
    assert (ran.out, ran.err, ran.code) == ('deployment.apps "shop" deleted from default namespace\n', said, 0)
    world.kube.advance(world.kube.now + SECOND)
    assert any(each.name.startswith("shop-") for each in world.kube.store.list("ReplicaSet")) is stays


def test_another_word_is_refused(world: World) -> None:
    ran = world.run_on_workstation("kubectl delete deployment shop --cascade=Orphan")
    assert (ran.err, ran.code) == ('error: invalid cascade value (Orphan). Must be "background", "foreground", or "orphan"\n', 1)
