"""What do the tests of the API stand on?  The door's own small cluster, a key of it, and a client that needs no server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest

from playground.clusters.models import Cluster
from playground.clusters.runtime import Runtime
from playground.kubeapi import access
from playground.kubeapi.application import _answer
from playground.kubeapi.watching import Watch
from playground.rest.exchange import Answer
from tests.clusters.conftest import cluster, elsewhere, here, limits

__all__ = ["cluster", "elsewhere", "here", "limits"]
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"


class Reply:
    """An answer, read."""

    def __init__(self, answer: Answer):
        self.status = answer.status
        self.headers = dict(answer.headers)
        self.warnings = answer.warnings
        self.body = answer.body
        self.type = answer.type

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Watching:
    """An open watch, whose lines are taken as they come."""

    def __init__(self, watch: Watch, loop: asyncio.AbstractEventLoop, runtime: Runtime):
        self._chunks = watch.chunks().__aiter__()
        self._loop = loop
        self._runtime = runtime
        self._lines: list[Any] = []
        self._wall = 0.0

    def next(self) -> Any:
        """The next event, or None at the watch's end; time passes until there is one."""
        while not self._lines:
            coming = asyncio.ensure_future(self._chunks.__anext__(), loop=self._loop)
            self._loop.run_until_complete(asyncio.sleep(0))
            while not coming.done():
                self.tick()
                self._loop.run_until_complete(asyncio.sleep(0))
            try:
                self._lines += [json.loads(line) for line in coming.result().splitlines()]
            except StopAsyncIteration:
                return None
        return self._lines.pop(0)

    def many(self, count: int) -> list[tuple[str, str]]:
        """The type and the object's name of so many events."""
        events = [self.next() for _ in range(count)]
        return [(each["type"], each["object"]["metadata"].get("name", "")) for each in events]

    def tick(self, seconds: float = 0.05) -> None:
        self._wall += seconds
        self._runtime.tick(self._wall)


class Client:
    """Asks the API of one cluster with one key."""

    def __init__(self, key: str, runtime: Runtime):
        self.key = key
        self._runtime = runtime

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **query: Any) -> Reply:
        answered = self._ask(method, path, body, headers, query, None)
        assert isinstance(answered, Answer)
        return Reply(answered)

    def get(self, path: str, **query: Any) -> Any:
        reply = self.ask("GET", path, **query)
        assert reply.status == 200, reply.body
        return reply.json

    def table(self, path: str, **query: Any) -> Any:
        return self.ask("GET", path, headers={"accept": TABLE}, **query).json

    def post(self, path: str, body: Any, **query: Any) -> Reply:
        return self.ask("POST", path, body, **query)

    def patch(self, path: str, body: Any, style: str = "merge-patch+json", **query: Any) -> Reply:
        return self.ask("PATCH", path, body, {"content-type": f"application/{style}"}, **query)

    @contextmanager
    def watch(self, path: str, accept: str = "application/json", **query: Any) -> Iterator[Watching]:
        loop = asyncio.new_event_loop()
        made = self._ask("GET", path, None, {"accept": accept}, {"watch": "true", **query}, loop)
        assert isinstance(made, Watch), made
        watching = Watching(made, loop, self._runtime)
        try:
            yield watching
        finally:
            made.close()
            loop.run_until_complete(watching._chunks.aclose())
            loop.close()

    def _ask(self, method: str, path: str, body: Any, headers: dict[str, str] | None, query: dict[str, Any], loop: Any) -> Any:
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        named = [(name.encode(), value.encode()) for name, value in {"user-agent": "tests/1", **(headers or {})}.items()]
        scope = {"method": method, "path": f"/w/{self.key}/{path}", "query_string": urlencode(query).encode(), "headers": named}
        return _answer(scope, sent, loop)


@pytest.fixture
def client(here: Runtime, cluster: Cluster) -> Client:
    return Client(access.key_of(cluster).pk, here)


@pytest.fixture
def reader(here: Runtime, cluster: Cluster) -> Client:
    return Client(access.key_of(cluster, writes=False).pk, here)


@pytest.fixture
def service_document() -> Callable[..., dict[str, Any]]:
    """A Service; keyword arguments change its spec."""

    def build(name: str = "api", **spec: Any) -> dict[str, Any]:
        whole = {"selector": {"app": "web"}, "ports": [{"port": 80}], **spec}
        return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": whole}

    return build
