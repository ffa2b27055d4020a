"""What comes and goes over the WebSocket of port-forward."""

from __future__ import annotations

import asyncio
import struct
import zlib
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator

from playground.clusters import looks, service
from playground.clusters.models import Action, Cluster
from playground.kube.actions import Hang, PowerOff
from playground.kubeapi import spdy
from playground.kubeapi.routing import websocket_urlpatterns
from playground.kubeapi.tunnels import TUNNEL
from tests.clusters.conftest import op
from tests.kubeapi.conftest import Client
from tests.kubeapi.test_spdy import LONGEST, opening

pytestmark = pytest.mark.django_db(transaction=True)
POD = "api/v1/namespaces/default/pods/web-1"
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
PATIENCE = 20


class Kubectl:
    """kubectl's end of a tunnel."""

    def __init__(self, client: Client, path: str = POD, protocols: tuple[str, ...] = (TUNNEL,), query: str = ""):
        address = f"/w/{client.key}/{path}/portforward{query}"
        self.socket = WebsocketCommunicator(URLRouter(websocket_urlpatterns), address, subprotocols=list(protocols))
        self._compressor = zlib.compressobj(zdict=spdy.DICTIONARY)

    async def connect(self) -> str | None:
        accepted, protocol = await self.socket.connect(PATIENCE)
        return str(protocol) if accepted else None

    async def send(self, *frames: bytes) -> None:
        await self.socket.send_to(bytes_data=b"".join(frames))

    async def dial(self, port: int, id: str = "0", first: int = 1) -> None:
        """Open both streams of a connection: errors on `first`, data on the next odd number."""
        for stream, kind in ((first, "error"), (first + 2, "data")):
            await self.send(opening(self._compressor, stream, streamtype=kind, port=str(port), requestid=id))
            assert (await self.frame())[:4] == struct.pack("!HH", 0x8003, 2)

    async def frame(self) -> bytes:
        return bytes(await self.socket.receive_from(PATIENCE))

    async def came(self) -> spdy.Event:
        return next(iter(spdy.Connection(LONGEST).feed(await self.frame())))

    async def until(self, text: bytes, stream: int = 3) -> None:
        seen = b""
        while text not in seen:
            event = await self.came()
            assert isinstance(event, spdy.Came)
            assert event.stream == stream
            seen += event.data


