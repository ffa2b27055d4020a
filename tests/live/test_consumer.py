"""Who may watch, what are they sent, and when are they sent away?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator

from playground.clusters import grants, looks, service
from playground.clusters.hub import IN_FLIGHT_BYTES
from playground.clusters.models import Cluster
from playground.clusters.picture import Picture
from playground.clusters.runtime import Runtime
from playground.clusters.visitors import BEARER, SUBPROTOCOL, Asker, token
from playground.kube.actions import Apply, Delete, Send, StartTraffic
from playground.live import consumer, seating
from playground.live.routing import websocket_urlpatterns
from tests.clusters import scene
from tests.clusters.conftest import op
from tests.live.client import Page, until

pytestmark = pytest.mark.django_db(transaction=True)


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 60))


async def act(cluster: Cluster, action: Any) -> None:
    await asyncio.to_thread(service.act, cluster, action, op())


def engine_hash(cluster: Cluster) -> str:
    """The hash of a picture made anew."""
    with looks.at(cluster) as kube:
        return Picture(kube).hash


# --- who may watch


@pytest.mark.parametrize(("visitor", "id"), [("a-stranger", None), ("", None), ("visitor-of-the-tests", "no-such-cluster")])
def test_strangers_are_told_that_there_is_no_such_cluster(here: Runtime, cluster: Cluster, visitor: str, id: str | None) -> None:
    async def test() -> None:
        page = Page(here, visitor, id or cluster.pk)
        await page.connect()
        assert await page.closed() == 4004

    run(test())


def test_there_is_room_for_so_many_sockets_of_a_visitor(here: Runtime, cluster: Cluster, limits: Callable[..., None]) -> None:
    limits(sockets_per_visitor=1)

    async def test() -> None:
        first = await Page.open(here, cluster)
        second = Page(here, cluster.visitor, cluster.pk)
        await second.connect()
        assert await second.closed() == 4013
        await first.leave()
        third = await Page.open(here, cluster)
        await third.leave()

    run(test())
    assert not seating._taken


# --- what they are sent


def test_a_picture_comes_first_and_then_frames(here: Runtime, cluster: Cluster) -> None:
    async def test() -> None:
        page = await Page.open(here, cluster)
        assert page.watcher.pictures == 1
        await act(cluster, Delete("Pod", "web-1"))
        frame = await page.next()
        assert frame["type"] == "frame"
        assert ["history", "", {"undo": "Delete Pod web-1", "redo": None}] in frame["changes"]
        assert any("web-1 was deleted" in text for _, text, _ in frame["says"])
        await page.leave()

    run(test())
    assert not any(running.hub.watched for running in here._all())


def test_an_undo_takes_back_the_story_of_what_it_undid_and_no_more(here: Runtime, cluster: Cluster) -> None:
    async def test() -> list[str]:
        page = await Page.open(here, cluster)
        await act(cluster, Delete("Pod", "web-1"))
        for _ in range(30):
            await page.next()
        await act(cluster, Delete("Pod", "web-2"))
        await page.next()
        await asyncio.to_thread(service.undo, cluster, op())
        message = await page.next()
        while message["type"] != "picture":
            message = await page.next()
        await page.leave()
        return [text for _, text, _ in message["says"]]

    story = " / ".join(asyncio.run(test()))
    assert "web-1 was deleted" in story
    assert "web-2 was deleted" not in story


def test_time_passes_while_somebody_watches_and_sleeps_when_nobody_does(here: Runtime, cluster: Cluster) -> None:
    async def test() -> int:
        page = await Page.open(here, cluster)
        for _ in range(40):
            page.tick(0.1)
        await page.leave()
        return int(page.wall)

    async def again() -> None:
        page = Page(here, cluster.visitor, cluster.pk)
        page.wall = 1000.0
        page.tick()

    asyncio.run(test())
    with looks.at(cluster) as kube:
        now = kube.now
        assert now == pytest.approx(scene.OPENS_AT + 4_000_000, abs=100_000)
    asyncio.run(again())
    with looks.at(cluster) as kube:
        assert kube.now == now


def test_two_pages_see_the_same(here: Runtime, cluster: Cluster) -> None:
    async def test() -> None:
        one = await Page.open(here, cluster)
        two = Page(here, cluster.visitor, cluster.pk)
        await two.connect()
        await until(lambda: here._get(cluster.pk).hub.wants_picture)
        await two.next(0.0)
        await act(cluster, Apply([scene.pod("new")]))
        frames = [await one.next(0.0), await two.take()]
        assert frames[0] == frames[1]
        assert one.watcher.reckoned == two.watcher.reckoned
        await one.leave()
        await two.leave()

    run(test())


def test_a_gap_is_mended_by_a_picture(here: Runtime, cluster: Cluster) -> None:
    async def test() -> None:
        page = await Page.open(here, cluster)
        await act(cluster, Apply([scene.pod("new")]))
        page.tick()
        await page.socket.receive_from(5)  # lost on the way
        await act(cluster, Apply([scene.pod("newer")]))
        await page.next()
        assert page.watcher.pictures == 1
        while page.watcher.pictures == 1:
            await page.next()
        assert "default/newer" in page.watcher.picture["pods"]
        assert page.watcher.reckoned == page.watcher.hash
        await page.leave()

    run(test())


def test_undo_shows_itself_as_a_new_picture(here: Runtime, cluster: Cluster) -> None:
    async def test() -> None:
        page = await Page.open(here, cluster)
        await act(cluster, Apply([scene.pod("new")]))
        await page.next()
        await asyncio.to_thread(service.undo, cluster, op())
        while page.watcher.pictures == 1:
            await page.next()
        assert "default/new" not in page.watcher.picture["pods"]
        assert page.watcher.picture["history"]["redo"] == "Apply Pod new"
        await page.leave()

    run(test())


def test_after_a_burst_a_page_holds_the_engines_picture(here: Runtime, cluster: Cluster) -> None:
    async def test() -> None:
        page = await Page.open(here, cluster)
        await act(cluster, StartTraffic("client", "web:80", 50.0))
        await act(cluster, Apply([scene.pod(f"more-{number}") for number in range(30)]))
        await act(cluster, Send("client", "web:80", 2000))
        for _ in range(60):
            await page.next(0.25)
        while page.socket.output_queue.qsize():
            await page.take()
        assert page.watcher.reckoned == await asyncio.to_thread(engine_hash, cluster)
        assert sum(page.watcher.flows.values()) >= 2000
        await page.leave()

    run(test())


# --- who is sent away


def test_a_page_that_stalls_is_skipped_does_not_grow_and_holds_nobody_back(
    here: Runtime, cluster: Cluster, limits: Callable[..., None]
) -> None:
    limits(frames_in_flight=4)

    async def test() -> None:
        good = await Page.open(here, cluster)
        stalled = Page(here, cluster.visitor, cluster.pk)
        await stalled.connect()
        await stalled.until_watched(2)
        await act(cluster, StartTraffic("client", "web:80", 100.0))
        for _ in range(60):
            await good.next()
        waiting = [stalled.socket.output_queue.get_nowait() for _ in range(stalled.socket.output_queue.qsize())]
        assert len(waiting) == 4
        assert sum(len(message["text"]) for message in waiting) < IN_FLIGHT_BYTES
        assert good.watcher.frames > 50
        assert good.watcher.pictures == 1
        await good.leave()
        await stalled.leave()

    run(test())


def test_a_page_that_never_acknowledges_is_closed(here: Runtime, cluster: Cluster, limits: Callable[..., None]) -> None:
    limits(acknowledge_seconds=-1)

    async def test() -> None:
        page = Page(here, cluster.visitor, cluster.pk)
        await page.connect()
        await page.until_watched()
        page.tick()
        await asyncio.sleep(0)
        await asyncio.to_thread(here.tend, 0.0)
        assert await page.closed() == 4009

    run(test())


BAD = {
    "no JSON": ('{"type": "ack"', 4003),
    "an unknown type": ('{"type": "delete"}', 4003),
    "an acknowledgement of a word": ('{"type": "ack", "seq": "1"}', 4003),
    "a list": ("[]", 4003),
    "nested without end": ("[" * 5000, 4003),
    "too long": ('"' + "x" * 70_000 + '"', 4010),
}


@pytest.mark.parametrize(("text", "code"), BAD.values(), ids=BAD.keys())
def test_what_is_not_understood_ends_the_talk(here: Runtime, cluster: Cluster, text: str, code: int) -> None:
    async def test() -> None:
        page = await Page.open(here, cluster)
        await page.socket.send_to(text)
        assert await page.closed() == code

    run(test())


def test_bytes_are_not_understood(here: Runtime, cluster: Cluster) -> None:
    async def test() -> None:
        page = await Page.open(here, cluster)
        await page.socket.send_to(bytes_data=b"\x00")
        assert await page.closed() == 4003

    run(test())


@pytest.mark.parametrize("message", [{"type": "resync"}, {"type": "ack", "seq": 0}])
def test_a_page_that_says_too_much_is_closed(here: Runtime, cluster: Cluster, message: dict[str, Any], limits: Callable[..., None]) -> None:
    limits(socket_messages_in_burst=5, socket_messages_per_second=1)

    async def test() -> None:
        page = await Page.open(here, cluster)
        for _ in range(7):
            await page.say(message)
        assert await page.closed() == 4008

    run(test())


def test_acknowledging_every_frame_is_not_too_much(here: Runtime, cluster: Cluster, limits: Callable[..., None]) -> None:
    limits(socket_messages_in_burst=2, socket_messages_per_second=1)

    async def test() -> None:
        page = await Page.open(here, cluster)
        await act(cluster, StartTraffic("client", "web:80", 100.0))
        for _ in range(20):
            await page.next()
        await page.leave()

    run(test())


def test_a_server_that_goes_down_says_come_back(here: Runtime, cluster: Cluster) -> None:
    async def test() -> None:
        page = await Page.open(here, cluster)
        page.socket.future.cancel()
        assert await page.closed() == 4012

    run(test())


# --- who comes with a token


def by_token(here: Runtime, asker: Asker, text: str = "") -> Page:
    page = Page(here, "", asker.cluster)
    page.socket.scope["subprotocols"] = [SUBPROTOCOL, BEARER + (text or token(asker))]
    return page


def test_a_token_opens_its_cluster_and_the_answer_is_not_the_token(here: Runtime, cluster: Cluster) -> None:
    async def test() -> None:
        page = by_token(here, Asker(cluster.visitor, cluster.pk))
        assert await page.socket.connect() == (True, SUBPROTOCOL)
        await page.until_watched()
        assert (await page.next())["type"] == "picture"
        await page.leave()

    run(test())


@pytest.mark.parametrize(("asker", "text", "code"), [(("v", ""), "forged", 4001), (("v", ""), "", 4004)])
def test_a_bad_token_is_told_apart_from_one_of_another_visitor(
    here: Runtime, cluster: Cluster, asker: tuple[str, str], text: str, code: int
) -> None:
    async def test() -> None:
        page = by_token(here, Asker(asker[0], cluster.pk), text)
        await page.socket.connect()
        assert await page.closed() == code

    run(test())


def test_who_looks_by_a_link_is_sent_away_when_it_is_withdrawn(here: Runtime, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    standing = {"link"}
    monkeypatch.setattr(grants, "_rules", [lambda share, id: share in standing])
    monkeypatch.setattr(consumer, "ASK_AGAIN", 0.01)

    async def test() -> None:
        page = by_token(here, Asker("ann", cluster.pk, share="link"))
        await page.socket.connect()
        await page.until_watched()
        assert (await page.next())["type"] == "picture"
        standing.clear()
        assert await page.closed() == 4004

    run(test())


@pytest.mark.parametrize("asker", [Asker("visitor-of-the-tests", acts=False), Asker("ann", share="link")])
def test_who_may_only_look_has_no_console(here: Runtime, cluster: Cluster, asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grants, "_rules", [lambda share, id: True])

    async def test() -> None:
        asking = asker._replace(cluster=cluster.pk)
        socket = WebsocketCommunicator(
            URLRouter(websocket_urlpatterns), f"/clusters/{cluster.pk}/terminal", [], [SUBPROTOCOL, BEARER + token(asking)]
        )
        await socket.connect()
        assert (await socket.receive_output())["code"] == 4004

    run(test())


def test_so_many_look_by_one_link_and_the_owner_still_finds_a_place(
    here: Runtime, cluster: Cluster, limits: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grants, "_rules", [lambda share, id: True])
    limits(sockets_per_share_link=1)

    async def test() -> None:
        first, second = (by_token(here, Asker(name, cluster.pk, share="link")) for name in ("ann", "bob"))
        await first.socket.connect()
        await first.until_watched()
        await second.socket.connect()
        assert await second.closed() == 4013
        owner = await Page.open(here, cluster)
        for page in (owner, first):
            await page.leave()

    run(test())
