"""Law 7: after a burst of 2,000 events, does every watcher hold the engine's picture, and what does one that stalls do to the others?

A frame's delay is from its hand-over to the hub until it is read; both processes read the same monotonic clock. The
stalled watcher reads nothing at all, with a small receive buffer. Memory is the growth of the server's, beyond what it
grows in as long a time without a stalled watcher.
"""

from __future__ import annotations

import asyncio
import json
import statistics

from bench.measure import Measure
from bench.server import BURST, Served, serving
from bench.watchers import Crowd, Socket
from tests.clusters.watcher import Watcher

WATCHERS = 20
BURSTS = 5
ROUNDS = 5
SECONDS = 4.0
SMALL_BUFFER = 4_096
MEBIBYTE = 1 << 20


def measure() -> list[Measure]:
    with serving("ours", 8873, LIMIT_SOCKETS_PER_VISITOR="100") as server:
        agreed = asyncio.run(agreement(server))
    with serving("ours", 8874, LIMIT_SOCKETS_PER_VISITOR="100") as server:
        asyncio.run(delays(server, stall=False))
        calm, stalled = zip(*(both(server) for _ in range(ROUNDS)), strict=True)
    before, after = (statistics.median(delay for delay, _ in runs) for runs in (calm, stalled))
    cost = max(0.0, statistics.median(grown for _, grown in stalled) - statistics.median(grown for _, grown in calm))
    milli = 1_000
    return [
        Measure(
            "7", f"watchers that hold the engine's hash after {BURSTS} bursts of {BURST} events", agreed, WATCHERS, "of 20", at_most=False
        ),
        Measure(
            "7", f"p99 delay of others with one stalled / without ({after * milli:.1f} / {before * milli:.1f} ms)", after / before, 1.2
        ),
        Measure("7", "memory that a stalled watcher costs", cost / MEBIBYTE, 1.0, "MiB"),
    ]


def both(server: Served) -> tuple[tuple[float, float], tuple[float, float]]:
    return asyncio.run(delays(server, stall=False)), asyncio.run(delays(server, stall=True))


async def agreement(server: Served) -> int:
    """How many of the watchers hold the engine's picture in the end."""
    watchers = [Watcher() for _ in range(WATCHERS)]
    crowd = Crowd(server.port, server.path, server.cookie, lambda number, text, _: watchers[number].take(text.decode()))
    await crowd.grow(WATCHERS)
    for _ in range(BURSTS):
        await server.ask("/burst")
        await asyncio.sleep(0.5)
    wanted = await server.ask("/hash")
    await asyncio.sleep(2)
    crowd.check()
    await crowd.go()
    return sum(watcher.reckoned == watcher.hash == wanted for watcher in watchers)


async def delays(server: Served, stall: bool) -> tuple[float, float]:
    """The 99th percentile of the watchers' delays in seconds, and the bytes that the server grew by."""
    heard: list[tuple[bytes, float]] = []
    crowd = Crowd(server.port, server.path, server.cookie, lambda _, text, arrived: heard.append((text, arrived)))
    await crowd.grow(WATCHERS)
    await asyncio.sleep(1)
    heard.clear()
    memory = server.memory()
    if stall:
        stalled = await Socket.open(server.port, server.path, server.cookie, SMALL_BUFFER)
        stalled.pause()
    await asyncio.sleep(SECONDS)
    grown = server.memory() - memory
    crowd.check()
    await crowd.go()
    if stall:
        await stalled.close()
    stamps = await server.ask("/stamps")
    late = [arrived - stamps[str(message["last"])] for text, arrived in heard if (message := json.loads(text))["type"] == "frame"]
    return statistics.quantiles(late, n=100)[98], grown
