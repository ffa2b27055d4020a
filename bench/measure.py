"""What is one line of the benchmark?  A law, what was measured, and the goal it is held against."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec

PAGE = os.sysconf("SC_PAGE_SIZE")


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


def resident() -> int:
    """Bytes of this process that are in memory."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def in_own_process(module: str, function: str, **variables: str) -> Any:
    """What a function of a module gives, as JSON, in a process that holds nothing else: memory that others have given back would be
    used again there, and not be seen to grow."""
    call = (
        f"import django; django.setup(); from {module} import {function}; import msgspec; print(msgspec.json.encode({function}()).decode())"
    )
    run = subprocess.run([sys.executable, "-c", call], env={**os.environ, **variables}, stdout=subprocess.PIPE, check=True)
    return msgspec.json.decode(run.stdout.splitlines()[-1])
