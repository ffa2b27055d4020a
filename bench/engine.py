"""Law 9: is it the same bytes every time, and how fast does virtual time pass?"""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Sequence

import simpy

from bench.loads import app, client, cluster
from bench.measure import Measure, interleaved, seconds
from playground.assets.schema import load
from playground.kube.actions import AddNode, Apply, Delete, StartTraffic
from playground.kube.apiserver.schema import Schema
from playground.kube.clock import SECOND, Clock
from playground.kube.cluster import Cluster
from playground.kube.settings import ClusterSettings

EVENTS = 50_000
TOGETHER = [1_000] * 50
APART = list(range(1_001, 1_101, 2))
HOUR = 3_600 * SECOND


def measure() -> list[Measure]:
    apart = interleaved(lambda: our_events(APART), lambda: their_events(APART))
    together = interleaved(lambda: our_events(TOGETHER), lambda: their_events(TOGETHER))
    hour = statistics.median(seconds(an_hour) for _ in range(3))
    return [
        Measure("9", "equal hashes of the same log in two processes", float(equal_in_two_processes()), 1, "(1 = equal)", at_most=False),
        Measure("9", "events a second, each at a time of its own, ours / SimPy's", apart[1] / apart[0], 2, at_most=False),
        Measure("9", "events a second, 50 at each time, ours / SimPy's", together[1] / together[0], 2, at_most=False),
        Measure("9", "replaying an hour of a 50-Pod cluster", hour / 3_600 * 1_000, 1, "thousandths of the hour"),
        Measure("9b", "a cluster usable from nothing", statistics.median(seconds(usable) for _ in range(9)) * 1e3, 30, "ms"),
    ]


def our_events(periods: Sequence[int]) -> None:
    clock = Clock()

    def process(kind: str, period: int) -> None:
        clock.on(kind, lambda left: clock.after(period, kind, left - 1) if left else None)
        clock.after(period, kind, EVENTS // len(periods) - 1)

    for number, period in enumerate(periods):
        process(f"tick {number}", period)
    clock.run_until(max(periods) * EVENTS)


def their_events(periods: Sequence[int]) -> None:
    environment = simpy.Environment()

    def tick(period: int):
        for _ in range(EVENTS // len(periods)):
            yield environment.timeout(period)

    for period in periods:
        environment.process(tick(period))
    environment.run(until=max(periods) * EVENTS)


def an_hour() -> None:
    """50 Pods, 10 requests a second, a Pod deleted every minute."""
    busy = cluster(nodes=3, groups=[10] * 5)
    busy.submit(StartTraffic("client", "app-1:80", 10))
    start = busy.now
    for minute in range(60):
        busy.advance(start + HOUR * minute // 60)
        pods = busy.machinery.pods_matching("default", {"app": "app-1"})
        busy.submit(Delete("Pod", pods[0].name, "default"))
        busy.events()
    busy.advance(start + HOUR)


def usable() -> None:
    made = Cluster.create(ClusterSettings(), Schema(load()))
    for _ in range(3):
        made.submit(AddNode())
    made.submit(Apply([*app("frontend", 3), client()]))
    made.advance(made.now + 10 * SECOND)


def equal_in_two_processes() -> bool:
    command = [sys.executable, "-c", "from bench.engine import history; print(history())"]
    hashes = {subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2)}
    return hashes == {history() + "\n"}


def history() -> str:
    busy = cluster(nodes=3, groups=[4, 4])
    busy.submit(StartTraffic("client", "app-1:80", 20))
    for pod in busy.machinery.pods_matching("default", {"app": "app-1"}):
        busy.submit(Delete("Pod", pod.name, "default"))
        busy.advance(busy.now + 3 * SECOND)
    return busy.hash()
