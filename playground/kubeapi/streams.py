"""How does something that goes on reach one client?  A stream hears of the cluster in the thread that moves it, and is sent by its own event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from playground.clusters import looks
from playground.clusters.models import Cluster

BOOKMARK_SECONDS = 60


class Stream:
    """What is sent piece by piece, until it ends or its client leaves. `type` is its media type; `warnings` as of an answer."""

    type = "application/json"
    warnings: tuple[str, ...] = ()

    def __init__(self, cluster: Cluster, loop: asyncio.AbstractEventLoop, seconds: int = 0):
        """To be made inside of `looks.alone`. It ends after so many seconds, with 0 never by itself. Raises Refusal."""
        self._cluster = cluster
        self._loop = loop
        self._seconds = seconds
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._first = b""
        self._run = looks.listen(cluster, self)

    # --- in the event loop

    async def chunks(self) -> AsyncIterator[bytes]:
        """What to send, until the stream ends."""
        if self._first:
            yield self._first
        end = self._loop.time() + self._seconds if self._seconds > 0 else float("inf")
        while (left := end - self._loop.time()) > 0:
            try:
                told = await asyncio.wait_for(self._queue.get(), min(left, BOOKMARK_SECONDS))
            except TimeoutError:
                told = self.quiet() if left > BOOKMARK_SECONDS else b""
            if told is None:
                return
            if told:
                yield told

    def quiet(self) -> bytes:
        """What to send when there was nothing to tell for long."""
        return b""

    def close(self) -> None:
        looks.unlisten(self._cluster, self)

    # --- in whichever thread holds the cluster

    def hear(self, kube: Any, run: str) -> None:
        raise NotImplementedError

    def hand(self, told: bytes | None) -> None:
        """Have something sent; None ends the stream."""
        try:
            self._loop.call_soon_threadsafe(self._queue.put_nowait, told)
        except RuntimeError:  # the loop is closed: the server goes down
            return
