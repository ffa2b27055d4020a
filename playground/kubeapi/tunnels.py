"""How do forwarded connections come and go?  The WebSocket of `kubectl port-forward`, within the event loop.

kubectl tunnels SPDY/3.1 in its messages, a stream for data and one for errors for each connection. The Python clients number channels
in the way of exec: two for each port, of which the first message on either says the port.
Source: KEP-4006; client-go tools/portforward/{portforward,tunneling_connection}.go; kubelet pkg/cri/streaming/portforward/{httpstream,websocket}.go.
"""

from __future__ import annotations

import asyncio
import logging
import struct
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings

from playground.clusters.errors import NoSuchCluster
from playground.clusters.workers import in_thread
from playground.kube.errors import Refusal
from playground.kubeapi import channels, forwarding, spdy, users
from playground.kubeapi.conversations import Pipe, converse
from playground.kubeapi.exchange import request_of
from playground.kubeapi.forwarding import Forwarding

logger = logging.getLogger(__name__)
TUNNEL = "SPDY/3.1+portforward.k8s.io"
ORDERLY, WRONG = 1000, 1002
PIECE = 32_768
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Write = Callable[[bytes], Awaitable[None]]


async def forward(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """The ASGI application for WebSockets at `/w/<key>/api/v1/namespaces/<namespace>/pods/<name>/portforward`."""
    await receive()
    ports = parse_qs(scope["query_string"].decode("latin-1")).get("ports", [])
    protocol = _choose(scope.get("subprotocols", []), ports)
    begun = await in_thread(_begin, scope, asyncio.get_running_loop()) if protocol is not None else None
    if begun is None:
        await send({"type": "websocket.close"})
        return
    await send({"type": "websocket.accept", "subprotocol": protocol or None})

    async def write(data: bytes) -> None:
        await send({"type": "websocket.send", "bytes": data})

    wire = Streams(begun, write) if protocol == TUNNEL else Channels(begun, write, ports)
    try:
        await wire.start()
        while (message := await receive())["type"] != "websocket.disconnect":
            await wire.feed(message.get("bytes") or b"")
    except spdy.Broken as error:
        logger.debug("a tunnel is closed: %s", error)
        await send({"type": "websocket.close", "code": WRONG})
    finally:
        wire.close()
        begun.presence.close()


def _choose(offered: list[str], ports: list[str]) -> str | None:
    """The subprotocol to speak: '' for who offers none but names ports; None if there is none in common."""
    if TUNNEL in offered:
        return TUNNEL
    if not ports or not all(port.isascii() and port.isdigit() and 0 < int(port) < 65_536 for port in ports):
        return None
    return channels.choose(offered) or (None if offered else "")


def _begin(scope: dict[str, Any], loop: asyncio.AbstractEventLoop) -> Forwarding | None:
    """In a worker thread. None where it is refused; the Status follows when the client asks without a WebSocket."""
    try:
        return forwarding.begin(users.authorized(request_of(scope), "create"), loop)
    except (Refusal, NoSuchCluster):
        return None
    except Exception:
        logger.exception("a port-forward cannot begin")
        return None


class Wire:
    """The connections that go through one WebSocket; each is a task of its own."""

    def __init__(self, forwarding: Forwarding, write: Write):
        self._forwarding = forwarding
        self._write = write
        self._tasks: dict[asyncio.Task[None], None] = {}

    async def start(self) -> None:
        """Connect what is to be connected at once."""

    async def feed(self, data: bytes) -> None:
        raise NotImplementedError

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()

    def _connect(self, port: int, pipe: Pipe) -> None:
        task = asyncio.ensure_future(converse(self._forwarding, port, pipe))
        self._tasks[task] = None
        task.add_done_callback(lambda done: self._tasks.pop(done, None))

    @property
    def _full(self) -> bool:
        return len(self._tasks) >= settings.LIMITS.api_forwarded_connections


class Streams(Wire):
    """Streams of SPDY, in pairs of one request id."""

    def __init__(self, forwarding: Forwarding, write: Write):
        super().__init__(forwarding, write)
        self._spdy = spdy.Connection(settings.LIMITS.socket_message_bytes)
        self._pairs: dict[str, dict[str, int]] = {}
        self._pipes: dict[int, Pipe] = {}

    async def feed(self, data: bytes) -> None:
        for event in self._spdy.feed(data):
            if isinstance(event, spdy.Opened):
                await self._open(event)
            elif isinstance(event, spdy.Came) and event.stream in self._pipes:
                await self._pipes[event.stream].take(event.data, event.ended)
            elif isinstance(event, spdy.Reset) and event.stream in self._pipes:
                await self._pipes[event.stream].take(b"", True)
            elif isinstance(event, spdy.Pinged):
                await self._write(spdy.ping(event.number))

    async def _open(self, opened: spdy.Opened) -> None:
        """A pair is complete when its stream for errors and its stream for data are there."""
        kind, port = opened.headers.get("streamtype", ""), opened.headers.get("port", "")
        if kind not in ("error", "data") or not (port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
            await self._write(spdy.reset(opened.stream, spdy.PROTOCOL_ERROR))
            return
        id = opened.headers.get("requestid", "")
        if self._full or (id not in self._pairs and len(self._pairs) >= settings.LIMITS.api_forwarded_connections):
            await self._write(spdy.reset(opened.stream, spdy.REFUSED_STREAM))
            return
        await self._write(self._spdy.reply(opened.stream))
        pair = self._pairs.setdefault(id, {})
        pair[kind] = opened.stream
        if len(pair) == 2:
            del self._pairs[id]
            pipe = Pipe(*self._ways(pair))
            self._pipes[pair["data"]] = pipe
            self._connect(int(port), pipe)

    def _ways(self, pair: dict[str, int]) -> tuple[Write, Callable[[str], Awaitable[None]]]:
        async def send(content: bytes) -> None:
            for start in range(0, len(content), PIECE):
                await self._write(spdy.data(pair["data"], content[start : start + PIECE]))

        async def end(why: str) -> None:
            self._pipes.pop(pair["data"], None)
            await self._write(spdy.data(pair["error"], why.encode(), True))
            await self._write(spdy.data(pair["data"], b"", True))

        return send, end


class Channels(Wire):
    """Channels by number: for the port at place i, 2i is data and 2i + 1 errors. One connection for each port."""

    def __init__(self, forwarding: Forwarding, write: Write, ports: list[str]):
        super().__init__(forwarding, write)
        self._ports = [int(port) for port in ports][: settings.LIMITS.api_forwarded_connections]
        self._pipes: dict[int, Pipe] = {}

    async def start(self) -> None:
        for place, port in enumerate(self._ports):
            for channel in (2 * place, 2 * place + 1):
                await self._write(channels.message(channel, struct.pack("<H", port)))
            pipe = self._pipes[2 * place] = Pipe(*self._ways(2 * place))
            self._connect(port, pipe)

    async def feed(self, data: bytes) -> None:
        if data and data[0] in self._pipes:
            await self._pipes[data[0]].take(data[1:], False)

    def close(self) -> None:
        super().close()
        self._pipes.clear()

    def _ways(self, channel: int) -> tuple[Write, Callable[[str], Awaitable[None]]]:
        async def send(content: bytes) -> None:
            await self._write(channels.message(channel, content))

        async def end(why: str) -> None:
            self._pipes.pop(channel, None)
            if why:
                await self._write(channels.message(channel + 1, why.encode()))

        return send, end
