"""Are requests drawn as they went, failures always, and each kind of failure by a shape of its own?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.yard.harness import Yard
from tests.browser.yard.pictures import first_cluster, pod, request

pytestmark = pytest.mark.browser

SERVER, SERVER_NODE = "default/frontend-6d4cf56db6-p7q4m", "node-b"
CASES = [
    ("an answer comes back", "ok", "pod", True, "answer"),
    ("dropped by the kube-proxy", "timeout", "proxy", False, "drop"),
    ("refused by the kube-proxy", "refused", "proxy", False, "bounce"),
    ("refused by the Pod", "refused", "pod", True, "bounce"),
    ("lost in the network", "timeout", "network", True, "fade"),
    ("no answer from the Pod", "timeout", "pod", True, "fade"),
    ("a name that is not there", "nxdomain", "dns", False, "question"),
    ("no DNS server took the question", "refused", "dns", False, "deaf"),
    ("no DNS server answered it", "timeout", "dns", False, "deaf"),
    ("cut off", "reset", "pod", True, "break"),
    ("no way there", "unreachable", "network", True, "wall"),
]


@pytest.mark.parametrize(("outcome", "where", "reaches", "ending"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_each_outcome_flies_and_ends_in_its_own_way(yard: Yard, outcome: str, where: str, reaches: bool, ending: str) -> None:
    yard.open(first_cluster())
    end = (SERVER, SERVER_NODE) if reaches else (None, None)
    yard.send_frame(requests=[request(7, 10_000, outcome, where, *end)])
    assert [(flight["rid"], flight["ending"], flight["from"], flight["endpoint"]) for flight in yard.flights()] == [
        (7, ending, "default/client", end[0])
    ]
    yard.wait_until_nothing_flies()


def test_a_request_that_comes_with_its_pod_is_drawn(yard: Yard) -> None:
    """Else the first packet of a Pod, and those that follow a new picture at once, would never be seen."""
    yard.open(first_cluster())
    new = pod("new", "node-a", "10.244.0.9", "client")
    yard.send_frame([["pods", "default/new", new]], requests=[request(7, 10_000, "ok", "pod", SERVER, SERVER_NODE, source="default/new")])
    assert [flight["from"] for flight in yard.flights()] == ["default/new"]


def test_above_the_sample_only_failures_are_added_and_the_rate_is_said(yard: Yard) -> None:
    page = yard.open(first_cluster())
    yard.send_frame([["clock", "", {"now": 0, "speed": 1, "paused": True}]])
    for burst in range(5):
        yard.send_frame(requests=[request(burst * 100 + index, 0, "ok", "pod", SERVER, SERVER_NODE) for index in range(60)])
    yard.send_frame(requests=[request(900 + index, 0, "timeout", "proxy") for index in range(20)])
    endings = [flight["ending"] for flight in yard.flights(170)]
    assert (endings.count("answer"), endings.count("drop")) == (150, 20)
    expect(page.get_by_text("A sample is drawn")).to_be_visible()


def test_a_paused_clock_freezes_flights_and_a_step_moves_them(yard: Yard) -> None:
    page = yard.open(first_cluster())
    yard.send_frame([["clock", "", {"now": 0, "speed": 0.1, "paused": False}]])
    yard.send_frame(requests=[request(1, 50_000, "ok", "pod", SERVER, SERVER_NODE)])
    yard.flights()
    yard.send_frame([["clock", "", {"now": 100_000, "speed": 1, "paused": True}]])
    page.wait_for_function("document.querySelector('switch-yard').flights.paused")
    before = page.evaluate("document.querySelector('switch-yard').flights.time")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))")
    assert page.evaluate("document.querySelector('switch-yard').flights.time") == before
    yard.send_frame(requests=[request(2, 150_000, "ok", "pod", SERVER, SERVER_NODE)])
    yard.flights(2)
    yard.wait_until_nothing_flies()


def test_a_request_whose_pod_is_hidden_is_not_drawn(yard: Yard) -> None:
    yard.open(first_cluster())
    hidden = request(1, 0, "ok", "pod", SERVER, SERVER_NODE, source="kube-system/coredns-5d78c9869d-abcde", source_node="node-c")
    yard.send_frame(requests=[hidden, request(2, 0, "ok", "pod", SERVER, SERVER_NODE)])
    assert [flight["rid"] for flight in yard.flights()] == [2]


def test_with_reduced_motion_nothing_flies_but_a_failure_leaves_its_mark(make_yard: Callable[..., Yard]) -> None:
    yard = make_yard(reduced_motion="reduce")
    yard.open(first_cluster())
    yard.send_frame(requests=[request(1, 0, "ok", "pod", SERVER, SERVER_NODE), request(2, 0, "timeout", "proxy")])
    assert [flight["rid"] for flight in yard.flights()] == [2]


def test_a_mark_can_be_clicked_and_opens_its_request(yard: Yard) -> None:
    page = yard.open(first_cluster())
    stop_at_mark(page)
    yard.send_frame(requests=[request(41, 0, "timeout", "proxy")])
    x, y = page.evaluate("window.mark")
    page.mouse.move(x, y)
    expect(page.locator(".flight-tip")).to_contain_text("Request 41")
    page.mouse.click(x, y)
    expect(page.locator("#inspector")).to_contain_text("/clusters/c1/requests/41/")


def test_the_request_that_a_lesson_waits_for_is_drawn_slowly_and_the_yard_says_so(yard: Yard) -> None:
    page = yard.open(first_cluster())
    page.evaluate(
        "document.body.dispatchEvent(new CustomEvent('slow-motion', { detail: { from: 'default/client', outcome: 'timeout', label: 'slowly' } }))"
    )
    yard.send_frame(requests=[request(1, 0, "ok", "pod", SERVER, SERVER_NODE)])
    yard.flights()
    expect(page.locator("switch-yard[data-slow]")).to_have_count(0)
    yard.send_frame(requests=[request(2, 0, "timeout", "proxy")])
    expect(page.locator("switch-yard[data-slow='slowly']")).to_be_visible()
    yard.wait_until_nothing_flies()
    expect(page.locator("switch-yard[data-slow]")).to_have_count(0)


def stop_at_mark(page: Page) -> None:
    """Has the page stop its clock while the mark of the next flight stands, and promise where that is in the window."""
    page.evaluate("""() => {
      const yard = document.querySelector("switch-yard");
      const { flights } = yard;
      const marked = async () => {
        while (!(flights.journeys[0]?.met === 3)) await new Promise(requestAnimationFrame);
        flights.clock({ speed: 1, paused: true });
        await new Promise(requestAnimationFrame);
        const stage = yard.stage.getBoundingClientRect();
        return [stage.left + flights.x[0], stage.top + flights.y[0]];
      };
      window.mark = marked();
    }""")
