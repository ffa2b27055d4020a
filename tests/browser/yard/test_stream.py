"""Does the page acknowledge, notice a gap, come back, and tell in words how its stream is?"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.yard.harness import Yard
from tests.browser.yard.pictures import first_cluster

pytestmark = pytest.mark.browser


def test_every_frame_is_acknowledged(yard: Yard) -> None:
    page = yard.open(first_cluster())
    yard.send_frame()
    yard.send_frame()
    expect(page.locator("switch-yard")).to_have_attribute("data-hash", "h2")
    assert yard.heard == [{"type": "ack", "seq": 0}, {"type": "ack", "seq": 1}, {"type": "ack", "seq": 2}]


def test_a_gap_asks_once_for_a_picture_and_frames_are_ignored_until_it_comes(yard: Yard) -> None:
    page = yard.open(first_cluster())
    yard.send_frame([["pods", "default/client", None]], skip=3)
    yard.send_frame([["nodes", "node-a", None]])
    yard.send_picture(first_cluster())
    yard.send_frame()
    expect(page.locator("switch-yard")).to_have_attribute("data-hash", f"h{yard.seq}")
    assert [message["type"] for message in yard.heard] == ["ack", "resync", "ack", "ack"]
    expect(page.locator("a.pod")).to_have_count(5)


def test_another_run_of_the_cluster_asks_for_a_picture(yard: Yard) -> None:
    page = yard.open(first_cluster())
    yard.run = "run-2"
    yard.send_frame([["pods", "default/client", None]])
    yard.send_picture(first_cluster())
    expect(page.locator("a.pod")).to_have_count(5)
    assert {"type": "resync"} in yard.heard


def test_a_lost_connection_is_said_and_made_again(yard: Yard) -> None:
    page = yard.open(first_cluster())
    yard.greets = False
    yard.sockets[-1].close(code=1012, reason="try again")
    expect(page.locator("[data-fact=state]")).to_have_text("reconnecting")
    page.wait_for_function("document.querySelector('switch-yard').stream.socket?.readyState === WebSocket.OPEN")
    yard.send_picture(first_cluster())
    expect(page.locator("[data-fact=state]")).to_have_text("live")
    assert len(yard.sockets) == 2


def test_a_cluster_that_is_not_there_is_not_asked_for_again(yard: Yard) -> None:
    page = yard.open(first_cluster())
    yard.sockets[-1].close(code=4004, reason="no such cluster")
    expect(page.locator("[data-fact=state]")).to_have_text("no longer there")


STREAM = """async ([behaviour]) => {
  const { Stream } = await import("/static/js/models/stream.js");
  const log = [];
  const sockets = [];
  const timers = [];
  const stream = new Stream("ws://x", {
    onPicture: () => {}, onFrame: () => {}, onState: (state) => log.push(state),
    open: () => { const socket = { readyState: 1, send: () => {}, close() {} }; sockets.push(socket); return socket; },
    later: (fn, ms) => { timers.push({ fn, ms }); return timers.length - 1; },
    cancel: (id) => { if (id !== undefined) timers[id].cancelled = true; },
    random: () => 1,
  });
  stream.start();
  const picture = () => sockets.at(-1).onmessage({ data: JSON.stringify({ type: "picture", run: "r", seq: 0, picture: {} }) });
  const lose = () => { sockets.at(-1).onclose({ code: 1006 }); };
  const next = () => { const timer = timers.at(-1); if (!timer.cancelled) timer.fn(); };
  if (behaviour === "backoff") for (let turn = 0; turn < 9; turn += 1) { lose(); next(); }
  if (behaviour === "hidden") { picture(); stream.hidden(true); next(); stream.hidden(false); picture(); }
  if (behaviour === "glance") { picture(); stream.hidden(true); stream.hidden(false); }
  return { log, waits: timers.map((timer) => timer.ms), sockets: sockets.length, cancelled: timers.map((timer) => Boolean(timer.cancelled)) };
}"""


def test_waits_between_tries_double_up_to_half_a_minute(yard: Yard) -> None:
    seen = yard.open(first_cluster()).evaluate(STREAM, ["backoff"])
    assert seen["waits"] == [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]


def test_a_page_hidden_for_a_minute_lets_go_and_comes_back_when_shown(yard: Yard) -> None:
    seen = yard.open(first_cluster()).evaluate(STREAM, ["hidden"])
    assert seen["waits"] == [60000]
    assert seen["log"] == ["connecting", "live", "paused", "connecting", "live"]
    assert seen["sockets"] == 2


def test_a_page_hidden_for_a_moment_keeps_its_connection(yard: Yard) -> None:
    seen = yard.open(first_cluster()).evaluate(STREAM, ["glance"])
    assert seen["cancelled"] == [True]
    assert seen["sockets"] == 1
