"""Connections on which messages pile up are cut; others are left alone."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version

import pytest
from django.conf import settings

HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


@pytest.fixture(scope="module")
def daphne() -> Iterator[tuple[tuple[str, int], subprocess.Popen]]:
    """The address and the process of a Daphne that serves tests/piling_application.py."""
    listening = socket.create_server(("127.0.0.1", 0))
    words = [sys.executable, "-m", "daphne", "-v", "0", "--fd", str(listening.fileno()), "tests.piling_application:application"]
    words[5:5] = ["--websocket-max-message-size", "100", "--websocket-max-frame-size", "100"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with listening, subprocess.Popen(words, cwd=settings.BASE_DIR, pass_fds=[listening.fileno()], **pipes) as process:
        yield listening.getsockname(), process
        process.kill()


def opened(address: tuple[str, int], path: str) -> socket.socket:
    """A socket on which the WebSocket is open."""
    client = socket.create_connection(address, timeout=20)
    client.sendall(HANDSHAKE.format(path=path).encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += client.recv(1)
    assert answer.startswith(b"HTTP/1.1 101 ")
    return client


def message(text: bytes) -> bytes:
    return bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text


def test_the_bounds_are_written_for_this_version_of_daphne():
    assert version("daphne") == "4.2.3", "read daphne/ws_protocol.py again, then pin the new version here"


def test_a_browser_that_is_heard_may_say_as_much_as_it_likes(daphne):
    with opened(daphne[0], "/echo") as client:
        for _ in range(50):
            client.sendall(message(b"hello"))
            assert client.recv(7, socket.MSG_WAITALL) == b"\x81\x05hello"


def test_what_the_server_sends_may_be_larger_than_what_it_accepts(daphne):
    with opened(daphne[0], "/picture") as client:
        assert client.recv(4, socket.MSG_WAITALL) == b"\x81\x7e" + (50_000).to_bytes(2, "big")
        assert client.recv(50_000, socket.MSG_WAITALL) == b"x" * 50_000


def test_a_message_that_is_too_large_is_cut(daphne):
    with opened(daphne[0], "/echo") as client, pytest.raises(ConnectionError):
        client.sendall(message(b"x" * 101))
        if client.recv(100)[:1] != b"\x81":
            raise ConnectionResetError("closed without an answer")


def test_a_browser_that_sends_faster_than_it_is_heard_is_cut(daphne):
    with opened(daphne[0], "/deaf") as client, pytest.raises(ConnectionError):
        client.sendall(message(b"hello") * 50)
        while client.recv(100):
            pass
        raise ConnectionResetError("closed after what was sent had been read")


def test_a_browser_that_never_reads_is_cut(daphne):
    address, process = daphne
    with opened(address, "/talkative"):
        assert process.stdout.readline() == "cut\n"


def test_a_client_that_never_reads_an_answer_that_goes_on_is_cut(daphne):
    address, process = daphne
    with socket.create_connection(address, timeout=20) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert process.stdout.readline() == "cut\n"
