"""Who may type into a console, what comes back, and what is too much?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator

from playground.clusters import service, spending
from playground.clusters.models import Action, Cluster
from playground.clusters.rates import Buckets
from playground.clusters.runtime import Runtime
from playground.clusters.visitors import COOKIE
from playground.kube.actions import Delete, PowerOff
from playground.live import consoles, seating
from playground.live.routing import websocket_urlpatterns
from tests.clusters.conftest import op
from tests.live.client import cookie_of

pytestmark = pytest.mark.django_db(transaction=True)
CLIENT = "pod/default/client/main"
PATIENCE = 20


@pytest.fixture(autouse=True)
def no_consoles() -> Iterator[None]:
    yield
    consoles._consoles.clear()


class Terminal:
    """A page's console. Time passes in the cluster while it waits."""

    def __init__(self, runtime: Runtime, cluster: Cluster, visitor: str | None = None, id: str | None = None, name: str = "console-1"):
        asks = cluster.visitor if visitor is None else visitor
        headers = [(b"cookie", f"{COOKIE}={cookie_of(asks)}".encode())] if asks else []
        self.socket = WebsocketCommunicator(URLRouter(websocket_urlpatterns), f"/clusters/{id or cluster.pk}/terminal", headers)
        self.name = name
        self.text = ""
        self.typed = ""
        self.notes = ""
        self.seen = 0
        self.entries: list[Any] = []
        self.state: dict[str, Any] = {}
        self._runtime = runtime
        self._wall = 0.0
        self._number = 0

    async def connect(self) -> None:
        accepted, _ = await self.socket.connect(PATIENCE)
        assert accepted

    async def open(self, place: str = CLIENT, seen: int = 0) -> Terminal:
        await self.connect()
        await self.say({"type": "open", "console": self.name, "seen": seen})
        if place:
            await self.say({"type": "go", "place": place})
        return self

    async def say(self, message: Any) -> None:
        await self.socket.send_to(message if isinstance(message, str) else json.dumps(message))

    async def type(self, text: str, number: int | None = None) -> None:
        self._number += 1
        await self.say({"type": "line", "number": number or self._number, "text": text})

    async def take(self) -> dict[str, Any]:
        while not self.socket.output_queue.qsize():
            self._wall += 0.05
            await asyncio.to_thread(self._runtime.tick, self._wall)
            await asyncio.sleep(0.002)
        message: dict[str, Any] = json.loads(await self.socket.receive_from(PATIENCE))
        for number, kind, text in message.get("entries", ()):
            assert number > self.seen
            self.seen = number
            self.entries.append([number, kind, text])
            self.text += text
            self.typed += text if kind == "in" else ""
            self.notes += text if kind in ("note", "warn") else ""
        self.state = message
        return message

    async def until(self, true: Callable[[], bool]) -> None:
        while not true():
            await self.take()

    async def prompt(self, times: int = 1) -> None:
        """Until the shell has asked for a line so many times."""
        await self.until(lambda: self.text.count("# ") + self.text.count("$ ") >= times and not self.state["busy"])

    async def closed(self) -> int:
        while True:
            message = await self.socket.receive_output(PATIENCE)
            if message["type"] == "websocket.close":
                return int(message["code"])

    async def leave(self) -> None:
        await self.socket.disconnect()


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 60))


# --- who may type


@pytest.mark.parametrize(("visitor", "id"), [("a-stranger", None), ("", None), (None, "no-such-cluster")])
def test_strangers_are_told_that_there_is_no_such_cluster(here: Runtime, cluster: Cluster, visitor: str | None, id: str | None) -> None:
    async def test() -> None:
        terminal = Terminal(here, cluster, visitor, id)
        await terminal.connect()
        assert await terminal.closed() == 4004

    run(test())
    assert not consoles._consoles


BAD = {
    "no JSON": ('{"type": "open"', 4003),
    "a line before it is opened": ('{"type": "line", "number": 1, "text": "ls"}', 4003),
    "a name that is none": ('{"type": "open", "console": "../../etc"}', 4003),
    "an unknown type": ('{"type": "act"}', 4003),
    "too long": ('"' + "x" * 70_000 + '"', 4010),
}


