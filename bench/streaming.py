"""Law 6: what does a delivered frame cost the server, beside bare ASGI on Daphne, and with 1,000 watchers beside 100?

The same clients watch both servers, the same number of bytes comes as often, and both hear an acknowledgement of every
frame. Processor time is the whole server's: ours simulates the cluster and makes the frames besides.
"""

from __future__ import annotations

import asyncio
import resource
import statistics

from bench.measure import Measure
from bench.server import Served, serving
from bench.watchers import Crowd

FRAMES_PER_SECOND = 5
FEW, MANY = 100, 1_000
ROUNDS = 3
WARM_SECONDS = 2.0
SECONDS = 4.0
LIMITS = {
    "LIMIT_FRAMES_PER_SECOND": str(FRAMES_PER_SECOND),
    "LIMIT_SOCKETS": str(2 * MANY),
    "LIMIT_SOCKETS_PER_VISITOR": str(2 * MANY),
    "LIMIT_SOCKETS_PER_ADDRESS": str(2 * MANY),
}


def measure() -> list[Measure]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 8 * MANY), hard), hard))
    with serving("ours", 8871, **LIMITS) as ours:
        _, size = asyncio.run(cost(ours, FEW))
        with serving("bare", 8872, str(FRAMES_PER_SECOND), str(size)) as bare:
            few, many, least = zip(*(rounds(ours, bare) for _ in range(ROUNDS)), strict=True)
    each, of_many, of_bare = (statistics.median(costs) for costs in (few, many, least))
    micro = 1_000_000
    return [
        Measure("6", f"CPU per frame to {FEW} watchers / bare ASGI ({each * micro:.0f} / {of_bare * micro:.0f} us)", each / of_bare, 1.3),
        Measure("6", f"CPU per frame to {MANY} watchers / to {FEW} ({of_many * micro:.0f} / {each * micro:.0f} us)", of_many / each, 1.3),
    ]


def rounds(ours: Served, bare: Served) -> tuple[float, float, float]:
    return asyncio.run(cost(ours, FEW))[0], asyncio.run(cost(ours, MANY))[0], asyncio.run(cost(bare, FEW))[0]


async def cost(server: Served, watchers: int) -> tuple[float, int]:
    """Seconds of the server's processor for one frame that arrived at one watcher, and the bytes of such a frame."""
    crowd = Crowd(server.port, server.path, server.cookie)
    await crowd.grow(watchers)
    await asyncio.sleep(WARM_SECONDS)
    cpu, frames, size = server.cpu(), crowd.frames, crowd.bytes
    await asyncio.sleep(SECONDS)
    crowd.check()
    spent, arrived = server.cpu() - cpu, crowd.frames - frames
    mean = (crowd.bytes - size) // arrived
    await crowd.go()
    return spent / arrived, mean
