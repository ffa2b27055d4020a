"""What does a page do with a WebSocket?  A client of the ASGI application, within the test's own event loop."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.http import HttpResponse
from django.test import RequestFactory

from playground.clusters.models import Cluster
from playground.clusters.runtime import Runtime
from playground.clusters.visitors import COOKIE, Asker, remember
from playground.live.routing import websocket_urlpatterns
from tests.clusters.watcher import Watcher

PATIENCE = 5


def cookie_of(visitor: str) -> str:
    request = RequestFactory().get("/")
    request.asker = Asker(visitor)
    return remember(request, HttpResponse()).cookies[COOKIE].value


async def until(true: Callable[[], bool]) -> None:
    """Let the loop turn until something is true."""
    while not true():  # noqa: ASYNC110 - what is waited for happens in this loop
        await asyncio.sleep(0)


class Page:
    """A browser's page on a cluster. `runtime` ticks when the page says so."""

    def __init__(self, runtime: Runtime, visitor: str, cluster: str):
        headers = [(b"cookie", f"{COOKIE}={cookie_of(visitor)}".encode())] if visitor else []
        self.socket = WebsocketCommunicator(URLRouter(websocket_urlpatterns), f"/clusters/{cluster}/live", headers)
        self.runtime = runtime
        self.watcher = Watcher()
        self.wall = 0.0

    @classmethod
    async def open(cls, runtime: Runtime, cluster: Cluster) -> Page:
        """A page of the owner's, which has its picture."""
        page = cls(runtime, cluster.visitor, cluster.pk)
        await page.connect()
        await page.until_watched()
        await page.next()
        return page

    async def connect(self) -> None:
        accepted, _ = await self.socket.connect(PATIENCE)
        assert accepted

    async def until_watched(self, watchers: int = 1) -> None:
        """Wait until so many pages have taken their seats."""
        await until(lambda: self._watchers() >= watchers)

    def _watchers(self) -> int:
        return sum(len(audience.seats) for running in self.runtime._all() for audience in running.hub._all().values())

    def tick(self, seconds: float = 0.05) -> None:
        self.wall += seconds
        self.runtime.tick(self.wall)

    async def next(self, seconds: float = 0.05) -> dict[str, Any]:
        """Tick until there is something to take, and take it: a tick passes over a cluster that is busy just now."""
        while not self.socket.output_queue.qsize():
            self.tick(seconds)
            await asyncio.sleep(0)
        return await self.take()

    async def take(self, answer: bool = True) -> dict[str, Any]:
        """Take one message, and answer it as a page does."""
        text = await self.socket.receive_from(PATIENCE)
        said = self.watcher.take(text)
        if answer:
            await self.say(said)
        return json.loads(text)

    async def say(self, message: Any) -> None:
        await self.socket.send_to(json.dumps(message))

    async def closed(self) -> int:
        """The code with which the server closes, whatever it sends before."""
        while True:
            message = await self.socket.receive_output(PATIENCE)
            if message["type"] == "websocket.close":
                return message["code"]

    async def leave(self) -> None:
        await self.socket.disconnect()
