"""Does a real server do what the parts promise?  Daphne, sockets of the network, signals."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bench.watchers import Socket
from tests.clusters.watcher import Watcher

ROOT = Path(__file__).resolve().parents[2]
NEW_CLUSTER = """
import django; django.setup()
from playground.clusters import ownership
from tests.live.client import cookie_of
cluster = ownership.latest("a-visitor")
print(cluster.pk, cookie_of("a-visitor"))
"""
ACT = """
import sys, django; django.setup()
from playground.clusters import ownership, service
from playground.kube.actions import AddNode
service.act(ownership.latest("a-visitor"), AddNode(sys.argv[1]), sys.argv[1])
"""
pytestmark = pytest.mark.slow


class Site:
    """A server with a cluster of one visitor."""

    def __init__(self, server: Any):
        self.server = server
        id, cookie = self.python(NEW_CLUSTER).split()
        self._at = (server.port, f"/clusters/{id}/live", f"visitor={cookie}")

    def python(self, code: str, *arguments: str) -> str:
        """What another process on the same database prints."""
        environment = {**os.environ, **self.server.variables, "DJANGO_SETTINGS_MODULE": "playground.settings", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", code, *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout

    async def open(self, **options: Any) -> Socket:
        return await Socket.open(*self._at, **options)


@pytest.fixture
def site(start_server: Callable[..., Any]) -> Site:
    return Site(start_server())


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 60))


async def watch(socket: Socket, until: Callable[[Watcher], bool]) -> Watcher:
    watcher = Watcher()
    while not until(watcher):
        text = await socket.receive()
        assert isinstance(text, bytes)
        socket.send(json.dumps(watcher.take(text.decode())).encode())
    return watcher


async def code_of_close(socket: Socket) -> int:
    while not isinstance(told := await socket.receive(), int):
        pass
    return told


def test_a_page_sees_time_pass_and_a_server_that_ends_says_come_back(site: Site) -> None:
    async def test() -> None:
        socket = await site.open()
        watcher = await watch(socket, lambda watcher: watcher.frames >= 5)
        assert watcher.reckoned == watcher.hash
        site.server.process.send_signal(signal.SIGTERM)
        assert await code_of_close(socket) == 4012
        await asyncio.to_thread(site.server.process.wait, 5)

    run(test())


def test_after_kill_9_the_cluster_is_there_with_every_action(site: Site) -> None:
    async def test() -> None:
        first = await watch(await site.open(), lambda watcher: watcher.pictures == 1)
        site.python(ACT, "node-x")
        site.server.kill()
        site.server.start()
        again = await watch(await site.open(), lambda watcher: watcher.pictures == 1)
        assert set(again.picture["nodes"]) - set(first.picture["nodes"]) == {"node-x"}

    run(test())


def test_an_action_taken_by_another_process_is_seen(site: Site) -> None:
    async def test() -> None:
        socket = await site.open()
        await watch(socket, lambda watcher: watcher.pictures == 1)
        await asyncio.to_thread(site.python, ACT, "node-x")
        await watch(socket, lambda watcher: "node-x" in watcher.picture.get("nodes", ()))

    run(test())


def test_one_that_reads_nothing_is_sent_away_and_the_others_go_on(start_server: Callable[..., Any]) -> None:
    site = Site(start_server(LIMIT_ACKNOWLEDGE_SECONDS="1"))

    async def test() -> None:
        stalled = await site.open(receive_buffer=4096)
        good = await site.open()
        watcher = await watch(good, lambda watcher: watcher.frames >= 12)
        assert watcher.pictures == 1
        with suppress(ConnectionResetError):  # what it never read may have been cut off with the rest
            assert await code_of_close(stalled) == 4009

    run(test())
