"""What comes and goes over the WebSocket of exec and attach."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlencode

import pytest
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator

from playground.clusters import looks, service
from playground.clusters.models import Action, Cluster
from playground.clusters.runtime import Runtime
from playground.kube.actions import Apply, Crash, PowerOff, Send
from playground.kubeapi.routing import websocket_urlpatterns
from tests.clusters import scene
from tests.clusters.conftest import op
from tests.kubeapi.conftest import Client

pytestmark = pytest.mark.django_db(transaction=True)
POD = "api/v1/namespaces/default/pods/client"
PATIENCE = 20


class Terminal:
    """A client at one end of the WebSocket. Time passes in the cluster as the test goes on."""

    def __init__(self, client: Client, path: str, command: list[str], protocols: list[str] | None = None, **query: str):
        words = urlencode([("command", word) for word in command] + list(query.items()))
        spoken = ["v5.channel.k8s.io", "v4.channel.k8s.io"] if protocols is None else protocols
        address = f"/w/{client.key}/{path}?{words}"
        self.socket = WebsocketCommunicator(URLRouter(websocket_urlpatterns), address, subprotocols=spoken)
        self._runtime = client._runtime
        self._wall = 0.0

    async def connect(self) -> str | None:
        """The subprotocol, or None where it is refused."""
        accepted, protocol = await self.socket.connect(PATIENCE)
        return str(protocol) if accepted else None

    async def type(self, text: str) -> None:
        await self.socket.send_to(bytes_data=b"\x00" + text.encode())

    async def close_input(self) -> None:
        await self.socket.send_to(bytes_data=b"\xff\x00")

    async def receive(self) -> tuple[int, str]:
        """The next message's channel and text; time passes until it comes."""
        while not self.socket.output_queue.qsize():
            self._wall += 0.05
            await asyncio.to_thread(self._runtime.tick, self._wall)
            await asyncio.sleep(0.005)
        data = await self.socket.receive_from(PATIENCE)
        return data[0], data[1:].decode()

    async def until(self, text: str) -> None:
        """Read on channel 1 until this text has come."""
        seen = ""
        while text not in seen:
            channel, more = await self.receive()
            assert channel == 1, more
            seen += more

    async def rest(self) -> tuple[dict[int, str], Any]:
        """All texts by channel, and the last message."""
        texts: dict[int, str] = {1: "", 2: ""}
        while True:
            channel, text = await self.receive()
            if channel == 3:
                closed = await self.socket.receive_output(PATIENCE)
                assert (closed["type"], closed["code"]) == ("websocket.close", 1000)
                return texts, json.loads(text)
            texts[channel] += text


