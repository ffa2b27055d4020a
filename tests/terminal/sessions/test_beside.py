"""Do sessions that run beside each other each go on at their own time?"""

from __future__ import annotations

from playground.kube.clock import SECOND
from playground.terminal.sessions.beside import Beside
from tests.terminal.world import World


def test_each_goes_on_when_its_own_time_has_come(world: World) -> None:
    begin, beside = world.kube.now, Beside(world.kube)
    slow = beside.begin(world.start("box", "sh", "-c", "sleep 3; echo slow"))
    fast = beside.begin(world.start("box", "sh", "-c", "sleep 1; echo fast >&2; exit 4"))
    assert (slow.code, fast.code) == (None, None)
    assert beside.advance(begin + 2 * SECOND) == [fast]
    assert (fast.code, fast.err, slow.code) == (4, "fast\n", None)
    assert beside.advance(begin + 4 * SECOND) == [slow]
    assert slow.out == "slow\n"
    assert world.kube.now == begin + 4 * SECOND


def test_what_need_not_wait_ends_at_once_and_has_no_input(world: World) -> None:
    run = Beside(world.kube).begin(world.start("box", "cat"))
    assert (run.code, run.out) == (0, "")
