"""What a visitor does on the first day, in a real browser against a real server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.browser
FRONTENDS = "switch-yard [data-ref^='Pod/default/frontend-']:not([data-gone])"
expect.set_options(timeout=15_000)


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
        page.on("console", lambda message: problems.append(message.text) if is_problem(message) else None)
        page.goto(server.url)
        expect(page.locator(FRONTENDS)).to_have_count(3)
        return page

    yield open_page
    found = list(problems)  # a page that is closed gives up what it just asks for, and says so
    for context in contexts:
        context.close()
    assert found == []


def is_problem(message: Any) -> bool:
    """A refusal (4xx) is an answer, not a fault of the page."""
    return message.type == "error" and "the server responded with a status of 4" not in message.text


def names(page: Page) -> set[str]:
    return set(page.locator(FRONTENDS).evaluate_all("each => each.map(one => one.dataset.ref)"))


def kill_first(page: Page) -> str:
    pod = page.locator(FRONTENDS).first
    ref = pod.get_attribute("data-ref")
    pod.focus()
    page.keyboard.press("Delete")
    return ref or ""


def replaced(page: Page, before: set[str]) -> None:
    """Wait until there is a frontend that was not there before."""
    seen = f"old => [...document.querySelectorAll({FRONTENDS!r})].some(one => !old.includes(one.dataset.ref))"
    page.wait_for_function(seen, arg=sorted(before))


def test_a_new_visitor_has_a_live_cluster_with_requests_under_way(visit):
    page = visit()
    expect(page.get_by_text("live", exact=True)).to_be_visible()
    for node in ("node-a", "node-b", "node-c"):
        expect(page.locator(f"switch-yard [data-ref='Node/-/{node}']").first).to_be_visible()
    page.get_by_role("tab", name="Traffic").click()
    answered = page.locator("traffic-table tbody tr", has_text="frontend-svc").filter(has_text="ok")
    expect(answered.first).to_be_visible()


def test_a_killed_pod_is_replaced_and_the_replacement_serves(visit):
    page = visit()
    before = names(page)
    killed = kill_first(page)
    expect(page.locator(f"switch-yard [data-ref='{killed}']").first).to_contain_text("Terminating")
    replaced(page, before)
    (replacement,) = names(page) - before
    page.get_by_role("tab", name="Traffic").click()
    name = replacement.rpartition("/")[2]
    expect(page.locator("traffic-table tbody tr", has_text=name).filter(has_text="ok").first).to_be_visible()


def test_a_double_click_kills_once_and_breaks_nothing(visit):
    page = visit()
    page.locator(FRONTENDS).first.click()
    page.get_by_role("button", name="Kill", exact=True).dblclick()
    expect(page.locator("#receipt")).to_contain_text("deleted")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()


def test_a_large_cluster_is_drawn_and_goes_on(visit):
    page = visit()
    page.get_by_role("tab", name="Objects").click()
    page.locator("#panel-objects a[data-ref='Deployment/default/frontend']").click()
    page.get_by_role("spinbutton").first.fill("150")
    page.get_by_role("button", name="Scale").click()
    expect(page.locator(FRONTENDS)).to_have_count(150)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(FRONTENDS)).to_have_count(150)


def test_reset_begins_again_and_can_be_undone(visit):
    page = visit()
    kill_first(page)
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_role("button", name="Undo")).to_have_attribute("title", "Undo: Reset")
    expect(page.locator("story-log")).to_contain_text("client sends 4 requests a second to frontend-svc:80")


def test_undo_brings_the_killed_pod_back(visit):
    page = visit()
    before = names(page)
    kill_first(page)
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    replaced(page, before)
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Redo")).to_be_enabled()
    expect(page.locator(FRONTENDS)).to_have_count(3)
    assert names(page) == before


MISTAKEN = """\
apiVersion: v1
kind: Service
metadata:
  name: second
spec:
  selector:
    app: frontend
  ports:
  - port: 80000
    targetPort: 5000
