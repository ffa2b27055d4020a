"""Is the page whole in light and dark, wide and narrow, and open to everybody?"""

from __future__ import annotations

import re
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


@pytest.mark.parametrize("width", [1600, 1440, 1366, 1280, 1024, 900])
def test_the_bar_names_the_cluster_and_keeps_within_the_window(make_yard: Callable[..., Yard], width: int) -> None:
    made = troubled_cluster()
    made["cluster"]["title"] = "Clients from outside"
    yard = make_yard(viewport={"width": width, "height": 800})
    page = yard.open(made)
    expect(page.locator(".cluster-pill")).to_contain_text("Clients from outside")
    for state in ("live", "reconnecting"):
        page.evaluate("(state) => document.querySelectorAll('[data-fact=state]').forEach((each) => (each.textContent = state))", state)
        assert page.evaluate("document.querySelector('.cluster-pill').firstElementChild.clientWidth") >= 56
        assert page.evaluate("document.querySelector('.bar').scrollWidth <= document.querySelector('.bar').clientWidth")


def test_a_long_label_is_broken_and_leaves_the_facts_within_the_inspector(make_yard: Callable[..., Yard]) -> None:
    yard = make_yard(viewport={"width": 1024, "height": 800})
    rows = "".join(
        f'<tr><th scope="row">{label}</th><td>{said}</td></tr>'
        for label, said in (("Container", "web"), ("Labels", '<span class="chip">pod-template-hash=75cfc7986f</span>'))
    )
    yard.answers["/clusters/c1/objects/Pod/default/client/"] = (
        200,
        f'<article><table class="table facts"><tbody>{rows}</tbody></table></article>',
    )
    page = yard.open(troubled_cluster())
    page.locator('[data-ref="Pod/default/client"]').click()
    expect(page.locator("#inspector")).to_contain_text("pod-template-hash")
    assert page.evaluate("document.querySelector('#inspector').scrollWidth <= document.querySelector('#inspector').clientWidth")


def test_a_strip_of_many_services_says_how_many_it_hides_and_goes_on(make_yard: Callable[..., Yard]) -> None:
    made = troubled_cluster()
    for number in range(20):
        made["services"][f"default/svc-{number:02}"] = made["services"]["default/frontend-svc"] | {"name": f"svc-{number:02}"}
    page = make_yard(reduced_motion="reduce").open(made)
    more = page.locator(".services-more")
    expect(more).to_have_text(re.compile(r"^▾ \d+ more Services$"))
    while (before := more.text_content() or "").startswith("▾"):
        more.click()
        expect(more).not_to_have_text(before)
    expect(page.get_by_text("svc-19")).to_be_visible()
    expect(more).to_have_text(re.compile(r"^▴ \d+ more Services$"))


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
