"""What come of it when somebody shares a cluster: its readers watch, copy at their first change, and are sent away when the link is withdrawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.embeds.test_frames import FRONTENDS, SANDBOX, iframe, inner

pytestmark = pytest.mark.browser
expect.set_options(timeout=15_000)


class Owner:
    """The page of the cluster's owner, with its dialogs."""

    def __init__(self, page: Page, play: str):
        self.page = page
        page.goto(play)
        expect(page.locator(FRONTENDS)).to_have_count(3)

    def share(self, sites: str = "") -> str:
        """A new link's address."""
        self.page.get_by_role("button", name="Share, embed").click()
        self.page.get_by_role("link", name="Share", exact=True).click()
        if sites:
            self.page.get_by_text("Only some sites").click()
            self.page.get_by_label("Sites, one a line").fill(sites)
        before = self.page.locator(".share-links input").count()
        self.page.get_by_role("button", name="Make a").click()
        expect(self.page.locator(".share-links input[readonly]")).to_have_count(before + 1)
        link = self.page.locator(".share-links input[readonly]").first.input_value()
        self.page.get_by_role("button", name="Close").click()
        return link

    def withdraw(self) -> None:
        self.page.get_by_role("button", name="Share, embed").click()
        self.page.get_by_role("link", name="Share", exact=True).click()
        self.page.get_by_role("button", name="Withdraw").first.click()
        self.page.get_by_role("button", name="Close").click()

    def kill_first(self) -> None:
        pod = self.page.locator(FRONTENDS).first
        pod.focus()
        self.page.keyboard.press("Delete")

    def names(self) -> set[str]:
        return set(self.page.locator(FRONTENDS).evaluate_all("each => each.map(one => one.dataset.ref)"))


@pytest.fixture
def owner(context: Any, play: str) -> Iterator[Owner]:
    context.clear_cookies()
    page = context.new_page()
    yield Owner(page, play)
    page.close()


@pytest.mark.parametrize("sandbox", ["", SANDBOX], ids=["a plain frame", "a sandboxed frame"])
def test_readers_watch_and_their_first_change_makes_a_copy(page, course, play, owner, sandbox):
    link = owner.share()
    page.goto(course.write(iframe(link.replace("/shared/", "/embed/shared/"), sandbox)))
    frame = page.frame_locator("#embed")
    expect(frame.get_by_text("live", exact=True)).to_be_visible()
    expect(frame.get_by_text("shared: a change makes a copy")).to_be_visible()
    before = owner.names()
    owner.kill_first()
    expect(frame.locator("story-log")).to_contain_text("deleted", timeout=15_000)
    expect(owner.page.locator(FRONTENDS)).to_have_count(3)
    theirs = owner.names() - before
    expect(frame.locator(f"switch-yard [data-ref='{next(iter(theirs))}']").first).to_be_visible()
    owner.page.wait_for_function("new Promise(done => setTimeout(() => done(true), 300))")
    kept = owner.names()
    frame.locator(FRONTENDS).first.click()
    frame.get_by_role("button", name="Kill", exact=True).click()
    expect(frame.get_by_text("shared: a change makes a copy")).to_have_count(0)
    expect(frame.locator(".frame-title")).to_contain_text("(a copy)")
    expect(frame.get_by_role("button", name="Undo")).to_be_enabled()
    assert owner.names() == kept
    inner(page).evaluate("location.reload()")
    expect(frame.locator(".frame-title")).to_contain_text("(a copy)")


def test_whoever_opens_the_link_itself_goes_on_with_a_copy_that_is_theirs(page, context, play, owner):
    link = owner.share()
    mine = owner.page.url
    context.clear_cookies()  # from here on the same browser is another visitor's
    page.goto(link)
    expect(page.get_by_text("live", exact=True)).to_be_visible()
    pod = page.locator(FRONTENDS).first
    pod.focus()
    page.keyboard.press("Delete")
    page.wait_for_url(f"{play}/clusters/*/")
    assert page.url != mine
    expect(page.locator("[data-fact=title]")).to_have_text("A small shop (a copy)")
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()


def test_a_withdrawn_link_sends_its_readers_away_and_opens_nothing(page, course, play, owner):
    address = owner.share().replace("/shared/", "/embed/shared/")
    page.goto(course.write(iframe(address)))
    frame = page.frame_locator("#embed")
    expect(frame.get_by_text("live", exact=True)).to_be_visible()
    owner.withdraw()
    expect(frame.get_by_text("no longer there")).to_be_visible()
    page.reload()
    expect(frame.locator("main")).to_contain_text("There is nothing here")


def test_only_the_sites_that_a_link_names_may_frame_it(page, course, play, owner):
    here = course.url("").rstrip("/")
    address = owner.share(here).replace("/shared/", "/embed/shared/")
    page.goto(course.write(iframe(address)))
    expect(page.frame_locator("#embed").get_by_text("live", exact=True)).to_be_visible()
    with page.expect_console_message(lambda message: f"frame-ancestors 'self' {here}" in message.text):
        page.goto(course.url("/", host="other.test"))
    assert inner(page).get_by_text("live", exact=True).count() == 0


def test_the_dialog_shows_a_preview_and_code_that_follow_the_options(owner, play):
    page = owner.page
    page.get_by_role("button", name="Share, embed").click()
    page.get_by_role("link", name="Embed", exact=True).click()
    preview = page.frame_locator("iframe.preview")
    expect(preview.get_by_text("live", exact=True)).to_be_visible()
    page.get_by_label("For looking only").check()
    page.get_by_label("Theme").select_option("dark")
    page.get_by_role("checkbox", name="Terminal").check()
    code = page.get_by_label("A frame, for any page")
    expect(code).to_have_value(
        f'<iframe src="{play}/embed/cluster/shop/?readonly=1&amp;hide=terminal&amp;theme=dark" title="Switchyard: A small shop"'
        ' width="100%" height="600" loading="lazy" allow="clipboard-write" style="border:0"></iframe>'
    )
    expect(preview.locator("html")).to_have_attribute("data-theme", "dark")
    expect(preview.locator("#tab-terminal")).to_be_hidden()


def test_an_option_that_is_chosen_while_an_answer_is_on_its_way_is_kept(owner):
    """Else that answer brings the form back as it was before."""
    page, held = owner.page, []
    page.get_by_role("button", name="Share, embed").click()
    page.get_by_role("link", name="Embed", exact=True).click()
    page.route("**/embed/?*", lambda route: route.continue_() if "hide=terminal" in route.request.url else held.append(route))
    page.get_by_label("Theme").select_option("dark")
    page.wait_for_function("document.querySelector('#embed-sheet form').matches('.htmx-request')")
    page.get_by_role("checkbox", name="Terminal").check()
    held[0].continue_()
    expect(page.get_by_label("A frame, for any page")).to_have_value(re.compile("hide=terminal&amp;theme=dark"))
