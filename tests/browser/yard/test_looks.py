"""Is the page whole in light and dark, wide and narrow, and open to everybody?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.yard.harness import Yard
from tests.browser.yard.pictures import crowd, troubled_cluster

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(make_yard: Callable[..., Yard], scheme: str, width: int) -> None:
    yard = make_yard(color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page = yard.open(troubled_cluster(), says=([0, "Pod client started.", "Pod/default/client"],))
    expect(page.locator("a.pod").first).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]][:4]) for each in found] == []


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_is_wider_than_the_window(make_yard: Callable[..., Yard], width: int) -> None:
    page = make_yard(viewport={"width": width, "height": 844}).open(crowd(5, 60, 9))
    expect(page.locator("a.pod").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.querySelector('.yard-scroll').scrollWidth <= document.querySelector('.yard-scroll').clientWidth")


def test_on_a_phone_panes_are_tabs_and_choosing_a_pod_opens_the_inspector(make_yard: Callable[..., Yard]) -> None:
    page = make_yard(viewport={"width": 390, "height": 844}).open(troubled_cluster())
    expect(page.locator("#inspector")).to_be_hidden()
    page.locator("a.pod").first.click()
    expect(page.locator("#inspector")).to_be_visible()
    page.get_by_role("button", name="Story").click()
    expect(page.locator("story-log")).to_be_visible()
    page.get_by_role("button", name="Yard").click()
    expect(page.locator("a.pod").first).to_be_visible()


def test_the_theme_button_changes_the_theme_and_it_is_kept(make_yard: Callable[..., Yard]) -> None:
    yard = make_yard(color_scheme="light")
    page = yard.open(troubled_cluster())
    light = page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor")
    page.get_by_role("button", name="Change between light and dark").click()
    assert page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor") != light
    yard.seq = 0
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_separator_moves_by_arrow_keys(yard: Yard) -> None:
    page = yard.open(troubled_cluster())
    separator = page.get_by_role("separator", name="Width of the inspector")
    before = page.locator("#inspector").bounding_box()
    separator.focus()
    page.keyboard.press("ArrowLeft")
    expect(separator).to_have_attribute("aria-valuenow", "376")
    after = page.locator("#inspector").bounding_box()
    assert after["width"] == before["width"] + 16


def test_the_keys_are_explained(yard: Yard) -> None:
    page = yard.open(troubled_cluster())
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("kill the Pod")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
