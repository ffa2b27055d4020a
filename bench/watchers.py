"""What do many browsers do at once?  They read frames from a real server and acknowledge each, in this process's event loop."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import socket
import struct
import time
from collections.abc import Callable

LAST = re.compile(rb'"(?:last|seq)":(\d+)')  # in the first bytes of a frame, and of a picture
HANDSHAKE = """GET {path} HTTP/1.1\r
Host: 127.0.0.1:{port}\r
Origin: http://127.0.0.1:{port}\r
Upgrade: websocket\r
Connection: Upgrade\r
Sec-WebSocket-Key: {key}\r
Sec-WebSocket-Version: 13\r
Cookie: {cookie}\r
\r
"""


class Socket:
    """The client's side of one WebSocket, as much of RFC 6455 as Daphne speaks to it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int, path: str, cookie: str, receive_buffer: int = 0) -> Socket:
        """Raises ConnectionError if the server does not accept."""
        raw = socket.socket()
        if receive_buffer:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        raw.setblocking(False)
        await asyncio.get_running_loop().sock_connect(raw, ("127.0.0.1", port))
        reader, writer = await asyncio.open_connection(sock=raw, limit=receive_buffer or 1 << 20)
        key = base64.b64encode(os.urandom(16)).decode()
        writer.write(HANDSHAKE.format(path=path, port=port, key=key, cookie=cookie).encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 101"):
            raise ConnectionError(answer.split(b"\r\n")[0].decode())
        return cls(reader, writer)

    async def receive(self) -> bytes | int:
        """The next message, or the code of the close; pings are answered."""
        while True:
            kind, length = await self._reader.readexactly(2)
            if length == 126:
                (length,) = struct.unpack(">H", await self._reader.readexactly(2))
            elif length == 127:
                (length,) = struct.unpack(">Q", await self._reader.readexactly(8))
            payload = await self._reader.readexactly(length)
            if kind & 15 == 9:
                self._send(10, payload)
            elif kind & 15 == 8:
                return int(struct.unpack(">H", payload[:2])[0])
            else:
                return payload

    def send(self, text: bytes) -> None:
        self._send(1, text)

    def pause(self) -> None:
        """Read nothing more from the network."""
        self._writer.transport.pause_reading()  # type: ignore[attr-defined]

    async def close(self) -> None:
        self._writer.close()

    def _send(self, kind: int, payload: bytes) -> None:
        length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack(">H", len(payload))
        self._writer.write(bytes([0x80 | kind]) + length + bytes(4) + payload)


class Crowd:
    """Watchers of one address. `hear(text, seconds)` is called for each message with its time of arrival."""

    def __init__(self, port: int, path: str, cookie: str, hear: Callable[[int, bytes, float], None] = lambda *_: None):
        self._at = (port, path, cookie)
        self._hear = hear
        self._sockets: list[Socket] = []
        self._tasks: list[asyncio.Task[None]] = []
        self.frames = 0
        self.bytes = 0

    async def grow(self, count: int) -> None:
        """So many more, in batches that a server's queue of connections holds."""
        for start in range(0, count, 50):
            batch = [Socket.open(*self._at) for _ in range(min(50, count - start))]
            for opened in await asyncio.gather(*batch):
                self._tasks.append(asyncio.create_task(self._watch(len(self._sockets), opened)))
                self._sockets.append(opened)

    async def go(self) -> None:
        """Leave, all of them."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for opened in self._sockets:
            await opened.close()

    def check(self) -> None:
        """Raise what went wrong with any of them."""
        for task in self._tasks:
            if task.done():
                task.result()
                raise ConnectionError("the server closed a watcher's socket")

    async def _watch(self, number: int, opened: Socket) -> None:
        while isinstance(text := await opened.receive(), bytes):
            arrived = time.monotonic()
            opened.send(b'{"type":"ack","seq":%s}' % LAST.findall(text[:200])[0])
            self.frames += 1
            self.bytes += len(text)
            self._hear(number, text, arrived)
