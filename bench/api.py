"""Law "api": how many Pods are created a second through the Kubernetes API, beside kmock and however many there are, and what do idle watches cost?

The same client creates Pods on one server of ours, in turn in a cluster of 500 Pods and in one of 5,000, and on kmock once that has 500. Each write of
ours is committed to a file before it is answered; kmock keeps a dictionary.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.measure import Measure
from bench.server import ROOT, serving

PORT = 8874
FEW, MANY = 500, 5_000
ROUNDS, IN_A_ROUND, AT_ONCE = 12, 24, 4
WATCHES, SECONDS = 100, 10.0
PEERS = ROOT / "var" / "bench"
_numbers = itertools.count()


def measure() -> list[Measure]:
    with serving("api", PORT, str(FEW), str(MANY)) as ours, peer() as port:
        few, many = ours.path.split()
        mine, theirs = f"/w/{few}", ""
        asyncio.run(create(port, theirs, FEW))
        turns = [
            (asyncio.run(create(PORT, f"/w/{many}")), asyncio.run(create(PORT, mine)), asyncio.run(create(port, theirs)))
            for _ in range(ROUNDS)
        ]
        of_many, of_few, of_peer = (IN_A_ROUND / statistics.median(seconds) for seconds in zip(*turns, strict=True))
        idle = asyncio.run(watching(mine, 1, ours.cpu)), asyncio.run(watching(mine, WATCHES, ours.cpu))
    what = f"Pods created a second with {FEW} Pods there / by kmock ({of_few:.0f} / {of_peer:.1f} a second)"
    return [
        Measure("api", f"seconds for a Pod with {MANY} there / with {FEW} ({of_many:.0f} / {of_few:.0f} a second)", of_few / of_many, 1.3),
        Measure("api", what, of_few / of_peer, 10, at_most=False),
        Measure("api", f"{WATCHES} idle watches beside one", 100 * (idle[1] - idle[0]), 1, "% of a core"),
    ]


async def create(port: int, prefix: str, count: int = IN_A_ROUND) -> float:
    """Create so many Pods over connections that stay open; the seconds it took."""
    names = iter([f"made-{next(_numbers)}" for _ in range(count)])
    clients = [await asyncio.open_connection("127.0.0.1", port) for _ in range(AT_ONCE)]
    begun = time.perf_counter()
    await asyncio.gather(*(_create(*client, prefix, names) for client in clients))
    took = time.perf_counter() - begun
    for _, writer in clients:
        writer.close()
    return took


async def _create(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, prefix: str, names: Iterator[str]) -> None:
    for name in names:
        spec = {"containers": [{"name": "c", "image": "nginx:1.29"}]}
        body = json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"app": "made"}}, "spec": spec}).encode()
        head = f"POST {prefix}/api/v1/namespaces/default/pods HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        assert answer.split(" ")[1][:2] == "20", answer
        await reader.readexactly(int(answer.split("content-length: ")[1].split("\r\n")[0]))


async def watching(prefix: str, count: int, cpu: object) -> float:
    """The share of a core that the server takes while so many watches are open and no Service changes."""
    clients = [await asyncio.open_connection("127.0.0.1", PORT) for _ in range(count)]
    for reader, writer in clients:
        writer.write(f"GET {prefix}/api/v1/services?watch=true&resourceVersion=0 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        await reader.readuntil(b"\r\n\r\n")
    await asyncio.sleep(1)
    before = cpu()  # type: ignore[operator]
    await asyncio.sleep(SECONDS)
    share = (cpu() - before) / SECONDS  # type: ignore[operator]
    for _, writer in clients:
        writer.close()
    return share


@contextmanager
def peer() -> Iterator[int]:
    """kmock in a process of its own: its port."""
    environment = {**os.environ, "PYTHONPATH": str(PEERS)}
    command = [sys.executable, "-m", "bench.kmock_server"]
    if not Path(PEERS, "kmock").is_dir():
        sys.exit("kmock is missing: `make bench` puts it into var/bench")
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["port"]
        finally:
            process.kill()
