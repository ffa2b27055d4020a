"""What comes back from a console, and what of it outlives a lost connection?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from playground.clusters import service
from playground.clusters.models import Action, Cluster
from playground.clusters.runtime import Runtime
from playground.kube.actions import Delete, PowerOff
from playground.live import consoles
from tests.clusters.conftest import op
from tests.live.terminals import CLIENT, Terminal, run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_consoles")]


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
