"""How do bytes come and go while a command runs?  The WebSocket of `kubectl exec` and `attach`, within the event loop."""

from __future__ import annotations

import asyncio
import codecs
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from channels.db import DatabaseSyncToAsync

from playground.clusters.errors import NoSuchCluster
from playground.kube.errors import Refusal
from playground.kubeapi import access, channels, execution
from playground.kubeapi.exchange import Request
from playground.kubeapi.execution import Begun
from playground.terminal.sessions import Ended, Reads, Session, Waits, Wrote

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
    begun = await _in_thread(_begin, scope, asyncio.get_running_loop()) if protocol else None
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
        key, path = access.opened(scope["path"])
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        request = Request("GET", path, query, {}, b"", key.cluster, key.writes, f"/w/{key.pk}")
        return execution.begin(request, loop)
    except (Refusal, NoSuchCluster):
        return None
    except Exception:
        logger.exception("a command cannot begin")
        return None


async def _run(begun: Begun, typed: asyncio.Queue[bytes | None], send: Send) -> bytes:
    """Let the session run to its end; the last message."""
    session, text = begun.session, codecs.getincrementaldecoder("utf-8")("replace")
    if begun.why:
        return channels.failed(begun.why)
    if session is None:
        return await _show(begun, typed, send)
    while True:
        _feed(session, typed, text)
        step = await _in_thread(session.step, begun.door)
        if isinstance(step, Wrote):
            await send({"type": "websocket.send", "bytes": channels.message(step.fd, step.text.encode())})
        elif isinstance(step, Waits):
            await _until_typed(typed, await _in_thread(execution.wall_seconds, begun, step.until))
        elif isinstance(step, Reads):
            await _until_typed(typed, None)
        elif isinstance(step, Ended):
            return await _in_thread(execution.end, begun, step.code)


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


def _feed(session: Session, typed: asyncio.Queue[bytes | None], text: codecs.IncrementalDecoder) -> None:
    """Give the session what has come; raises _Left if the client has gone."""
    while not typed.empty():
        data = typed.get_nowait()
        if data is None:
            raise _Left
        channel, rest = data[:1], data[1:]
        if channel == bytes([channels.STDIN]) and rest:
            session.feed(text.decode(rest))
        elif channel == bytes([channels.CLOSE]) and rest[:1] == bytes([channels.STDIN]):
            session.close_input()


async def _until_typed(typed: asyncio.Queue[bytes | None], seconds: float | None) -> None:
    """Wait for input, at most for so long; it stays in the queue."""
    try:
        data = await asyncio.wait_for(typed.get(), seconds)
    except TimeoutError:
        return
    later = [typed.get_nowait() for _ in range(typed.qsize())]
    for each in (data, *later):
        typed.put_nowait(each)


async def _listen(receive: Receive, typed: asyncio.Queue[bytes | None]) -> None:
    while (message := await receive())["type"] != "websocket.disconnect":
        typed.put_nowait(message.get("bytes") or (message.get("text") or "").encode())
    typed.put_nowait(None)


async def _in_thread(work: Callable[..., Any], *args: Any) -> Any:
    return await DatabaseSyncToAsync(work, thread_sensitive=False)(*args)