def run(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    return asyncio.run(asyncio.wait_for(work(), 60))


def done(terminal: Terminal) -> tuple[dict[int, str], Any]:
    async def test() -> Any:
        assert await terminal.connect()
        return await terminal.rest()

    return run(test)


def test_a_command_answers_and_ends_well(client: Client, cluster: Cluster) -> None:
    texts, status = done(Terminal(client, f"{POD}/exec", ["curl", "-s", "web"], stdout="true"))
    assert texts[1].startswith("web-")
    assert status == {"metadata": {}, "status": "Success"}
    assert Action.objects.filter(cluster=cluster, title__startswith="Send 1 request from default/client to web").exists()


def test_what_is_written_stays_in_the_container_until_it_is_undone(client: Client, cluster: Cluster) -> None:
    """Else a file that a learner makes over the API would be gone, or would outlive an undo."""
    done(Terminal(client, f"{POD}/exec", ["touch", "/tmp/ready"]))
    assert Action.objects.filter(cluster=cluster, title="Write /tmp/ready in Pod client").count() == 1
    texts, _ = done(Terminal(client, f"{POD}/exec", ["ls", "/tmp"]))
    assert texts[1] == "ready\n"
    service.undo(cluster, op())
    texts, _ = done(Terminal(client, f"{POD}/exec", ["ls", "/tmp"]))
    assert texts[1] == ""


def test_an_exit_code_is_told(client: Client) -> None:
    texts, status = done(Terminal(client, f"{POD}/exec", ["sh", "-c", "echo out; echo err >&2; exit 7"]))
    assert texts == {1: "out\n", 2: "err\n"}
    assert (status["reason"], status["message"]) == ("NonZeroExitCode", "command terminated with exit code 7")
    assert status["details"]["causes"] == [{"reason": "ExitCode", "message": "7"}]


def test_a_program_that_is_not_there_is_the_runtimes_complaint(client: Client) -> None:
    _, status = done(Terminal(client, f"{POD}/exec", ["nosuch"]))
    assert status["code"] == 500
    assert 'exec: "nosuch": executable file not found in $PATH' in status["message"]


def test_input_is_taken_until_it_is_closed(client: Client) -> None:
    async def test() -> Any:
        terminal = Terminal(client, f"{POD}/exec", ["cat"], stdin="true")
        assert await terminal.connect() == "v5.channel.k8s.io"
        await terminal.type("hel")
        await terminal.type("lo\n")
        await terminal.until("hello\n")
        await terminal.close_input()
        return await terminal.rest()

    assert run(test)[1]["status"] == "Success"


def test_the_older_protocol_is_spoken_too(client: Client) -> None:
    async def test() -> None:
        terminal = Terminal(client, f"{POD}/exec", ["true"], ["v4.channel.k8s.io"])
        assert await terminal.connect() == "v4.channel.k8s.io"
        await terminal.rest()

    run(test)


def test_a_terminal_echoes_and_can_be_interrupted(client: Client) -> None:
    async def test() -> Any:
        terminal = Terminal(client, f"{POD}/exec", ["sh"], stdin="true", tty="true")
        await terminal.connect()
        await terminal.socket.send_to(bytes_data=b'\x04{"Width":80,"Height":24}\n')
        await terminal.type("sleep 1000\r")
        await terminal.until("sleep 1000\r\n")
        await terminal.type("\x03")
        await terminal.until("^C\r\n")
        await terminal.type("exit 3\r")
        return await terminal.rest()

    assert run(test)[1]["message"] == "command terminated with exit code 3"


def test_a_sleep_lasts_as_long_as_the_clusters_clock_says(client: Client, cluster: Cluster) -> None:
    assert done(Terminal(client, f"{POD}/exec", ["sleep", "2"]))[1]["status"] == "Success"
    with looks.at(cluster) as kube:
        assert kube.now >= scene.OPENS_AT + 2_000_000


REFUSED: dict[str, tuple[str, dict[str, str], list[str]]] = {
    "nobody": ("api/v1/namespaces/default/pods/nobody", {}, ["ls"]),
    "another container": (POD, {"container": "nope"}, ["ls"]),
    "no command": (POD, {}, []),
}


@pytest.mark.parametrize(("path", "query", "command"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_has_no_websocket_and_a_status_without_one(
    client: Client, path: str, query: dict[str, str], command: list[str]
) -> None:
    async def test() -> str | None:
        return await Terminal(client, f"{path}/exec", command, **query).connect()

    assert run(test) is None
    reply = client.ask("POST", f"{path}/exec", **query, **({"command": command[0]} if command else {}))
    assert reply.status in (400, 404)
    assert reply.json["kind"] == "Status"


def test_without_a_websocket_one_is_asked_for(client: Client) -> None:
    assert client.ask("POST", f"{POD}/exec", command="ls").json["message"] == "Upgrade request required"


def test_a_reader_runs_nothing(reader: Client) -> None:
    async def test() -> str | None:
        return await Terminal(reader, f"{POD}/exec", ["ls"]).connect()

    assert run(test) is None
    assert 'cannot create resource "pods/exec"' in reader.ask("POST", f"{POD}/exec", command="ls").json["message"]


def test_a_node_that_is_off_is_not_reached(client: Client, cluster: Cluster) -> None:
    service.act(cluster, PowerOff("node-a"), op())
    assert "connect: no route to host" in client.ask("POST", f"{POD}/exec", command="ls").json["message"]


def test_an_unknown_protocol_or_key_is_refused(client: Client, cluster: Cluster) -> None:
    async def test() -> list[str | None]:
        strange = await Terminal(client, f"{POD}/exec", ["ls"], ["v9.channel.k8s.io"]).connect()
        nobody = await Terminal(Client("x" * 32, client._runtime), f"{POD}/exec", ["ls"]).connect()
        return [strange, nobody]

    assert run(test) == [None, None]


def test_a_session_keeps_the_clock_running_and_gives_its_place_back(client: Client, here: Runtime) -> None:
    done(Terminal(client, f"{POD}/exec", ["true"]))
    assert not any(running.listeners for running in here._all())


def test_to_attach_to_a_container_that_takes_input_runs_its_command_and_ends_it(client: Client, cluster: Cluster) -> None:
    pod = scene.pod("shell", "shell")
    pod["spec"]["containers"][0] |= {"image": "busybox", "args": ["sh"], "stdin": True, "tty": True, "stdinOnce": True}
    pod["spec"]["restartPolicy"] = "Never"
    service.act(cluster, Apply([pod]), op())
    with looks.at(cluster) as kube:
        kube.advance(kube.now + 5_000_000)

    async def test() -> Any:
        terminal = Terminal(client, "api/v1/namespaces/default/pods/shell/attach", [], stdin="true", tty="true")
        await terminal.connect()
        await terminal.type("exit 2\r")
        return await terminal.rest()

    assert run(test)[1]["status"] == "Success"
    with looks.at(cluster) as kube:
        kube.advance(kube.now + 1_000_000)
        assert kube.store.get("Pod", "default", "shell").state.phase == "Failed"


def test_to_attach_to_a_server_shows_what_it_prints_until_it_ends(client: Client, cluster: Cluster) -> None:
    async def test() -> Any:
        terminal = Terminal(client, "api/v1/namespaces/default/pods/web-1/attach", [], stdout="true")
        await terminal.connect()
        for _ in range(8):
            await asyncio.to_thread(service.act, cluster, Send("client", "web:80", 1), op())
        await terminal.until("GET / HTTP/1.1")
        await asyncio.to_thread(service.act, cluster, Crash("web-1"), op())
        return await terminal.rest()

    assert run(test)[1]["status"] == "Success"
