"""What is one line of the benchmark?  A law, what was measured, and the goal it is held against."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable
from time import perf_counter

import msgspec


class Measure(msgspec.Struct, frozen=True):
    """`law` is the number in the list of laws; `measured` and `goal` are in `unit`; `at_most` says which side is good."""

    law: str
    what: str
    measured: float
    goal: float
    unit: str = "times"
    at_most: bool = True

    @property
    def held(self) -> bool:
        return self.measured <= self.goal if self.at_most else self.measured >= self.goal

    def line(self) -> str:
        mark, sign = ("held  " if self.held else "MISSED"), ("<=" if self.at_most else ">=")
        return f"{mark}  law {self.law:<3} {self.what}: {self.measured:.4g} / goal {sign} {self.goal:g} {self.unit}"


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call, with the collector of cycles quiet."""
    gc.collect()
    gc.disable()
    try:
        start = perf_counter()
        work()
        return perf_counter() - start
    finally:
        gc.enable()


def interleaved(
    one: Callable[[], object], other: Callable[[], object], rounds: int = 15, before: Callable[[], object] | None = None
) -> tuple[float, float]:
    """Median seconds of each of two pieces of work, run in turn so that a drift of the machine meets both; `before` is
    called before each turn and not timed."""
    pairs = []
    for _ in range(rounds):
        if before is not None:
            before()
        pairs.append((seconds(one), seconds(other)))
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)
