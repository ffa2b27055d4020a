"""How far should virtual time have come by now?  Along the wall clock, at a speed; and what if the simulation cannot keep up?

It then runs slower, and says so: what it owes beyond PATIENCE is forgiven, so that it never races to catch up.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from playground.kube.clock import SECOND

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 60.0)
SLICE = 0.005
PATIENCE = 0.25
LONGEST_TURN = 1.0
CHUNK = 20


class Pace:
    """Moves one cluster along the wall clock. `behind`: it cannot keep up just now."""

    def __init__(self) -> None:
        self.behind = False
        self._wall: float | None = None
        self._target = 0.0

    def rest(self) -> None:
        """The cluster does not move: the time that passes now is not owed later."""
        self._wall = None
        self.behind = False

    def move(self, kube: object, wall: float, speed: float, clock: Callable[[], float] = perf_counter) -> bool:
        """Let the time pass that is due at wall time `wall`, for at most SLICE seconds of work; whether all of it passed."""
        now: int = kube.now  # type: ignore[attr-defined]
        if self._wall is None or self._target < now:
            self._target = now
        elapsed = 0.0 if self._wall is None else min(wall - self._wall, LONGEST_TURN)
        self._wall = wall
        self._target += elapsed * speed * SECOND
        done = _advance(kube, int(self._target), clock() + SLICE, clock)
        owed = 0.0 if done else self._target - kube.now  # type: ignore[attr-defined]
        most = PATIENCE * speed * SECOND
        self.behind = owed > most or (self.behind and not done)
        self._target -= max(0.0, owed - most)
        return done


def _advance(kube: object, until: int, deadline: float, clock: Callable[[], float]) -> bool:
    while not kube.advance(until, CHUNK):  # type: ignore[attr-defined]
        if clock() > deadline:
            return False
    return True
