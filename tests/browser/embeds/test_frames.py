"""What a reader of a course page has of a frame: with cookies of third parties blocked, and in a sandbox."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, FrameLocator, Page, expect

pytestmark = pytest.mark.browser
FRONTENDS = "switch-yard [data-ref^='Pod/default/frontend-']:not([data-gone])"
SANDBOX = 'sandbox="allow-scripts"'
KINDS = pytest.mark.parametrize("sandbox", ["", SANDBOX], ids=["a plain frame", "a sandboxed frame"])
expect.set_options(timeout=15_000)


def iframe(address: str, more: str = "", width: int = 600, height: int = 500) -> str:
    return f'<iframe id="embed" src="{address}" width="{width}" height="{height}" {more}></iframe>'


def opened(page: Page, course: Any, address: str, more: str = "") -> FrameLocator:
    page.goto(course.write(iframe(address, more)))
    frame = page.frame_locator("#embed")
    expect(frame.get_by_text("live", exact=True)).to_be_visible()
    return frame


def inner(page: Page) -> Frame:
    return page.frames[1]


def names(page: Page) -> set[str]:
    return set(inner(page).locator(FRONTENDS).evaluate_all("each => each.map(one => one.dataset.ref)"))


def kill_first(page: Page) -> None:
    """Kill a frontend, and wait until another one serves instead."""
    before = names(page)
    frame = inner(page)
    frame.locator(FRONTENDS).first.click()
    frame.get_by_role("button", name="Kill", exact=True).click()
    expect(frame.locator("#receipt")).to_contain_text("deleted")
    frame.get_by_role("button", name="Yard").click()
    seen = f"old => [...document.querySelectorAll({FRONTENDS!r})].some(one => !old.includes(one.dataset.ref))"
    frame.wait_for_function(seen, arg=sorted(before))


@KINDS
def test_a_pod_is_killed_in_a_frame_and_the_frame_finds_its_cluster_again_when_it_is_loaded_anew(page, course, play, sandbox):
    opened(page, course, f"{play}/embed/cluster/shop/", sandbox)
    expect(inner(page).locator(FRONTENDS)).to_have_count(3)
    kill_first(page)
    expect(inner(page).locator(FRONTENDS)).to_have_count(3)
    left = names(page)
    inner(page).evaluate("location.reload()")
    expect(inner(page).locator(FRONTENDS)).to_have_count(3)
    assert names(page) == left
    undo = inner(page).get_by_role("button", name="Undo")
    expect(undo).to_be_enabled()
    undo.click()
    expect(undo).to_be_disabled()
    assert [cookie for cookie in page.context.cookies() if "play.test" in cookie["domain"]] == []


@KINDS
def test_the_terminal_and_the_editor_work_in_a_frame(page, course, play, sandbox):
    frame = opened(page, course, f"{play}/embed/cluster/shop/", sandbox)
    frame.get_by_role("button", name="Terminal", exact=True).click()
    line = frame.locator("#terminal-line")
    line.fill("kubectl get services")
    line.press("Enter")
    expect(frame.locator(".terminal-screen")).to_contain_text("frontend-svc")
    line.fill("kubectl get serv")
    line.press("Tab")
    expect(line).not_to_have_value("kubectl get serv")
    frame.get_by_role("link", name="New", exact=True).click()
    editor = frame.locator("yaml-editor .cm-content")
    expect(editor).to_be_visible()
    editor.click()
    page.keyboard.insert_text("apiVersion: v1\nkind: Service\nmetadata:\n  name: second\nspec:\n  ports:\n  - port: 80000\n")
    frame.get_by_role("button", name="Apply").click()
    expect(frame.locator(".refusal")).to_contain_text("must be between 1 and 65535")


def test_the_page_around_hears_that_the_frame_is_ready_and_how_high_it_would_be(page, course, play):
    opened(page, course, f"{play}/embed/cluster/shop/")
    page.wait_for_function("heard.some(each => each.type === 'ready') && heard.some(each => each.subject === 'lti.frameResize')")
    heard = page.evaluate("heard")
    assert {each["origin"] for each in heard} == {play}
    page.wait_for_function("heard.some(each => each.type === 'height' && each.height > 500)")
    assert not any("resume" in str(each) or "token" in str(each) for each in heard)


def test_what_a_lesson_tells_reaches_the_page_around(page, course, play):
    opened(page, course, f"{play}/embed/cluster/shop/")
    page.wait_for_function("heard.some(each => each.type === 'ready')")
    inner(page).evaluate(
        """() => { for (const type of ["check-passed", "secret"])
          document.body.dispatchEvent(new CustomEvent("lesson-event", { bubbles: true, detail: { type, lesson: "L01", step: 2 } })); }"""
    )
    page.wait_for_function("heard.some(each => each.type === 'check-passed')")
    told = next(each for each in page.evaluate("heard") if each.get("type") == "check-passed")
    assert (told["source"], told["lesson"], told["step"]) == ("switchyard", "L01", 2)
    assert not any(each.get("type") == "secret" for each in page.evaluate("heard"))


def test_the_element_makes_a_frame_that_grows_and_passes_on_what_it_hears(page, course, play):
    page.goto(
        course.write(
            f"""<script type="module" src="{play}/embed.1.js"></script>
            <script>addEventListener("ready", (event) => (document.title = event.detail.type))</script>
            <div style="width: 600px"><kube-playground scene="shop" theme="dark" hide="terminal" paused title="A shop"></kube-playground></div>"""
        )
    )
    frame = page.frame_locator("kube-playground iframe")
    expect(frame.get_by_text("live", exact=True)).to_be_visible()
    expect(page.locator("kube-playground iframe")).to_have_attribute("title", "A shop")
    expect(frame.locator("html")).to_have_attribute("data-theme", "dark")
    expect(frame.locator("#tab-terminal")).to_be_hidden()
    expect(frame.get_by_role("button", name="Let the clock run")).to_be_visible()
    page.wait_for_function("document.title === 'ready'")
    page.wait_for_function("parseInt(document.querySelector('kube-playground iframe').style.height) > 900")
    settled = page.locator("kube-playground iframe").evaluate("frame => frame.style.height")
    page.wait_for_function("new Promise(done => setTimeout(() => done(true), 500))")
    assert page.locator("kube-playground iframe").evaluate("frame => frame.style.height") == settled


def test_a_frame_for_looking_only_offers_nothing_that_changes_the_cluster(page, course, play):
    frame = opened(page, course, f"{play}/embed/cluster/shop/?readonly")
    frame.locator(FRONTENDS).first.click()
    expect(frame.locator("#inspected-name")).to_be_visible()
    expect(frame.get_by_role("button", name="Kill", exact=True)).to_be_hidden()
    expect(frame.get_by_role("link", name="New", exact=True)).to_be_hidden()
    frame.get_by_role("button", name="Yard").click()
    frame.locator(FRONTENDS).first.focus()
    page.keyboard.press("Delete")
    expect(frame.locator("#receipt")).to_contain_text("for looking only")
    frame.get_by_role("button", name="Pause the clock").click()
    expect(frame.get_by_role("button", name="Let the clock run")).to_be_visible()


def test_a_pane_that_is_left_out_is_not_brought_to_the_front(page, course, play):
    frame = opened(page, course, f"{play}/embed/cluster/shop/?hide=inspector,story,traffic,objects,terminal")
    frame.locator(FRONTENDS).first.click()
    expect(frame.locator(".pane-tabs")).to_be_hidden()
    expect(frame.locator(FRONTENDS).first).to_be_visible()


def test_a_mistake_in_the_address_is_told_in_the_frame(page, course, play):
    page.goto(course.write(iframe(f"{play}/embed/cluster/shop/?hide=everything")))
    expect(page.frame_locator("#embed").locator("main")).to_contain_text("everything cannot be hidden: choose from bar, clock")


def test_the_playgrounds_own_pages_refuse_to_be_framed(page, course, play):
    blocked = []
    page.on("console", lambda message: blocked.append(message.text) if "frame-ancestors 'none'" in message.text else None)
    page.goto(course.write(iframe(f"{play}/clusters/")))
    page.wait_for_load_state()
    assert inner(page).get_by_text("Start another").count() == 0
    assert len(blocked) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_frame_of_600_by_500_pixels_has_no_barrier_and_nothing_beside_its_edge(context, play, scheme):
    top = context.new_page()
    top.set_viewport_size({"width": 600, "height": 500})
    top.goto(f"{play}/embed/cluster/shop/?theme={scheme}")
    expect(top.get_by_text("live", exact=True)).to_be_visible()
    for pane in ("Yard", "Inspector", "Story", "Terminal"):
        top.get_by_role("button", name=pane, exact=True).click()
        assert top.evaluate("document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight"), (
            pane
        )
        found = Axe().run(top, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, f"{pane}: {found.generate_report()}"
    top.close()
