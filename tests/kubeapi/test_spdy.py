"""The frames of SPDY/3.1, written by hand as the draft draws them."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.kubeapi import spdy

LONGEST = 65_536


def block(compressor: zlib._Compress, **headers: str) -> bytes:
    """Names and values, each after its length, compressed as all blocks of one connection are."""
    plain = struct.pack("!I", len(headers))
    for text in (each for pair in headers.items() for each in pair):
        plain += struct.pack("!I", len(text)) + text.encode()
    return compressor.compress(plain) + compressor.flush(zlib.Z_SYNC_FLUSH)


def control(kind: int, body: bytes, flags: int = 0, version: int = 3) -> bytes:
    return struct.pack("!HHI", 0x8000 | version, kind, flags << 24 | len(body)) + body


def opening(compressor: zlib._Compress, stream: int, **headers: str) -> bytes:
    return control(1, struct.pack("!IIH", stream, 0, 0) + block(compressor, **headers))


def events(data: bytes) -> list[spdy.Event]:
    return list(spdy.Connection(LONGEST).feed(data))


def test_the_dictionary_is_the_drafts() -> None:
    assert (len(spdy.DICTIONARY), zlib.adler32(spdy.DICTIONARY)) == (1423, 0xE3C6A7C2)


def test_streams_are_opened_with_headers_that_share_a_compressor() -> None:
    compressor = zlib.compressobj(zdict=spdy.DICTIONARY)
    data = opening(compressor, 1, streamtype="error", port="80") + opening(compressor, 3, streamtype="data", port="80")
    assert events(data) == [
        spdy.Opened(1, {"streamtype": "error", "port": "80"}, False),
        spdy.Opened(3, {"streamtype": "data", "port": "80"}, False),
    ]


@given(st.integers(1, 40))
def test_it_does_not_matter_where_the_bytes_are_cut(size: int) -> None:
    compressor = zlib.compressobj(zdict=spdy.DICTIONARY)
    whole = opening(compressor, 1, port="80") + spdy.data(1, b"hello") + spdy.data(1, b"", True) + spdy.ping(7) + control(7, bytes(8))
    connection = spdy.Connection(LONGEST)
    found = [event for start in range(0, len(whole), size) for event in connection.feed(whole[start : start + size])]
    assert found == [
        spdy.Opened(1, {"port": "80"}, False), spdy.Came(1, b"hello", False), spdy.Came(1, b"", True), spdy.Pinged(7), spdy.Gone(),
    ]  # fmt: skip


def test_a_reset_is_heard_and_what_is_not_spoken_is_passed_over() -> None:
    assert events(spdy.reset(5, spdy.REFUSED_STREAM) + control(9, bytes(8)) + control(4, bytes(4))) == [spdy.Reset(5)]


def test_a_reply_can_be_read_with_the_same_dictionary() -> None:
    connection, inflate = spdy.Connection(LONGEST), zlib.decompressobj(zdict=spdy.DICTIONARY)
    for stream in (1, 3):
        reply = connection.reply(stream)
        assert struct.unpack_from("!HHII", reply) == (0x8003, 2, len(reply) - 8, stream)
        assert inflate.decompress(reply[12:]) == bytes(4)


BROKEN = {
    "another version": control(6, bytes(4), version=2),
    "a frame that is too long": struct.pack("!II", 1, LONGEST + 1),
    "a frame that is too short": control(6, b"\0"),
    "headers that are not compressed": control(1, bytes(10) + b"port: 80"),
    "headers that unpack to more than is allowed": opening(zlib.compressobj(zdict=spdy.DICTIONARY), 1, port="8" * (LONGEST + 1)),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_broken_is_refused(data: bytes) -> None:
    with pytest.raises(spdy.Broken):
        events(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        events(data)
        events(control(1, data))
    except spdy.Broken:
        pass
