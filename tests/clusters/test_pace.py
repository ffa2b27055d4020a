"""How does virtual time follow the wall clock?"""

from __future__ import annotations

import itertools

import pytest

from playground.clusters.pace import PATIENCE, SLICE, Pace
from playground.kube.clock import SECOND, Clock


class Kube:
    """Something is due every 10 ms."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.clock.on("again", lambda: self.clock.after(10_000, "again"))
        self.clock.after(10_000, "again")

    @property
    def now(self) -> int:
        return self.clock.now

    def advance(self, until: int, at_most: int | None = None) -> bool:
        return self.clock.run_until(until, at_most)


def still() -> float:
    """A processor for which nothing is work."""
    return 0.0


@pytest.mark.parametrize("speed", [0.1, 1.0, 60.0])
def test_virtual_time_passes_at_the_speed(speed: float) -> None:
    kube, pace = Kube(), Pace()
    for wall in range(21):
        assert pace.move(kube, 100 + wall * 0.05, speed, still)
    assert kube.now == pytest.approx(1.0 * speed * SECOND, abs=2)


def test_the_first_move_owes_nothing() -> None:
    kube, pace = Kube(), Pace()
    pace.move(kube, 5000.0, 1.0, still)
    assert kube.now == 0


def test_rest_is_not_owed_later() -> None:
    kube, pace = Kube(), Pace()
    pace.move(kube, 0.0, 1.0, still)
    pace.rest()
    pace.move(kube, 500.0, 1.0, still)
    assert kube.now == 0


def test_a_stalled_ticker_owes_one_second_at_most() -> None:
    kube, pace = Kube(), Pace()
    pace.move(kube, 0.0, 1.0, still)
    pace.move(kube, 500.0, 1.0, still)
    assert kube.now == SECOND


def test_too_much_work_makes_it_slower_and_it_says_so_and_catches_up_no_more_than_its_patience() -> None:
    kube, pace = Kube(), Pace()
    ticks = itertools.count(step=SLICE * 2)
    pace.move(kube, 0.0, 60.0, lambda: next(ticks))
    assert not pace.move(kube, 1.0, 60.0, lambda: next(ticks))
    assert pace.behind
    behind_at = kube.now
    assert pace.move(kube, 1.0, 60.0, still)
    assert kube.now == pytest.approx(behind_at + PATIENCE * 60 * SECOND, abs=2)
    assert not pace.behind
