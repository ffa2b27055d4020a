"""Do the fragments work together in a browser: receipts, refusals, live parts, what is typed?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

FRONTEND = '.pod[data-ref^="Pod/default/frontend-"]'
SERVICE = '.service[data-ref="Service/default/frontend-svc"]'
PANES = [
    "objects/Pod/default/client/",
    "objects/Service/default/frontend-svc/",
    "objects/Service/default/frontend-svc/?tab=endpoints",
    "objects/Service/default/frontend-svc/?tab=rules",
    "objects/Deployment/default/frontend/?tab=yaml",
    "objects/Node/-/node-a/?tab=events",
    "requests/",
    "requests/1/",
    "new/",
    "new/?form=service",
    "new/?form=traffic",
    "new/?form=node",
    "../../clusters/",
    "../../fidelity/",
]
BAD = "apiVersion: v1\nkind: Service\nmetadata:\n  name: more\nspec:\n  ports:\n  - port: 99999\n"


@pytest.fixture
def page(browser: Browser, server: Any) -> Iterator[Page]:
    """The first cluster of a new visitor; the console must stay without a word about scripts and policies."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page, said = context.new_page(), []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if "Content Security" in message.text else None)
    page.goto(server.url)
    expect(page.locator(FRONTEND)).to_have_count(3)
    yield page
    context.close()
    assert said == []


def test_an_action_shows_its_receipt_and_the_inspector_follows(page: Page) -> None:
    page.locator(FRONTEND).first.click()
    expect(page.locator("#inspected-head .badge")).to_have_text("Ready")
    page.get_by_role("button", name="Kill", exact=True).click()
    expect(page.locator("#receipt .receipt")).to_contain_text("deleted")
    expect(page.locator("#inspected-head .badge")).to_have_text("Terminating")


def test_a_switch_turns_and_keeps_the_focus(page: Page) -> None:
    page.locator(".node-name").first.click()
    page.get_by_role("button", name="Cordon").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Uncordon")).to_be_focused()


def test_an_object_that_goes_is_said_to_be_gone_where_it_stood(page: Page) -> None:
    page.locator(FRONTEND).first.click()
    page.get_by_role("button", name="Force kill").click()
    expect(page.locator("#inspected-facts")).to_contain_text("There is no such Pod")
    page.keyboard.press("Control+z")
    expect(page.locator("#inspected-facts")).to_contain_text("Listens on")
    expect(page.get_by_role("button", name="Force kill")).to_be_visible()


def test_pods_glow_while_a_selector_is_typed_and_no_more_when_it_is_saved(page: Page) -> None:
    page.locator(SERVICE).click()
    page.get_by_label("Selector", exact=True).fill("app=redis-master")
    expect(page.locator("#selector-matches")).to_contain_text("1 Pod of namespace default matches")
    expect(page.locator('.pod[data-glow="true"], .pod[data-glow=""]')).to_have_count(1)
    page.locator("#selector-editor button").click()
    expect(page.locator("#receipt")).to_contain_text("patched")
    expect(page.locator("[data-typing]:not([data-typing=false])")).to_have_count(0)


def test_a_label_that_was_added_can_be_taken_away_again(page: Page) -> None:
    page.locator(SERVICE).click()
    field, chips = page.get_by_label("Labels", exact=True), page.locator("#inspected-facts .chip")
    field.fill("tier=front")
    page.locator("#label-editor button").click()
    expect(chips).to_have_text(["tier=front"])
    expect(page.locator('#label-editor [name="before"]')).to_have_value("tier=front")
    field.fill("")
    page.locator("#label-editor button").click()
    expect(chips).to_have_count(0)


def test_what_was_typed_stays_when_it_is_refused_and_is_done_when_mended(page: Page) -> None:
    page.get_by_role("link", name="New object").click()
    editor = page.locator(".cm-content")
    editor.click()
    page.keyboard.insert_text(BAD)
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".answer .refusal")).to_contain_text("line 7, column 5")
    expect(page.locator(".answer .refusal")).to_be_focused()
    expect(editor).to_contain_text("port: 99999")
    editor.click()
    for key in ["Control+End", "ArrowLeft", *["Backspace"] * 3]:
        page.keyboard.press(key)
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#receipt")).to_contain_text("service/more created")
    expect(page.locator('[data-ref="Service/default/more"]').first).to_be_visible()
    expect(page.locator(".answer .refusal")).to_have_count(0)


def test_a_service_of_chosen_pods_is_proposed_made_and_opened(page: Page) -> None:
    page.get_by_role("link", name="New object").click()
    page.get_by_role("link", name="Service of Pods").click()
    page.get_by_role("checkbox", name="default/client").check()
    expect(page.locator("#proposal")).to_contain_text("app=client")
    page.get_by_label("Name", exact=True).fill("client-svc")
    page.get_by_role("button", name="Create the Service").click()
    expect(page.locator("#inspected-name")).to_have_text("client-svc")


def test_a_request_is_looked_at_hop_by_hop(page: Page) -> None:
    page.get_by_role("tab", name="Traffic").click()
    page.get_by_role("link", name="All requests").click()
    page.locator("#requests a[data-rid]").first.click()
    expect(page.locator(".hops > li").first).to_contain_text("frontend-svc")
    expect(page.locator(".hops > li").last).to_contain_text("Answered")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_pane(page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    base = page.url
    found = []
    for path in PANES:
        page.goto(base + path)
        expect(page.locator("h2:visible").first).to_be_visible()
        found += [(path, each["id"], [node["target"] for node in each["nodes"]][:3]) for each in Axe().run(page).response["violations"]]
    assert found == []
