"""What is said over one forwarded connection?  HTTP/1.1: each request is asked of the simulation, and answered as the Pod's image answers.

h11 reads and writes HTTP (decision 16). Simplified: a program that speaks no HTTP closes the connection without a word.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import h11

from playground.clusters.workers import in_thread
from playground.kubeapi.forwarding import CONNECTED, REFUSED, Forwarding, Met

logger = logging.getLogger(__name__)
UNREAD = 64
BAD_REQUEST = "400 Bad Request: this program speaks HTTP/1.1\n"


class Pipe:
    """One connection, whatever it goes through. `send` gives it bytes; `end` closes it, saying why if something is wrong."""

    def __init__(self, send: Callable[[bytes], Awaitable[None]], end: Callable[[str], Awaitable[None]]):
        self.send = send
        self.end = end
        self._coming: asyncio.Queue[bytes] = asyncio.Queue(UNREAD)
        self._done = False

    async def take(self, data: bytes, ended: bool) -> None:
        """What the client sends; waits while much is unread."""
        for piece in ([data] if data else []) + ([b""] if ended else []):
            if not self._done:
                await self._coming.put(piece)

    async def read(self) -> bytes:
        """What came next; b"" at its end."""
        return await self._coming.get()

    def done(self) -> None:
        """Nobody reads any more: what waits is let go."""
        self._done = True
        while not self._coming.empty():
            self._coming.get_nowait()


async def converse(forwarding: Forwarding, port: int, pipe: Pipe) -> None:
    """Until one side has had enough."""
    why = ""
    try:
        met: Met = await in_thread(forwarding.dial, port)
        if met.how == CONNECTED:
            met = await _serve(forwarding, port, pipe)
        if met.how == REFUSED:
            why = met.why
        elif met.how != CONNECTED:
            await _wait(pipe)
    except Exception:
        logger.exception("a forwarded connection fails")
    finally:
        pipe.done()
    await pipe.end(why)


async def _serve(forwarding: Forwarding, port: int, pipe: Pipe) -> Met:
    """Answer request after request; what was met last."""
    http, method, asked = h11.Connection(h11.SERVER), "GET", ""
    try:
        while True:
            event = http.next_event()
            if event is h11.NEED_DATA:
                if http.they_are_waiting_for_100_continue:
                    await pipe.send(http.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
                http.receive_data(await pipe.read())
            elif isinstance(event, h11.Request):
                method = event.method.decode("latin-1")
                asked = b" ".join((event.method, event.target, b"HTTP/" + event.http_version)).decode("latin-1")
            elif isinstance(event, h11.EndOfMessage):
                met: Met = await in_thread(forwarding.ask, port, asked)
                if met.how != CONNECTED or met.answer is None or met.answer.kind != "http":
                    return met
                body = b"" if method == "HEAD" else met.answer.body.encode()
                await pipe.send(_written(http, met.answer.code, list(met.headers), body))
                if http.our_state is h11.MUST_CLOSE:
                    return met
                http.start_next_cycle()
            elif isinstance(event, h11.ConnectionClosed):
                return Met(CONNECTED)
    except h11.RemoteProtocolError:
        if http.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            body = BAD_REQUEST.encode()
            headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body))), ("Connection", "close")]
            await pipe.send(_written(http, 400, headers, body))
        return Met(CONNECTED)


def _written(http: h11.Connection, code: int, headers: list[tuple[str, str]], body: bytes) -> bytes:
    """A whole response."""
    head = http.send(h11.Response(status_code=code, headers=headers, reason=b"OK" if code == 200 else b""))
    return b"".join(part or b"" for part in (head, http.send(h11.Data(data=body)), http.send(h11.EndOfMessage())))


async def _wait(pipe: Pipe) -> None:
    """Nobody answers: until the client gives up."""
    while await pipe.read():
        pass