"""


def test_yaml_with_an_error_is_refused_with_its_line_and_applied_once_mended(visit):
    page = visit()
    page.get_by_role("link", name="New object").click()
    editor = page.locator("yaml-editor .cm-content")
    expect(editor).to_be_visible()
    write(page, editor, MISTAKEN)
    page.get_by_role("button", name="Apply").click()
    refusal = page.locator(".refusal")
    expect(refusal).to_contain_text("spec.ports[0].port")
    expect(refusal).to_contain_text("must be between 1 and 65535, inclusive")
    expect(refusal).to_contain_text("line 9")
    write(page, editor, MISTAKEN.replace("80000", "8080"))
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("switch-yard [data-ref='Service/default/second']")).to_be_visible()
    expect(page.locator("#receipt")).to_contain_text("service/second created")


def write(page: Page, editor: Locator, text: str) -> None:
    """Put a text in the place of what is written, as a paste does."""
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def test_a_selector_lights_up_its_pods_while_it_is_typed(visit):
    page = visit()
    page.locator("switch-yard [data-ref='Service/default/frontend-svc']").click()
    field = page.get_by_label("Selector")
    field.fill("app=redis-master")
    expect(page.locator("#inspector")).to_contain_text("1 Pod")
    field.fill("app=redis-mas")
    expect(page.locator("#inspector")).to_contain_text("0 Pods")


def test_a_request_tells_every_hop(visit):
    page = visit()
    page.get_by_role("tab", name="Traffic").click()
    page.locator("traffic-table a, traffic-table button").filter(has_text="client").first.click()
    card = page.locator(".request-card")
    for word in (
        "How did request",
        "frontend-svc.default.svc.cluster.local.",
        "internalTrafficPolicy",
        "KUBE-SVC-",
        "The number drawn",
        "10.244.",
    ):
        expect(card).to_contain_text(word)


def test_a_second_tab_shows_the_same_cluster(visit):
    page = visit()
    killed = kill_first(page)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(f"switch-yard [data-ref='{killed}']").first).to_contain_text("Terminating")


def test_what_is_said_of_an_object_that_is_not_drawn_follows_in_a_second_tab_too(visit):
    page = visit()
    page.get_by_role("link", name="New object").click()
    write(page, page.locator("yaml-editor .cm-content"), "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: team\n")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#receipt")).to_contain_text("namespace/team created")
    address = re.sub(r"/clusters/([^/]+)/.*", r"/clusters/\1/objects/Namespace/-/team/", page.url)
    page.goto(address)
    expect(page.get_by_role("button", name="Delete", exact=True)).to_be_visible()
    other = page.context.new_page()
    other.goto(address)
    other.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator("#inspector")).to_contain_text("There is no such Namespace")


def test_the_cluster_is_there_again_after_the_server_was_killed(browser, start_server):
    server = start_server()
    page = browser.new_page()
    page.goto(server.url)
    expect(page.locator(FRONTENDS)).to_have_count(3)
    killed = kill_first(page)
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    server.kill()
    server.start()
    page.goto(page.url)
    expect(page.locator(FRONTENDS).first).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    expect(page.get_by_role("button", name="Undo")).to_have_attribute("title", re.compile(killed.rpartition("/")[2]))
    page.context.close()


def test_everything_by_keyboard_alone(visit):
    page = visit()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Let the clock run")).to_be_visible()
    walk_to(page, "Tab", "Service/")
    walk_to(page, "ArrowDown", "Pod/default/")
    page.keyboard.press("Enter")
    expect(page.locator("#inspector h2, #inspector h1").first).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause the clock")).to_be_visible()


def walk_to(page: Page, key: str, ref: str) -> None:
    """Press a key until something of this kind has the focus."""
    for _ in range(30):
        page.keyboard.press(key)
        if page.evaluate("document.activeElement.dataset.ref || ''").startswith(ref):
            return
    pytest.fail(f"{key} leads to no {ref}")


def test_with_reduced_motion_nothing_flies(visit):
    page = visit(reduced_motion="reduce")
    page.get_by_role("tab", name="Traffic").click()
    expect(page.locator("traffic-table tbody tr").first).to_be_visible()
    assert page.evaluate("document.querySelector('switch-yard').flightsInView().length") == 0


def test_at_390_pixels_a_pod_can_be_killed_and_nothing_overflows(visit):
    page = visit(viewport={"width": 390, "height": 844}, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(FRONTENDS).first.click()
    page.get_by_role("button", name="Kill", exact=True).click()
    page.get_by_role("button", name="Yard").click()
    expect(page.locator(FRONTENDS).filter(has_text="Terminating").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ref", ["Service/default/frontend-svc", "Node/-/node-b", "Pod/default/client"])
def test_axe_finds_nothing(visit, scheme, ref):
    page = visit(color_scheme=scheme)
    page.locator(f"switch-yard [data-ref='{ref}']").first.click()
    expect(page.locator("#inspected-facts")).to_be_visible()
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
