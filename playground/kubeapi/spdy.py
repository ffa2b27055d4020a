"""How do several connections share one?  The frames of SPDY/3.1, as far as `kubectl port-forward` needs them.

Source: SPDY Protocol - Draft 3.1 (chromium.org/spdy/spdy-protocol), 2.2 Framing, 2.6 Control frames; what of it is spoken:
github.com/moby/spdystream, by apimachinery pkg/util/httpstream/spdy. Flow control (SETTINGS, WINDOW_UPDATE) is not: nobody waits for it.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import msgspec

VERSION = 3
SYN_STREAM, SYN_REPLY, RST_STREAM, PING, GOAWAY = 1, 2, 3, 6, 7
FIN = 1
PROTOCOL_ERROR, REFUSED_STREAM = 1, 3
CONTROL = 1 << 31
# 2.6.10.1: the dictionary that header blocks are compressed with is these words, each after its length in four bytes, and then this text.
_WORDS = (
    "options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow authorization "
    "cache-control connection content-base content-encoding content-language content-length content-location content-md5 content-range "
    "content-type date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified "
    "location max-forwards pragma proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding "
    "upgrade user-agent vary via warning www-authenticate method get status 200_OK version HTTP/1.1 url public set-cookie keep-alive origin"
)
_TEXT = (
    "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information"
    "204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error"
    "501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, "
    "Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,"
    "publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0."
)
DICTIONARY = b"".join(struct.pack("!I", len(word)) + word.replace("_", " ").encode() for word in _WORDS.split()) + _TEXT.encode()


class Broken(Exception):
    """What came is no SPDY, or more than is allowed."""


class Opened(msgspec.Struct, frozen=True):
    """A SYN_STREAM; `ended`: the other side will send nothing on it."""

    stream: int
    headers: dict[str, str]
    ended: bool


class Came(msgspec.Struct, frozen=True):
    stream: int
    data: bytes
    ended: bool


class Reset(msgspec.Struct, frozen=True):
    stream: int


class Pinged(msgspec.Struct, frozen=True):
    number: int


class Gone(msgspec.Struct, frozen=True):
    """A GOAWAY: no more streams are opened."""


Event = Opened | Came | Reset | Pinged | Gone


class Connection:
    """One end of a connection, without a socket: bytes go in and events come out. No frame may be longer than `longest` bytes."""

    def __init__(self, longest: int):
        self._longest = longest
        self._buffer = bytearray()
        self._inflate = zlib.decompressobj(zdict=DICTIONARY)
        self._deflate = zlib.compressobj(zdict=DICTIONARY)

    # --- what comes

    def feed(self, data: bytes) -> Iterator[Event]:
        """The events that these bytes complete. Raises Broken."""
        self._buffer += data
        while len(self._buffer) >= 8:
            first, flags, size = struct.unpack_from("!IB3s", self._buffer)
            length = int.from_bytes(size, "big")
            if length > self._longest:
                raise Broken(f"a frame of {length} bytes")
            if len(self._buffer) < 8 + length:
                return
            body = bytes(self._buffer[8 : 8 + length])
            del self._buffer[: 8 + length]
            event = self._control(first, flags, body) if first & CONTROL else Came(first, body, bool(flags & FIN))
            if event is not None:
                yield event

    def _control(self, first: int, flags: int, body: bytes) -> Event | None:
        if first >> 16 & 0x7FFF != VERSION:
            raise Broken("another version of SPDY")
        try:
            return self._read(first & 0xFFFF, flags, body)
        except (struct.error, zlib.error, UnicodeDecodeError) as error:
            raise Broken(str(error)) from None

    def _read(self, kind: int, flags: int, body: bytes) -> Event | None:
        if kind == SYN_STREAM:
            return Opened(_number(body), self._headers(body[10:]), bool(flags & FIN))
        if kind == RST_STREAM:
            return Reset(_number(body))
        if kind == PING:
            return Pinged(struct.unpack_from("!I", body)[0])
        return Gone() if kind == GOAWAY else None

    def _headers(self, packed: bytes) -> dict[str, str]:
        """2.6.10: names and values, each after its length. A block too long is not unpacked."""
        plain = self._inflate.decompress(packed, self._longest)
        if self._inflate.unconsumed_tail:
            raise Broken("a block of headers that is too long")
        texts, place = [], 4
        for _ in range(2 * struct.unpack_from("!I", plain)[0]):
            length = struct.unpack_from("!I", plain, place)[0]
            texts.append(plain[place + 4 : place + 4 + length].decode())
            place += 4 + length
        return dict(zip(texts[::2], texts[1::2], strict=True))

    # --- what goes

    def reply(self, stream: int) -> bytes:
        """A SYN_REPLY without headers."""
        block = self._deflate.compress(bytes(4)) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        return _control(SYN_REPLY, struct.pack("!I", stream) + block)


def data(stream: int, content: bytes, ended: bool = False) -> bytes:
    return struct.pack("!IB3s", stream, FIN if ended else 0, len(content).to_bytes(3, "big")) + content


def reset(stream: int, status: int) -> bytes:
    return _control(RST_STREAM, struct.pack("!II", stream, status))


def ping(number: int) -> bytes:
    return _control(PING, struct.pack("!I", number))


def _control(kind: int, body: bytes) -> bytes:
    return struct.pack("!IB3s", CONTROL | VERSION << 16 | kind, 0, len(body).to_bytes(3, "big")) + body


def _number(body: bytes) -> int:
    """A stream's number, which has 31 bits."""
    return int(struct.unpack_from("!I", body)[0]) & 0x7FFFFFFF
