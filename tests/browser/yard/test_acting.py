"""Can everything be reached by keyboard and pointer, and does each action go out once, with an `op` of its own?"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, expect

from tests.browser.yard.harness import Yard
from tests.browser.yard.pictures import first_cluster, request

pytestmark = pytest.mark.browser

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def acts(yard: Yard) -> list[tuple[str, dict[str, str]]]:
    """(verb, fields) of each action sent."""
    return [
        (path.split("/actions/")[1].strip("/"), {key: values[0] for key, values in parse_qs(body).items()})
        for method, path, body in yard.posted
        if method == "POST" and "/actions/" in path
    ]


def test_a_node_is_one_tab_stop_and_arrow_keys_go_to_what_lies_there(yard: Yard) -> None:
    page = yard.open(first_cluster())
    reached = page.locator('.stage [data-ref][tabindex="0"]')
    expect(reached).to_have_count(4)
    page.locator('[data-ref="Node/-/node-a"]').first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator('[data-ref="Pod/default/client"]')).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator('[data-ref="Pod/default/frontend-6d4cf56db6-x2x9k"]')).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator('section[aria-label="Node node-b"] a.pod').last).to_be_focused()
    expect(reached).to_have_count(4)


def test_enter_opens_the_inspector_and_a_chosen_service_lets_its_pods_glow(yard: Yard) -> None:
    page = yard.open(first_cluster())
    page.locator('[data-ref="Service/default/frontend-svc"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator("#inspector")).to_contain_text("/clusters/c1/objects/Service/default/frontend-svc/")
    expect(page.locator('[data-ref="Service/default/frontend-svc"]')).to_have_attribute("aria-current", "true")
    expect(page.locator(".pod[data-glow]")).to_have_count(3)


def test_typing_a_selector_lets_the_matching_pods_glow_until_the_field_is_left(yard: Yard) -> None:
    yard.answers["/clusters/c1/objects/Pod/default/client/"] = (
        200,
        (
            '<form><input data-selector id="edit-selector" name="selector" hx-get="/clusters/c1/selector/" hx-trigger="input" hx-target="#found"></form>'
            '<div id="found"></div>'
        ),
    )
    yard.answers["/clusters/c1/selector/"] = (200, '<p data-pods="default/client default/redis-master-7b9c5d-hh2jz">2 Pods match</p>')
    page = yard.open(first_cluster())
    page.evaluate(
        "window.settled = new Promise((done) => document.body.addEventListener('htmx:afterSettle', () => done(), { once: true })); 0"
    )
    page.locator('[data-ref="Pod/default/client"]').click()
    page.evaluate("window.settled")
    page.locator("#edit-selector").fill("app=client")
    expect(page.locator(".pod[data-glow]")).to_have_count(2)
    page.locator("#edit-selector").blur()
    expect(page.locator(".pod[data-glow]")).to_have_count(0)


def test_what_a_lesson_speaks_of_lights_up(yard: Yard) -> None:
    page = yard.open(first_cluster())
    refs = ["Service/default/frontend-svc", "Pod/default/client"]
    page.evaluate("refs => document.body.dispatchEvent(new CustomEvent('light-objects', { detail: { refs } }))", refs)
    expect(page.locator("switch-yard [data-lit]")).to_have_count(2)
    page.evaluate("document.body.dispatchEvent(new CustomEvent('light-objects', { detail: { refs: [] } }))")
    expect(page.locator("switch-yard [data-lit]")).to_have_count(0)


def test_what_a_lesson_begins_to_speak_of_comes_into_view(make_yard: Callable[..., Yard]) -> None:
    page = make_yard(viewport={"width": 520, "height": 420}).open(first_cluster())
    node = page.locator("switch-yard .node-name").last
    ref = node.get_attribute("data-ref")
    assert not in_yard(page, ref)
    speak = "refs => document.body.dispatchEvent(new CustomEvent('light-objects', { detail: { refs } }))"
    page.evaluate(speak, [ref])
    assert in_yard(page, ref)
    page.evaluate("document.querySelector('.yard-scroll').scrollTop = 0")
    page.evaluate(speak, [ref])
    assert not in_yard(page, ref)  # it was spoken of before: nobody's view is moved twice


def in_yard(page: Page, ref: str | None) -> bool:
    return page.evaluate(
        """ref => {
            const found = [`switch-yard [data-ref="${ref}"]`, ".yard-scroll"].map((each) => document.querySelector(each));
            const [box, yard] = found.map((each) => each.getBoundingClientRect());
            return box.top >= yard.top && box.bottom <= yard.bottom;
        }""",
        ref,
    )


def test_delete_kills_the_focused_pod(yard: Yard) -> None:
    page = yard.open(first_cluster())
    page.locator('[data-ref="Pod/default/client"]').focus()
    page.keyboard.press("Delete")
    expect(page.locator("#receipt")).to_contain_text("/actions/delete/")
    [(verb, fields)] = acts(yard)
    assert (verb, fields["kind"], fields["namespace"], fields["name"]) == ("delete", "Pod", "default", "client")
    assert UUID.fullmatch(fields["op"])


def test_space_pauses_a_point_steps_and_control_z_undoes(yard: Yard) -> None:
    page = yard.open(first_cluster())
    page.keyboard.press("Space")
    page.wait_for_function("true")
    yard.send_frame([["clock", "", {"now": 0, "speed": 2, "paused": True}], ["history", "", {"undo": "Delete Pod client", "redo": None}]])
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    expect(page.get_by_role("button", name="Undo")).to_have_attribute("title", "Undo: Delete Pod client")
    page.keyboard.press(".")
    page.keyboard.press("Space")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+Shift+Z")
    expect(page.locator("#receipt")).to_contain_text("/actions/undo/")
    sent = acts(yard)
    assert [verb for verb, _ in sent] == ["clock", "step", "clock", "undo"]
    assert [fields["paused"] for verb, fields in sent if verb == "clock"] == ["true", "false"]
    assert sent[2][1]["speed"] == "2"
    assert len({fields["op"] for _, fields in sent}) == 4


def test_every_press_of_control_z_undoes_also_while_one_is_on_its_way(yard: Yard) -> None:
    page = yard.open(first_cluster())
    yard.send_frame([["history", "", {"undo": "Delete Pod client", "redo": None}]])
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    page.evaluate("""() => {
      for (let press = 0; press < 5; press += 1) document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "z", ctrlKey: true, bubbles: true }));
    }""")
    page.wait_for_function("performance.getEntriesByType('resource').filter((each) => each.name.endsWith('/actions/undo/')).length === 5")
    sent = acts(yard)
    assert [verb for verb, _ in sent] == ["undo"] * 5
    assert len({fields["op"] for _, fields in sent}) == 5


def test_what_can_be_done_goes_with_the_object_and_comes_back_with_it(yard: Yard) -> None:
    path = "/clusters/c1/objects/Pod/default/client/"
    article = '<article class="inspected" data-shows="Pod/default/client">{}<div class="editors"><button>Save</button></div></article>'
    refreshed = f'data-refresh="Pod/default/client" hx-get="{path}" hx-trigger="refresh" hx-select="#inspected-head" hx-swap="outerHTML"'
    here, gone = (article.format(f'<header id="inspected-head"{mark} {refreshed}></header>') for mark in ("", " data-gone"))
    yard.answers[path] = (200, here)
    page = yard.open(first_cluster())
    page.locator('[data-ref="Pod/default/client"]').click()
    save = page.locator("#inspector").get_by_role("button", name="Save")
    expect(save).to_be_visible()
    yard.answers[path] = (404, gone)
    yard.send_frame([["pods", "default/client", None]])
    expect(save).to_be_hidden()
    yard.answers[path] = (200, here)
    yard.send_frame([["pods", "default/client", first_cluster()["pods"]["default/client"]]])
    expect(save).to_be_visible()
    yard.problems = [problem for problem in yard.problems if "404" not in problem]


def test_keys_do_nothing_while_somebody_writes(yard: Yard) -> None:
    yard.answers["/clusters/c1/objects/Pod/default/client/"] = (200, '<input id="field" aria-label="field">')
    page = yard.open(first_cluster())
    page.locator('[data-ref="Pod/default/client"]').click()
    page.locator("#field").press_sequentially("a. b?")
    expect(page.locator("#field")).to_have_value("a. b?")
    assert acts(yard) == []


def test_the_speed_is_sent_when_it_is_chosen(yard: Yard) -> None:
    page = yard.open(first_cluster())
    with page.expect_response("**/actions/clock/"):
        page.get_by_label("Speed of the clock").select_option("0.5")
    [(_, fields)] = acts(yard)
    assert (fields["speed"], fields["paused"]) == ("0.5", "false")


def test_an_action_whose_connection_broke_is_tried_once_more_with_the_same_op(yard: Yard) -> None:
    yard.answers["/clusters/c1/actions/step/"] = (0, "")
    page = yard.open(first_cluster())
    page.keyboard.press(".")
    expect(page.get_by_role("alert")).to_contain_text("could not be reached")
    ops = [fields["op"] for _, fields in acts(yard)]
    assert len(ops) == 2
    assert len(set(ops)) == 1
    yard.answers["/clusters/c1/actions/step/"] = (200, "stepped")
    with page.expect_response("**/actions/step/"):
        page.keyboard.press(".")
    with page.expect_response("**/actions/step/"):
        page.keyboard.press(".")
    ops = [fields["op"] for _, fields in acts(yard)]
    assert ops[2] == ops[0]
    assert ops[3] != ops[0]
    yard.problems = [problem for problem in yard.problems if "ERR_CONNECTION_RESET" not in problem and not problem.startswith("htmx:")]


def test_a_refusal_is_shown_also_for_a_form_that_is_quiet_when_it_succeeds(yard: Yard) -> None:
    yard.answers["/clusters/c1/actions/step/"] = (429, '<p class="callout" data-state="drop">Too fast: at most 20 actions in 10 s.</p>')
    page = yard.open(first_cluster())
    page.keyboard.press(".")
    expect(page.locator("#receipt")).to_contain_text("Too fast")
    yard.problems = [problem for problem in yard.problems if "429" not in problem]


def test_a_changed_object_fetches_its_fragment_again_but_not_under_a_writing_hand(yard: Yard) -> None:
    path = "/clusters/c1/objects/Pod/default/client/"
    refreshed = 'hx-trigger="refresh" hx-swap="outerHTML"'
    yard.answers[path] = (
        200,
        f'<article data-shows="Pod/default/client" data-refresh="Pod/default/client" hx-get="{path}" {refreshed}>'
        f'<form><input id="labels" aria-label="Labels"></form></article><p data-refresh="*" hx-get="/any/" {refreshed}>old</p>',
    )
    yard.answers["/any/"] = (200, "<p>fetched again</p>")
    page = yard.open(first_cluster())
    page.locator('[data-ref="Pod/default/client"]').click()
    page.locator("#labels").focus()
    change = ["pods", "default/client", first_cluster()["pods"]["default/client"] | {"restarts": 1}]
    yard.send_frame([change])
    expect(page.get_by_text("fetched again")).to_be_visible()
    assert [asked for _, asked, _ in yard.posted].count(path) == 1
    with page.expect_response(f"**{path}"):
        page.locator("#labels").blur()
    expect(page.locator("#labels")).to_have_count(1)


def test_the_story_links_to_what_it_speaks_of(yard: Yard) -> None:
    page = yard.open(first_cluster(), says=([0, "The cluster was made.", ""],))
    yard.send_frame(says=[[61_200_000, "The kubelet on node-b started redis-master.", "Pod/default/redis-master-7b9c5d-hh2jz"]])
    expect(page.locator(".story li")).to_have_count(2)
    expect(page.locator(".story li").last).to_contain_text("01:01.2")
    page.get_by_role("link", name="The kubelet on node-b started redis-master.").click()
    expect(page.locator("#inspector")).to_contain_text("/objects/Pod/default/redis-master-7b9c5d-hh2jz/")
    expect(page.locator("#status")).to_contain_text("The kubelet on node-b started redis-master.")


def test_the_traffic_table_counts_every_flow_and_its_requests_can_be_opened(yard: Yard) -> None:
    page = yard.open(first_cluster())
    server = "default/frontend-6d4cf56db6-p7q4m"
    dropped = request(7, 0, "timeout", "proxy")
    counts = [["default/client", "default/frontend-svc", server, "ok", 30], ["default/client", "default/frontend-svc", None, "timeout", 10]]
    yard.send_frame(requests=[dropped], spread=counts)
    page.get_by_role("tab", name="Traffic").click()
    rows = page.locator("traffic-table tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("frontend-6d4cf56db6-p7q4m")
    expect(rows.last.locator("td").nth(4)).to_have_text("10 (100 %)")
    expect(page.locator("[data-fact=rate]")).to_contain_text("25 % fail")
    page.get_by_role("link", name="Request 7").click()
    expect(page.locator("#inspector")).to_contain_text("/requests/7/")


def test_the_focus_stays_near_when_its_pod_goes(yard: Yard) -> None:
    page = yard.open(first_cluster())
    page.locator('[data-ref="Pod/default/client"]').focus()
    yard.send_frame([["pods", "default/client", None]])
    expect(page.locator('[data-ref="Pod/default/frontend-6d4cf56db6-x2x9k"]')).to_be_focused()