@pytest.mark.parametrize(("text", "code"), BAD.values(), ids=BAD.keys())
def test_what_is_not_understood_ends_the_talk(here: Runtime, cluster: Cluster, text: str, code: int) -> None:
    async def test() -> None:
        terminal = Terminal(here, cluster)
        await terminal.connect()
        await terminal.say(text)
        assert await terminal.closed() == code

    run(test())


def test_a_page_that_says_too_much_is_closed(here: Runtime, cluster: Cluster, limits: Callable[..., None]) -> None:
    limits(socket_messages_in_burst=3, socket_messages_per_second=1)

    async def test() -> None:
        terminal = await Terminal(here, cluster).open("")
        for _ in range(5):
            await terminal.say({"type": "clear"})
        assert await terminal.closed() == 4008

    run(test())


def test_a_visitor_has_so_many_sockets_and_gives_them_back(here: Runtime, cluster: Cluster, limits: Callable[..., None]) -> None:
    limits(sockets_per_visitor=1)

    async def test() -> None:
        first = await Terminal(here, cluster).open()
        second = Terminal(here, cluster)
        await second.connect()
        assert await second.closed() == 4013
        await first.leave()

    run(test())
    assert not seating._taken


# --- what comes back


def test_a_line_runs_in_the_pod_and_its_request_is_the_pods(here: Runtime, cluster: Cluster) -> None:
    async def test() -> None:
        terminal = await Terminal(here, cluster).open()
        await terminal.prompt()
        await terminal.type("curl -s web")
        await terminal.prompt(2)
        assert "# curl -s web\n" in terminal.text
        assert terminal.typed == "curl -s web\n"
        assert terminal.state["taken"] == 1
        await terminal.leave()

    run(test())
    assert Action.objects.filter(cluster=cluster, title__startswith="Send 1 request from default/client to web").count() == 1


def test_what_is_changed_on_the_workstation_is_an_action_of_the_log(here: Runtime, cluster: Cluster) -> None:
    async def test() -> None:
        terminal = await Terminal(here, cluster).open("workstation")
        await terminal.prompt()
        await terminal.type("kubectl delete pod web-1")
        await terminal.prompt(2)
        assert 'pod "web-1" deleted' in terminal.text
        await terminal.leave()

    run(test())
    assert Action.objects.get(cluster=cluster, title="Delete Pod web-1").op
    service.undo(cluster, op())


def test_output_streams_while_a_loop_runs_and_ctrl_c_ends_it(here: Runtime, cluster: Cluster) -> None:
    async def test() -> None:
        terminal = await Terminal(here, cluster).open()
        await terminal.prompt()
        await terminal.type("while true; do echo on; sleep 1; done")
        await terminal.until(lambda: terminal.text.count("\non") >= 3)
        assert terminal.state["busy"]
        await terminal.say({"type": "interrupt"})
        await terminal.prompt(2)
        assert "^C\n" in terminal.typed
        await terminal.type("echo $?")
        await terminal.until(lambda: "\n130\n" in terminal.text)
        await terminal.leave()

    run(test())


def test_what_goes_wrong_comes_apart_and_an_edit_names_the_object(here: Runtime, cluster: Cluster) -> None:
    async def test() -> None:
        terminal = await Terminal(here, cluster).open("workstation")
        await terminal.prompt()
        await terminal.type("kubectl delete pod nobody; kubectl edit pod web-1")
        await terminal.prompt(2)
        assert terminal.entries[0][1:] == ["note", "This is a workstation outside of the cluster, with kubectl.\n"]
        assert ["err", 'Error from server (NotFound): pods "nobody" not found\n'] in [entry[1:] for entry in terminal.entries]
        assert ["open", "Pod/default/web-1"] in [entry[1:] for entry in terminal.entries]
        await terminal.leave()

    run(test())


