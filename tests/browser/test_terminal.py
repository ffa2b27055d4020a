"""What does a visitor do in the console, in a real browser against a real server?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
expect.set_options(timeout=15_000)
FRONTENDS = "switch-yard [data-ref^='Pod/default/frontend-']:not([data-gone])"


@pytest.fixture
def visit(browser: Browser, server: Any) -> Iterator[Callable[..., Page]]:
    """Opens the playground as a new visitor; nothing may go wrong in its console by the end."""
    problems: list[str] = []
    contexts = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**({"viewport": {"width": 1440, "height": 900}} | options))
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.goto(server.url)
        expect(page.get_by_text("live", exact=True)).to_be_visible()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


def open_terminal(page: Page) -> Page:
    page.get_by_role("tab", name="Terminal").click()
    expect(prompt(page)).to_have_text("$ ")
    return page


def prompt(page: Page) -> Any:
    return page.locator(".terminal-prompt")


def line(page: Page) -> Any:
    return page.get_by_label("Command line")


def log(page: Page) -> Any:
    return page.get_by_role("log", name="Terminal output")


def go_to(page: Page, name: str) -> None:
    option = page.get_by_label("Where").locator("option", has_text=re.compile(f"^{name}$"))
    expect(option).to_have_count(1)
    page.get_by_label("Where").select_option(option.get_attribute("value"))


def enter(page: Page, text: str) -> None:
    line(page).fill(text)
    line(page).press("Enter")


def test_a_request_from_the_client_is_answered_and_flies_and_what_is_scaled_is_drawn(visit):
    page = open_terminal(visit())
    enter(page, "kubectl scale deployment frontend --replicas=4")
    expect(log(page)).to_contain_text("deployment.apps/frontend scaled")
    expect(page.locator(FRONTENDS)).to_have_count(4)
    go_to(page, "client")
    expect(prompt(page)).to_have_text("/ $ ")
    enter(page, "curl -s redis-master:6379 -m 2; nslookup frontend-svc")
    expect(log(page)).to_contain_text("frontend-svc.default.svc.cluster.local")
    expect(line(page)).to_be_focused()
    page.get_by_role("tab", name="Traffic").click()
    expect(page.locator("traffic-table")).to_contain_text("redis-master")


def test_a_loop_streams_until_it_is_stopped_also_over_a_lost_connection(visit):
    page = open_terminal(visit())
    go_to(page, "client")
    expect(prompt(page)).to_have_text("/ $ ")
    enter(page, "while true; do curl -s frontend-svc:80; sleep 1; done")
    answers = page.locator(".terminal-screen div", has_text=re.compile("^frontend-"))
    expect(answers.nth(1)).to_be_visible()
    page.reload()
    page.get_by_role("tab", name="Terminal").click()
    expect(answers.nth(3)).to_be_attached()
    page.get_by_role("button", name="Stop").click()
    expect(prompt(page)).to_have_text("/ $ ")
    enter(page, "echo ended")
    expect(log(page)).to_contain_text("ended")


def test_the_keyboard_alone_is_enough(visit):
    page = visit()
    page.get_by_role("tab", name="Story").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(prompt(page)).to_have_text("$ ")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Where")).to_be_focused()
    for _ in range(5):
        page.keyboard.press("Tab")
    expect(line(page)).to_be_focused()
    page.keyboard.type("kubectl cord")
    page.keyboard.press("Tab")
    expect(line(page)).to_have_value("kubectl cordon ")
    page.keyboard.type("node-a")
    page.keyboard.press("Enter")
    expect(log(page)).to_contain_text("node/node-a")
    page.keyboard.press("ArrowUp")
    expect(line(page)).to_have_value("kubectl cordon node-a")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(line(page)).to_be_focused()


def test_a_pod_in_the_inspector_opens_its_terminal(visit):
    page = visit()
    page.locator("switch-yard [data-ref='Pod/default/client']").first.click()
    page.get_by_role("button", name="Open a terminal here").click()
    expect(log(page)).to_contain_text("of the Pod client")
    expect(line(page)).to_be_focused()


def add_to_page(page: Page, html: str) -> None:
    """As a lesson's text would stand in the page."""
    page.evaluate("html => document.querySelector('#inspector').insertAdjacentHTML('afterbegin', html)", html)


def test_any_element_of_the_page_runs_its_command_on_the_workstation(visit):
    page = visit()
    add_to_page(page, "<button data-terminal-run='kubectl get pods'>List the Pods</button>")
    page.get_by_role("button", name="List the Pods").click()
    expect(log(page)).to_contain_text("NAME")
    expect(log(page)).to_contain_text("client")
    expect(page.get_by_role("tab", name="Terminal")).to_have_attribute("aria-selected", "true")
    go_to(page, "client")
    expect(prompt(page)).to_have_text("/ $ ")
    add_to_page(page, "<code role='button' tabindex='0' data-terminal-run='kubectl get nodes -w'>watch the <b>Nodes</b></code>")
    page.get_by_text("Nodes", exact=True).first.click()
    expect(page.get_by_label("Where")).to_have_value("workstation")
    expect(log(page)).to_contain_text("node-c")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    add_to_page(page, "<span role='button' tabindex='0' data-terminal-run='kubectl get svc'>and the Services</span>")
    page.get_by_text("and the Services").focus()
    page.keyboard.press("Enter")
    expect(log(page)).to_contain_text("frontend-svc")


