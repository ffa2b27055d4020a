"""Who may type into a console, and what is too much?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from playground.clusters import spending
from playground.clusters.models import Action, Cluster
from playground.clusters.rates import Buckets
from playground.clusters.runtime import Runtime
from playground.live import consoles, seating
from tests.live.terminals import Terminal, run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_consoles")]


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
