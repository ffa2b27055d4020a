"""How do bytes come and go while a command runs?  The WebSocket of `kubectl exec` and `attach`, within the event loop."""

from __future__ import annotations

import asyncio
import codecs
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from playground.clusters.driving import drive
from playground.clusters.errors import NoSuchCluster
from playground.clusters.workers import in_thread
from playground.kube.errors import Refusal
from playground.kubeapi import channels, execution, users
from playground.kubeapi.exchange import request_of
from playground.kubeapi.execution import Begun
from playground.terminal.sessions import Session

logger = logging.getLogger(__name__)
ORDERLY = 1000
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class _Left(Exception):
    """The client has closed its end."""


async def execute(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """The ASGI application for WebSockets at `/w/<key>/api/v1/namespaces/<namespace>/pods/<name>/exec` and `attach`."""
    await receive()
    protocol = channels.choose(scope.get("subprotocols", []))
    begun = await in_thread(_begin, scope, asyncio.get_running_loop()) if protocol else None
    if begun is None:
        await send({"type": "websocket.close"})
        return
    await send({"type": "websocket.accept", "subprotocol": protocol})
    typed: asyncio.Queue[bytes | None] = asyncio.Queue()
    listening = asyncio.ensure_future(_listen(receive, typed))
    try:
        await send({"type": "websocket.send", "bytes": await _run(begun, typed, send)})
        await send({"type": "websocket.close", "code": ORDERLY})
    except _Left:
        pass
    finally:
        listening.cancel()
        begun.presence.close()


def _begin(scope: dict[str, Any], loop: asyncio.AbstractEventLoop) -> Begun | None:
    """In a worker thread. None where it is refused; the Status follows when the client asks without a WebSocket."""
    try:
        return execution.begin(users.authorized(request_of(scope), "create"), loop)
    except (Refusal, NoSuchCluster):
        return None
    except Exception:
        logger.exception("a command cannot begin")
        return None


class _Typed:
    """What the client sends while a command runs."""

    def __init__(self, typed: asyncio.Queue[bytes | None]):
        self._queue = typed
        self._text = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, session: Session) -> None:
        """Raises _Left if the client has gone."""
        while not self._queue.empty():
            data = self._queue.get_nowait()
            if data is None:
                raise _Left
            channel, rest = data[:1], data[1:]
            if channel == bytes([channels.STDIN]) and rest:
                session.feed(self._text.decode(rest))
            elif channel == bytes([channels.CLOSE]) and rest[:1] == bytes([channels.STDIN]):
                session.close_input()

    async def wait(self, seconds: float | None) -> None:
        """What comes stays in the queue."""
        try:
            data = await asyncio.wait_for(self._queue.get(), seconds)
        except TimeoutError:
            return
        later = [self._queue.get_nowait() for _ in range(self._queue.qsize())]
        for each in (data, *later):
            self._queue.put_nowait(each)


async def _run(begun: Begun, typed: asyncio.Queue[bytes | None], send: Send) -> bytes:
    """Let the session run to its end; the last message."""

    async def write(fd: int, text: str) -> None:
        await send({"type": "websocket.send", "bytes": channels.message(fd, text.encode())})

    if begun.why:
        return channels.failed(begun.why)
    if begun.session is None:
        return await _show(begun, typed, send)
    code = await drive(begun.session, begun.door, _Typed(typed), write)
    ended: bytes = await in_thread(execution.end, begun, code)
    return ended


async def _show(begun: Begun, typed: asyncio.Queue[bytes | None], send: Send) -> bytes:
    """Send what a container prints, until it ends."""
    printing = asyncio.ensure_future(_print_all(begun, send))
    try:
        while not printing.done():
            gone = asyncio.ensure_future(typed.get())
            await asyncio.wait((printing, gone), return_when=asyncio.FIRST_COMPLETED)
            if gone.done() and gone.result() is None:
                raise _Left
            gone.cancel()
    finally:
        printing.cancel()
    return channels.ended(0)


async def _print_all(begun: Begun, send: Send) -> None:
    async for chunk in begun.presence.chunks():
        await send({"type": "websocket.send", "bytes": channels.message(1, chunk)})


async def _listen(receive: Receive, typed: asyncio.Queue[bytes | None]) -> None:
    while (message := await receive())["type"] != "websocket.disconnect":
        typed.put_nowait(message.get("bytes") or (message.get("text") or "").encode())
    typed.put_nowait(None)