def test_a_watch_tells_what_others_do_until_ctrl_c(here: Runtime, cluster: Cluster) -> None:
    async def test() -> None:
        terminal = await Terminal(here, cluster).open("workstation")
        await terminal.prompt()
        await terminal.type("kubectl get pods -w")
        await terminal.until(lambda: "web-1 " in terminal.text)
        await asyncio.to_thread(service.act, cluster, Delete("Pod", "web-1", "default"), op())
        await terminal.until(lambda: "Terminating" in terminal.text)
        await terminal.say({"type": "interrupt"})
        await terminal.prompt(2)
        await terminal.leave()

    run(test())


def test_a_shell_remembers_and_ctrl_d_ends_it_and_the_next_line_begins_another(here: Runtime, cluster: Cluster) -> None:
    async def test() -> None:
        terminal = await Terminal(here, cluster).open()
        await terminal.prompt()
        await terminal.type("x=17; cd /tmp")
        await terminal.type("echo $x$PWD")
        await terminal.until(lambda: "17/tmp\n" in terminal.text)
        await terminal.say({"type": "end"})
        await terminal.until(lambda: "The shell has ended, with exit code 0" in terminal.notes)
        await terminal.type("echo -$x-")
        await terminal.until(lambda: "--\n" in terminal.text)
        await terminal.leave()

    run(test())


def test_a_program_is_given_what_it_reads(here: Runtime, cluster: Cluster) -> None:
    async def test() -> None:
        terminal = await Terminal(here, cluster).open()
        await terminal.prompt()
        await terminal.type("read name; echo hello $name")
        await terminal.until(lambda: terminal.state["taken"] == 1 and not terminal.state["busy"])
        await terminal.type("help")
        await terminal.until(lambda: "hello help\n" in terminal.text)
        await terminal.leave()

    run(test())


def test_help_names_the_place_and_leaves_the_prompt(here: Runtime, cluster: Cluster) -> None:
    async def test() -> None:
        terminal = await Terminal(here, cluster).open("node/node-a")
        await terminal.until(lambda: terminal.text.endswith("# "))
        await terminal.type("help")
        await terminal.until(lambda: "This is the Node node-a itself" in terminal.text and terminal.text.endswith("# "))
        await terminal.leave()

    run(test())


def test_no_sequence_of_a_terminal_and_no_control_character_reaches_the_page(here: Runtime, cluster: Cluster) -> None:
    async def test() -> None:
        terminal = await Terminal(here, cluster).open()
        await terminal.prompt()
        await terminal.type(r"printf 'a\033[31mb\007c\033]0;title\007d\n'")
        await terminal.until(lambda: "\nabcd\n" in terminal.text)
        await terminal.leave()

    run(test())


NOWHERE = {
    "a Pod that is not there": ("pod/default/nobody/main", 'Error from server (NotFound): pods "nobody" not found\n'),
    "no place": ("the moon", 'Error from server (BadRequest): "the moon" is no place'),
}


@pytest.mark.parametrize(("place", "said"), NOWHERE.values(), ids=NOWHERE.keys())
def test_where_no_shell_can_begin_the_page_reads_why(here: Runtime, cluster: Cluster, place: str, said: str) -> None:
    async def test() -> None:
        terminal = await Terminal(here, cluster).open(place)
        await terminal.until(lambda: said in terminal.notes)
        assert not terminal.state["busy"]
        await terminal.leave()

    run(test())


def test_another_place_ends_what_runs_at_this_one(here: Runtime, cluster: Cluster) -> None:
    async def test() -> None:
        terminal = await Terminal(here, cluster).open()
        await terminal.prompt()
        await terminal.type("sleep 1000")
        await terminal.until(lambda: terminal.state["busy"])
        await terminal.say({"type": "go", "place": "node/node-a"})
        await terminal.until(lambda: terminal.text.endswith("root@node-a:/# "))
        await terminal.leave()

    run(test())


@pytest.mark.parametrize("action", [Delete("Pod", "client", grace=0), PowerOff("node-a")], ids=["killed", "power"])
def test_a_shell_ends_with_its_container(here: Runtime, cluster: Cluster, action: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consoles, "STILL_THERE", 0.01)

    async def test() -> None:
        terminal = await Terminal(here, cluster).open()
        await terminal.prompt()
        await asyncio.to_thread(service.act, cluster, action, op())
        await terminal.until(lambda: "exit code 137" in terminal.notes)
        await terminal.leave()

    run(test())


