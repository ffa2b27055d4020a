"""Who is sent what, and who is passed over?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from playground.clusters.hub import IN_FLIGHT_BYTES, NOT_ACKNOWLEDGED, Hub, Seat


def run(test: Callable[[Hub], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(test(Hub()))


def seat(hub: Hub) -> Seat:
    made = Seat(asyncio.get_running_loop())
    hub.join(made)
    return made


async def told(seat: Seat) -> list[str | int]:
    """What waits to be sent to a seat, once everything handed over has arrived."""
    await asyncio.sleep(0)
    return [seat.queue.get_nowait() for _ in range(seat.queue.qsize())]


def frame(hub: Hub, text: str = "frame") -> int:
    hub.numbers(1)
    hub.offer(text)
    return hub.number


def test_a_newcomer_gets_a_picture_first_and_then_every_frame() -> None:
    async def test(hub: Hub) -> None:
        new = seat(hub)
        frame(hub, "before")
        assert hub.wants_picture
        hub.show("picture")
        frame(hub, "after")
        assert await told(new) == ["picture", "after"]
        assert not hub.wants_picture

    run(test)


def test_a_picture_goes_only_to_those_who_want_one() -> None:
    async def test(hub: Hub) -> None:
        one = seat(hub)
        hub.show("first")
        await told(one)
        two = seat(hub)
        hub.show("second")
        assert (await told(one), await told(two)) == ([], ["second"])

    run(test)


def test_frames_are_numbered_by_what_they_tell_without_a_gap() -> None:
    hub = Hub()
    assert [hub.numbers(count) for count in (3, 0, 2)] == [(1, 3), (4, 4), (5, 6)]


def test_who_does_not_acknowledge_is_passed_over_and_later_given_one_picture(limits: Callable[..., None]) -> None:
    limits(frames_in_flight=3)

    async def test(hub: Hub) -> None:
        stalled, good = seat(hub), seat(hub)
        hub.show("picture")
        for _ in range(10):
            last = frame(hub)
            await asyncio.sleep(0)
            hub.acknowledge(good, last)
        assert await told(stalled) == ["picture", "frame", "frame"]
        assert len(await told(good)) == 11
        assert hub.acknowledge(stalled, 2)
        assert hub.wants_picture
        frame(hub)
        hub.show("new picture")
        frame(hub)
        assert await told(stalled) == ["new picture", "frame"]

    run(test)


def test_what_waits_for_a_stalled_seat_is_bounded_in_bytes() -> None:
    async def test(hub: Hub) -> None:
        stalled = seat(hub)
        hub.show("")
        for _ in range(200):
            frame(hub, "x" * 100_000)
        assert sum(len(str(each)) for each in await told(stalled)) <= IN_FLIGHT_BYTES + 100_000

    run(test)


def test_a_gap_is_mended_by_one_picture_even_with_everything_in_flight(limits: Callable[..., None]) -> None:
    limits(frames_in_flight=2)

    async def test(hub: Hub) -> None:
        lost = seat(hub)
        hub.show("picture")
        frame(hub)
        await asyncio.sleep(0)
        hub.acknowledge(lost, 0)
        frame(hub)
        await told(lost)
        hub.resync(lost)
        hub.show("mended")
        assert await told(lost) == ["mended"]
        hub.resync(lost)
        hub.show("again")
        assert await told(lost) == [], "one picture in flight is enough"
        hub.acknowledge(lost, hub.number)
        assert hub.wants_picture

    run(test)


def test_a_new_history_of_frames_begins_with_a_picture_for_all() -> None:
    async def test(hub: Hub) -> None:
        one, run_before = seat(hub), hub.run
        hub.show("old")
        await asyncio.sleep(0)
        hub.acknowledge(one, hub.number)
        hub.restart()
        frame(hub)
        await asyncio.sleep(0)
        assert hub.run != run_before
        assert hub.wants_picture
        hub.show("new")
        assert await told(one) == ["old", "new"]

    run(test)


def test_an_acknowledgement_of_nothing_is_useless_and_says_so() -> None:
    async def test(hub: Hub) -> None:
        one = seat(hub)
        hub.show("picture")
        await asyncio.sleep(0)
        assert [hub.acknowledge(one, 0), hub.acknowledge(one, 0), hub.acknowledge(one, 10**30)] == [True, False, False]

    run(test)


def test_who_never_acknowledges_is_sent_away(limits: Callable[..., None]) -> None:
    limits(acknowledge_seconds=-1)

    async def test(hub: Hub) -> None:
        stalled, good = seat(hub), seat(hub)
        hub.show("picture")
        await asyncio.sleep(0)
        hub.acknowledge(good, 0)
        hub.sweep()
        assert await told(stalled) == ["picture", NOT_ACKNOWLEDGED]
        assert await told(good) == ["picture"]
        frame(hub)
        assert await told(stalled) == []

    run(test)


def test_a_hub_whose_last_watcher_left_is_not_watched() -> None:
    async def test(hub: Hub) -> None:
        one, two = seat(hub), seat(hub)
        hub.leave(one)
        assert hub.watched
        hub.leave(two)
        hub.leave(two)
        assert not hub.watched

    run(test)


def test_a_loop_that_has_gone_holds_nobody_back() -> None:
    hub = Hub()

    async def join() -> None:
        seat(hub)

    asyncio.run(join())
    frame(hub)
    assert not hub.watched


def test_dismissed_seats_are_told_the_code() -> None:
    async def test(hub: Hub) -> None:
        one = seat(hub)
        hub.dismiss(1012)
        assert await told(one) == [1012]

    run(test)


@pytest.mark.parametrize("messages", [1, 50])
def test_each_loop_is_called_once_for_a_frame_however_many_watch(messages: int) -> None:
    async def test(hub: Hub) -> None:
        calls: list[Any] = []
        loop = asyncio.get_running_loop()
        for _ in range(20):
            seat(hub)
        loop.call_soon_threadsafe = lambda *call: calls.append(call)  # type: ignore[method-assign,assignment]
        for _ in range(messages):
            frame(hub)
        del loop.call_soon_threadsafe
        assert len(calls) == messages

    run(test)
