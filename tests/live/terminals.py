"""What does a page do with a console?  A client of the terminal's socket, within the test's own event loop."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator

from playground.clusters.models import Cluster
from playground.clusters.runtime import Runtime
from playground.clusters.visitors import COOKIE
from playground.live.routing import websocket_urlpatterns
from tests.live.client import cookie_of

CLIENT = "pod/default/client/main"
PATIENCE = 20


class Terminal:
    """A page's console. Time passes in the cluster while it waits."""

    def __init__(self, runtime: Runtime, cluster: Cluster, visitor: str | None = None, id: str | None = None, name: str = "console-1"):
        asks = cluster.visitor if visitor is None else visitor
        headers = [(b"cookie", f"{COOKIE}={cookie_of(asks)}".encode())] if asks else []
        self.socket = WebsocketCommunicator(URLRouter(websocket_urlpatterns), f"/clusters/{id or cluster.pk}/terminal", headers)
        self.name = name
        self.text = ""
        self.typed = ""
        self.notes = ""
        self.seen = 0
        self.entries: list[Any] = []
        self.state: dict[str, Any] = {}
        self._runtime = runtime
        self._wall = 0.0
        self._number = 0

    async def connect(self) -> None:
        accepted, _ = await self.socket.connect(PATIENCE)
        assert accepted

    async def open(self, place: str = CLIENT, seen: int = 0) -> Terminal:
        await self.connect()
        await self.say({"type": "open", "console": self.name, "seen": seen})
        if place:
            await self.say({"type": "go", "place": place})
        return self

    async def say(self, message: Any) -> None:
        await self.socket.send_to(message if isinstance(message, str) else json.dumps(message))

    async def type(self, text: str, number: int | None = None) -> None:
        self._number += 1
        await self.say({"type": "line", "number": number or self._number, "text": text})

    async def take(self) -> dict[str, Any]:
        while not self.socket.output_queue.qsize():
            self._wall += 0.05
            await asyncio.to_thread(self._runtime.tick, self._wall)
            await asyncio.sleep(0.002)
        message: dict[str, Any] = json.loads(await self.socket.receive_from(PATIENCE))
        for number, kind, text in message.get("entries", ()):
            assert number > self.seen
            self.seen = number
            self.entries.append([number, kind, text])
            self.text += text
            self.typed += text if kind == "in" else ""
            self.notes += text if kind in ("note", "warn") else ""
        self.state = message
        return message

    async def until(self, true: Callable[[], bool]) -> None:
        while not true():
            await self.take()

    async def prompt(self, times: int = 1) -> None:
        """Until the shell has asked for a line so many times."""
        await self.until(lambda: self.text.count("# ") + self.text.count("$ ") >= times and not self.state["busy"])

    async def closed(self) -> int:
        while True:
            message = await self.socket.receive_output(PATIENCE)
            if message["type"] == "websocket.close":
                return int(message["code"])

    async def leave(self) -> None:
        await self.socket.disconnect()


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 60))