# --- a connection that is lost


def test_a_page_that_comes_back_is_told_what_it_missed_and_nothing_twice(here: Runtime, cluster: Cluster) -> None:
    async def test() -> None:
        first = await Terminal(here, cluster).open()
        await first.prompt()
        await first.type("sleep 2; echo done")
        await first.until(lambda: first.state["busy"])
        await first.leave()
        second = await Terminal(here, cluster).open("", seen=first.seen)
        await second.until(lambda: "done\n" in second.text)
        assert "sleep" not in second.text
        assert second.state["place"] == CLIENT
        await second.leave()

    run(test())


def test_a_line_that_is_sent_again_is_run_once(here: Runtime, cluster: Cluster) -> None:
    async def test() -> None:
        terminal = await Terminal(here, cluster).open()
        await terminal.prompt()
        await terminal.type("echo one", number=1)
        await terminal.type("echo one", number=1)
        await terminal.type("echo two", number=2)
        await terminal.until(lambda: terminal.text.endswith("two\n# "))
        assert terminal.text.count("one\n") == 2  # as it was typed, and as it was printed
        await terminal.leave()

    run(test())


def test_a_console_that_nobody_shows_is_ended(here: Runtime, cluster: Cluster, limits: Callable[..., None]) -> None:
    limits(terminal_detached_seconds=0)

    async def test() -> None:
        terminal = await Terminal(here, cluster).open()
        await terminal.prompt()
        await terminal.leave()
        while consoles._consoles:  # noqa: ASYNC110 - what is waited for happens in this loop
            await asyncio.sleep(0)

    run(test())


# --- what is too much


def test_a_cluster_has_so_many_consoles_and_one_that_nobody_shows_makes_way(
    here: Runtime, cluster: Cluster, limits: Callable[..., None]
) -> None:
    limits(terminals_per_cluster=1)

    async def test() -> None:
        first = await Terminal(here, cluster).open()
        await first.prompt()
        second = await Terminal(here, cluster, name="console-2").open()
        assert (await second.take())["message"] == 'too many: limit "terminals_per_cluster" allows 1; try again in 1 s'
        assert await second.closed() == 4013
        await first.leave()
        third = await Terminal(here, cluster, name="console-3").open()
        await third.prompt()
        await third.leave()

    run(test())


def test_a_line_that_is_too_long_is_not_run(here: Runtime, cluster: Cluster, limits: Callable[..., None]) -> None:
    limits(terminal_line_characters=10)

    async def test() -> None:
        terminal = await Terminal(here, cluster).open()
        await terminal.prompt()
        await terminal.type("echo 1234567890")
        await terminal.until(lambda: 'limit "terminal_line_characters" allows 10' in terminal.notes)
        assert not terminal.typed
        await terminal.leave()

    run(test())


def test_a_loop_of_requests_ends_at_the_limit_and_says_so(here: Runtime, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(spending.RATES, "terminal_actions_per_minute", Buckets(3, 60))

    async def test() -> None:
        terminal = await Terminal(here, cluster).open()
        await terminal.prompt()
        await terminal.type("while true; do curl -s web; done")
        await terminal.until(lambda: 'too fast: limit "terminal_actions_per_minute"' in terminal.text)
        await terminal.until(lambda: "The shell has ended" in terminal.notes)
        await terminal.leave()

    run(test())
    assert Action.objects.filter(cluster=cluster, title__startswith="Send").count() == 3


def test_of_much_output_the_newest_is_kept(here: Runtime, cluster: Cluster, limits: Callable[..., None]) -> None:
    limits(terminal_kept_characters=500)

    async def test() -> None:
        terminal = await Terminal(here, cluster).open()
        await terminal.prompt()
        await terminal.type("seq 1 400")
        await terminal.prompt(2)
        await terminal.type("for i in 1 2 3 4 5 6 7 8 9; do seq 1 90; done; echo end")
        await terminal.until(lambda: "\nend\n" in terminal.text)
        ((_, console),) = consoles._consoles.items()
        assert sum(len(entry.text) for entry in console.after(0)) <= 500
        await terminal.leave()

    run(test())
