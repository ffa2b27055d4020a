"""What does a visitor do in the console, in a real browser against a real server?"""

from __future__ import annotations

import os
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


def test_a_request_from_the_client_is_typed_answered_and_listed(visit):
    page = open_terminal(visit())
    go_to(page, "client")
    expect(prompt(page)).to_have_text(re.compile(r"[$#] $"))
    line(page).fill("curl -s frontend-svc:80")
    line(page).press("Enter")
    expect(log(page)).to_contain_text("curl -s frontend-svc:80")
    expect(log(page)).to_contain_text("frontend-")
    expect(line(page)).to_be_focused()


def test_shots(visit):
    folder = os.environ.get("SHOTS")
    if not folder:
        pytest.skip("no folder for pictures")
    for width, height in ((1440, 900), (1024, 768), (390, 844)):
        for scheme in ("light", "dark"):
            page = visit(viewport={"width": width, "height": height}, color_scheme=scheme)
            if width < 900:
                page.get_by_role("navigation", name="Panes").get_by_role("button", name="Terminal").click()
            else:
                page.get_by_role("tab", name="Terminal").click()
            expect(prompt(page)).to_have_text("$ ")
            line(page).fill("kubectl scale deployment frontend --replicas=4")
            line(page).press("Enter")
            expect(log(page)).to_contain_text("scaled")
            for each in ("kubectl delete pod nobody", "help"):
                line(page).fill(each)
                line(page).press("Enter")
            expect(log(page)).to_contain_text("Programs:")
            page.screenshot(path=f"{folder}/{width}-{scheme}-help.png")
            go_to(page, "client")
            expect(prompt(page)).to_have_text(re.compile(r"[#$] $"))
            line(page).fill("while true; do curl -s frontend-svc:80; sleep 1; done")
            line(page).press("Enter")
            page.wait_for_timeout(2500)
            line(page).fill("cur")
            page.screenshot(path=f"{folder}/{width}-{scheme}-loop.png")
            page.get_by_role("button", name="Stop").click()
            page.wait_for_timeout(500)
            line(page).fill("c")
            line(page).press("Tab")
            page.wait_for_timeout(500)
            page.screenshot(path=f"{folder}/{width}-{scheme}-words.png")
