"""Which servers are measured?  The playground as it is, and beside it the least that Daphne can do for the same frames.

`python -m bench.server ours PORT`, `api PORT PODS...` or `bare PORT FRAMES_PER_SECOND BYTES`; a line of JSON says when it listens, and where.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
BURST = 2_000
App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]

# --- in the benchmark's process


class Served:
    """A server in a process of its own."""

    def __init__(self, process: subprocess.Popen[str], port: int, path: str, cookie: str):
        self._process = process
        self.port = port
        self.path = path
        self.cookie = cookie

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory(self) -> int:
        """Resident bytes."""
        return int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]) * PAGE

    async def ask(self, path: str) -> Any:
        """The JSON at one of the addresses of `_with_questions`."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 24)
        writer.write(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
        return json.loads(answer.partition(b"\r\n\r\n")[2])


@contextmanager
def serving(kind: str, port: int, *arguments: str, **variables: str) -> Iterator[Served]:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3", "LOG_LEVEL": "ERROR", **variables}
        command = [sys.executable, "-m", "bench.server", kind, str(port), *arguments]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                yield Served(process, port, **json.loads(process.stdout.readline()))
            finally:
                process.kill()


# --- in the server's process


def main(kind: str, port: str, *arguments: str) -> None:
    if kind == "bare":
        application, path, cookie = _bare(float(arguments[0]), int(arguments[1]))
    else:
        application, path, cookie = _ours() if kind == "ours" else _api([int(each) for each in arguments])
    from daphne.server import Server

    ready = lambda: print(json.dumps({"path": path, "cookie": cookie}), flush=True)  # noqa: E731
    Server(
        application, [f"tcp:port={port}:interface=127.0.0.1:backlog=1024"], signal_handlers=False, ready_callable=ready, verbosity=0
    ).run()


def _bare(frames_per_second: float, size: int) -> tuple[App, str, str]:
    """Every client is sent the same text so many times a second; what clients say is read and thrown away."""
    clients: dict[int, Any] = {}

    async def send_all() -> None:
        number = 0
        while clients:
            number += 1
            text = f'{{"type":"frame","first":{number},"last":{number},"told":"'.ljust(size - 2, "x") + '"}'
            for send in list(clients.values()):
                await send({"type": "websocket.send", "text": text})
            await asyncio.sleep(1 / frames_per_second)

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        clients[id(send)] = send
        sending = asyncio.create_task(send_all()) if len(clients) == 1 else None
        while (await receive())["type"] != "websocket.disconnect":
            pass
        del clients[id(send)]
        if sending is not None:
            await sending

    return application, "/", ""


def _ours() -> tuple[App, str, str]:
    """The playground with one cluster, whose client sends 40 requests a second."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "playground.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.http import HttpResponse
    from django.test import RequestFactory

    from playground.asgi import application
    from playground.clusters import ownership, service, visitors
    from playground.kube.actions import StartTraffic

    call_command("migrate", verbosity=0)
    request = RequestFactory().get("/")
    cluster = ownership.latest(visitors.visitor_of(request))
    service.act(cluster, StartTraffic("client", "frontend-svc:80", 40.0), "traffic")
    cookie = visitors.remember(request, HttpResponse()).cookies[visitors.COOKIE].value
    return _with_questions(application, cluster), f"/clusters/{cluster.pk}/live", f"{visitors.COOKIE}={cookie}"


def _api(sizes: list[int]) -> tuple[App, str, str]:
    """The playground with clusters of so many Pods; in place of a path, the keys of their APIs."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "playground.settings"
    limits = "CLUSTER_PODS CLUSTER_OBJECTS CLUSTER_NODES CLUSTER_REPLICAS API_REQUESTS_PER_MINUTE API_WRITES_PER_MINUTE ACTIONS_PER_MINUTE APPLIES_PER_MINUTE"
    for limit in limits.split():
        os.environ[f"LIMIT_{limit}"] = "1000000"
    import django

    django.setup()
    from django.core.management import call_command

    from playground.asgi import application

    call_command("migrate", verbosity=0)
    return application, " ".join(map(_cluster_of, sizes)), ""


def _cluster_of(pods: int) -> str:
    """A settled cluster of so many Pods; its key."""
    from bench.loads import app
    from playground.clusters import looks, ownership, scenes, service
    from playground.kube.actions import AddNode, Apply
    from playground.kube.clock import SECOND
    from playground.kubeapi import access

    cluster = ownership.new_cluster(f"{pods:022}", scenes.all()[0].key, "new")
    for number in range(pods // 100 + 6):
        service.act(cluster, AddNode(f"more-{number}"), f"node-{number}")
    service.act(cluster, Apply(app("app", pods)), "app")
    with looks.at(cluster) as kube:
        kube.advance(kube.now + 60 * SECOND)
        kube.events()
        assert kube.store.count("Pod") >= pods
    return access.key_of(cluster).pk


def _with_questions(application: App, cluster: Any) -> App:
    """The application, and what only the benchmark asks: /burst happens, /hash pauses and says the hash, /stamps when frames were made."""
    from playground.clusters import looks, service
    from playground.clusters.hub import Hub
    from playground.clusters.picture import Picture
    from playground.kube.actions import Send

    stamps: dict[int, float] = {}
    offer = Hub.offer

    def stamped(hub: Hub, text: str) -> None:
        stamps[hub.number] = time.monotonic()
        offer(hub, text)

    Hub.offer = stamped  # type: ignore[method-assign]

    def burst() -> Any:
        return service.act(cluster, Send("client", "frontend-svc:80", BURST), f"burst-{time.monotonic_ns()}").lines

    def pause() -> Any:
        service.set_clock(cluster, "pause", paused=True)
        with looks.at(cluster) as kube:
            return Picture(kube).hash

    answers: dict[str, Callable[[], Any]] = {"/burst": burst, "/hash": pause, "/stamps": lambda: stamps}

    async def asked(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] not in answers:
            return await application(scope, receive, send)
        body = json.dumps(await asyncio.to_thread(answers[scope["path"]])).encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})
        return None

    return asked


if __name__ == "__main__":
    main(*sys.argv[1:])