def test_a_command_for_another_place_runs_there(visit):
    page = visit()
    add_to_page(page, "<button data-terminal-place='pod/default/client' data-terminal-run='hostname'>Who am I?</button>")
    page.get_by_role("button", name="Who am I?").click()
    expect(page.locator(".terminal-screen [data-kind=out]", has_text=re.compile("^client$"))).to_have_count(1)


def test_a_name_in_the_output_selects_the_object_in_the_picture(visit):
    page = open_terminal(visit())
    enter(page, "kubectl get svc")
    log(page).get_by_role("link", name="redis-master").first.click()
    expect(page.locator("#inspected-name")).to_have_text("redis-master")
    expect(page.locator("switch-yard [data-ref='Service/default/redis-master'][aria-current]")).to_have_count(1)


def test_what_goes_wrong_looks_otherwise_and_edit_opens_the_editor(visit):
    page = open_terminal(visit())
    enter(page, "kubectl get pod nobody")
    wrong = page.locator(".terminal-screen [data-kind=err]")
    expect(wrong).to_have_text('Error from server (NotFound): pods "nobody" not found')
    assert wrong.evaluate("line => getComputedStyle(line).borderInlineStartStyle") == "double"
    enter(page, "kubectl edit svc frontend-svc")
    expect(page.get_by_role("textbox", name="Service frontend-svc as YAML")).to_be_visible()


def test_look_ups_and_pings_are_requests_of_the_picture(visit):
    page = open_terminal(visit())
    go_to(page, "client")
    expect(prompt(page)).to_have_text("/ $ ")
    enter(page, "nslookup redis-master; ping -c1 -W1 frontend-svc")
    expect(log(page)).to_contain_text("1 packets transmitted, 0 packets received")
    page.get_by_role("tab", name="Traffic").click()
    expect(page.locator("traffic-table")).to_contain_text("172.17.0.10:53/UDP")
    page.locator("traffic-table").get_by_text("172.17.0.10:53/UDP").first.click()
    expect(page.locator("#inspector")).to_contain_text("answered the question for")


def test_earlier_lines_come_back_after_a_reload(visit):
    page = open_terminal(visit())
    enter(page, "kubectl get ns")
    expect(log(page)).to_contain_text("kube-system")
    page.reload()
    open_terminal(page)
    line(page).press("ArrowUp")
    expect(line(page)).to_have_value("kubectl get ns")
    line(page).press("ArrowDown")
    expect(line(page)).to_have_value("")


def test_what_is_watched_streams_until_ctrl_c(visit):
    page = open_terminal(visit())
    enter(page, "kubectl get pods -w")
    expect(log(page)).to_contain_text("client")
    page.evaluate("() => document.body.dispatchEvent(new CustomEvent('delete-object', { detail: { ref: 'Pod/default/client' } }))")
    expect(log(page)).to_contain_text("Terminating")
    line(page).press("Control+c")
    expect(prompt(page)).to_have_text("$ ")


def test_on_a_phone_the_terminal_is_a_pane_and_nothing_is_cut_off(visit):
    page = visit(viewport={"width": 390, "height": 844}, has_touch=True)
    page.get_by_role("navigation", name="Panes").get_by_role("button", name="Terminal").click()
    expect(prompt(page)).to_have_text("$ ")
    enter(page, "kubectl label pod client tier=" + "x" * 60)
    expect(log(page)).to_contain_text("pod/client")
    assert page.evaluate("document.documentElement.scrollWidth <= 390 && document.querySelector('.terminal-screen').scrollWidth <= 390")
    page.get_by_role("navigation", name="Panes").get_by_role("button", name="Story").click()
    expect(page.get_by_role("tab", name="Story")).to_have_attribute("aria-selected", "true")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit, scheme):
    page = open_terminal(visit(color_scheme=scheme, reduced_motion="reduce"))
    enter(page, "kubectl delete pod nobody")
    enter(page, "help")
    enter(page, "exit 3")
    expect(log(page)).to_contain_text("exit code 3")
    line(page).fill("c")
    line(page).press("Tab")
    expect(page.locator(".terminal-words")).to_contain_text("curl")
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()


def test_a_table_that_is_wider_than_the_screen_keeps_its_rows_and_scrolls_by_keyboard(visit):
    page = open_terminal(visit(viewport={"width": 1000, "height": 800}))
    enter(page, "kubectl get pods -o wide")
    expect(log(page)).to_contain_text("READINESS GATES")
    rows = page.locator(".terminal-screen [data-table]")
    assert len(set(rows.evaluate_all("rows => rows.map((row) => row.getBoundingClientRect().height)"))) == 1
    log(page).evaluate(
        "log => { log.focus(); window.scrolled = new Promise((done) => log.addEventListener('scroll', done, { once: true })); }"
    )
    page.keyboard.press("ArrowRight")
    assert page.evaluate("scrolled.then(() => document.querySelector('.terminal-screen').scrollLeft)") > 0