def run(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    return asyncio.run(asyncio.wait_for(work(), 60))


def test_an_http_request_is_a_request_of_the_simulation(client: Client, cluster: Cluster) -> None:
    async def test() -> None:
        kubectl = Kubectl(client)
        assert await kubectl.connect() == TUNNEL
        await kubectl.dial(80)
        for _ in range(2):
            await kubectl.send(spdy.data(3, GET))
            await kubectl.until(b"\r\n\r\nweb-1 (nginx:1.29)\n")

    run(test)
    assert Action.objects.filter(cluster=cluster, title="Forward a connection to port 80 of Pod web-1").count() == 2
    with looks.at(cluster) as kube:
        request = kube.network.recent(1)[0]
        hops = kube.network.explain(request)
    assert (request.outcome, request.sender, request.endpoint, request.service) == ("ok", "node:node-a", "default/web-1", None)
    assert "nothing is balanced" in hops[0].why


def test_two_connections_do_not_mix(client: Client) -> None:
    async def test() -> None:
        kubectl = Kubectl(client)
        await kubectl.connect()
        await kubectl.dial(80)
        await kubectl.dial(80, "1", 5)
        await kubectl.send(spdy.data(7, GET))
        await kubectl.until(b"web-1", 7)
        await kubectl.send(spdy.data(3, GET))
        await kubectl.until(b"web-1", 3)

    run(test)


def test_what_is_refused_is_said_on_the_stream_for_errors(client: Client, cluster: Cluster) -> None:
    async def test() -> list[spdy.Event]:
        kubectl = Kubectl(client)
        await kubectl.connect()
        await kubectl.dial(81)
        return [await kubectl.came(), await kubectl.came()]

    error, data = run(test)
    assert b"localhost:81" in error.data
    assert b"connect: connection refused" in error.data
    assert (error.stream, error.ended, data) == (1, True, spdy.Came(3, b"", True))
    with looks.at(cluster) as kube:
        assert kube.network.recent(1)[0].outcome == "refused"


def test_who_hangs_up_is_hung_up_on(client: Client) -> None:
    async def test() -> list[spdy.Event]:
        kubectl = Kubectl(client)
        await kubectl.connect()
        await kubectl.dial(80)
        await kubectl.send(spdy.data(3, b"", True))
        return [await kubectl.came(), await kubectl.came()]

    assert run(test) == [spdy.Came(1, b"", True), spdy.Came(3, b"", True)]


def test_what_is_no_http_is_answered_as_a_bad_request(client: Client) -> None:
    async def test() -> None:
        kubectl = Kubectl(client)
        await kubectl.connect()
        await kubectl.dial(80)
        await kubectl.send(spdy.data(3, b"\x16\x03\x01 hello\r\n\r\n"))
        await kubectl.until(b"HTTP/1.1 400")

    run(test)


def test_a_process_that_hangs_says_nothing_until_the_client_gives_up(client: Client, cluster: Cluster) -> None:
    service.act(cluster, Hang("web-1"), op())

    async def test() -> None:
        kubectl = Kubectl(client)
        await kubectl.connect()
        await kubectl.dial(80)
        await kubectl.send(spdy.data(3, GET), spdy.ping(9))
        assert await kubectl.came() == spdy.Pinged(9)
        assert await kubectl.socket.receive_nothing(0.05)
        await kubectl.send(spdy.reset(3, 5))
        assert await kubectl.came() == spdy.Came(1, b"", True)

    run(test)


def test_streams_without_a_port_and_too_many_are_refused(client: Client, limits: Any) -> None:
    async def test() -> list[spdy.Event]:
        kubectl = Kubectl(client)
        await kubectl.connect()
        await kubectl.send(opening(kubectl._compressor, 1, streamtype="data", port="99999"))
        wrong = await kubectl.came()
        await kubectl.dial(80, "0", 3)
        await kubectl.send(opening(kubectl._compressor, 7, streamtype="error", port="80", requestid="1"))
        return [wrong, await kubectl.came()]

    limits(api_forwarded_connections=1)
    assert run(test) == [spdy.Reset(1), spdy.Reset(7)]


def test_a_tunnel_that_is_broken_is_closed(client: Client) -> None:
    async def test() -> Any:
        kubectl = Kubectl(client)
        await kubectl.connect()
        await kubectl.send(b"\xff" * 20)
        return await kubectl.socket.receive_output(PATIENCE)

    assert run(test) == {"type": "websocket.close", "code": 1002}


@pytest.mark.parametrize("protocols", [("v4.channel.k8s.io",), ()], ids=["v4", "none"])
def test_the_python_clients_number_channels(client: Client, protocols: tuple[str, ...]) -> None:
    async def test() -> bytes:
        python = Kubectl(client, protocols=protocols, query="?ports=80&ports=81")
        assert await python.connect() is not None
        greetings = [await python.frame() for _ in range(4)]
        assert greetings == [bytes([channel, port, 0]) for channel, port in ((0, 80), (1, 80), (2, 81), (3, 81))]
        refused = await python.frame()
        assert refused[:1] == b"\x03"
        assert b"connection refused" in refused
        await python.send(b"\0", GET)
        return await python.frame()

    answer = run(test)
    assert answer.startswith(b"\0HTTP/1.1 200")
    assert answer.endswith(b"web-1 (nginx:1.29)\n")


def test_without_a_websocket_one_is_asked_for(client: Client) -> None:
    assert client.ask("POST", f"{POD}/portforward").json["message"] == "Upgrade request required"


def test_who_may_not_or_cannot_has_no_websocket(client: Client, reader: Client, cluster: Cluster) -> None:
    async def test() -> list[str | None]:
        nobody = await Kubectl(client, "api/v1/namespaces/default/pods/nobody").connect()
        strange = await Kubectl(client, protocols=("v9.channel.k8s.io",)).connect()
        return [nobody, strange, await Kubectl(reader).connect()]

    assert run(test) == [None, None, None]
    assert 'cannot create resource "pods/portforward"' in reader.ask("POST", f"{POD}/portforward").json["message"]
    service.act(cluster, PowerOff("node-a"), op())
    assert "connect: no route to host" in client.ask("POST", f"{POD}/portforward").json["message"]
