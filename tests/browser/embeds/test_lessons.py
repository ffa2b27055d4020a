"""A lesson in a course page: played in a sandbox of 600 by 500 pixels, without a cookie, and the page around hears of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.embeds.test_frames import KINDS, iframe, inner, opened

pytestmark = pytest.mark.browser
expect.set_options(timeout=15_000)


@KINDS
def test_a_step_is_predicted_run_and_still_there_after_the_frame_was_loaded_anew(page, course, play, sandbox):
    frame = opened(page, course, f"{play}/embed/lesson/pods-move-house/", sandbox)
    expect(frame.locator("#lesson-title")).to_have_text("Pods move house")
    frame.get_by_text("An answer from the frontend").click()
    frame.get_by_role("radio", name="Certain").check()
    frame.get_by_role("button", name="Keep my prediction").click()
    expect(frame.get_by_role("button", name="Keep my prediction")).to_have_count(0)
    page.wait_for_function("heard.some(each => each.type === 'prediction')")
    told = next(each for each in page.evaluate("heard") if each.get("type") == "prediction")
    assert (told["source"], told["lesson"]) == ("switchyard", "pods-move-house")
    inner(page).evaluate("location.reload()")
    expect(frame.locator("#lesson-title")).to_have_text("Pods move house")
    expect(frame.get_by_role("button", name="Keep my prediction")).to_have_count(0)


def test_a_frame_shows_a_summary_that_can_be_printed_in_a_window_of_its_own(context, page, course, play):
    frame = opened(page, course, f"{play}/embed/lesson/pods-move-house/6/")
    frame.get_by_text("The same Pod with the same IP").click()
    frame.get_by_role("radio", name="Certain").check()
    frame.get_by_role("button", name="Keep my prediction").click()
    frame.get_by_role("link", name="What I now know").click()
    expect(frame.locator("#sheet")).to_contain_text("Pods move house")
    with context.expect_page() as printed:
        frame.get_by_role("link", name="Print").click()
    expect(printed.value.get_by_role("button", name="Print")).to_be_visible()
    expect(printed.value.get_by_role("heading", name="Pods move house")).to_be_visible()


def test_a_frame_opens_at_the_step_and_in_the_language_that_its_address_names(page, course, play):
    frame = opened(page, course, f"{play}/embed/lesson/pods-move-house/3/?lang=de")
    expect(frame.locator("#lesson-title")).to_have_text("Pods ziehen um")
    expect(frame.locator(".step-line[aria-current=step] .dot")).to_have_text("3")


def test_a_frame_of_a_later_step_opens_with_the_cluster_of_that_step(page, course, play):
    frame = opened(page, course, f"{play}/embed/lesson/pods-move-house/call-the-name/")
    expect(frame.locator(".step-line[aria-current=step] .dot")).to_have_text("4")
    expect(frame.get_by_role("button", name="Bring the cluster to here")).to_have_count(0)
    frame.get_by_role("button", name="Yard").click()
    expect(frame.locator("switch-yard [data-ref='Service/default/frontend-svc']").first).to_be_visible()
    expect(frame.get_by_role("button", name="Undo")).to_be_disabled()


def test_the_bar_of_a_frame_in_which_requests_fail_has_all_that_is_pressed(page, course, play):
    frame = opened(page, course, f"{play}/embed/lesson/pods-move-house/call-the-name/")
    expect(frame.locator("[data-fact=rate]")).to_contain_text("fail")
    for width in (600, 560):
        page.locator("#embed").evaluate("(frame, width) => (frame.width = width)", width)
        expect(frame.get_by_role("link", name="Open in full")).to_be_in_viewport(ratio=1)


@KINDS
def test_nothing_in_a_frame_takes_the_focus_from_the_page_around(page, course, play, sandbox):
    page.goto(course.write(f"<input id='note'>{iframe(f'{play}/embed/lesson/pods-move-house/', sandbox)}"))
    page.locator("#note").focus()
    frame = page.frame_locator("#embed")
    expect(frame.locator("#lesson-title")).to_have_text("Pods move house")
    page.wait_for_load_state("networkidle")
    inner(page).evaluate("document.getElementById('step-title').focus()")
    with page.expect_response(lambda response: "step=replace" in response.url):
        inner(page).evaluate("document.querySelectorAll('.step-line')[1].click()")
    expect(frame.locator(".step-line[aria-current=step] .dot")).to_have_text("2")
    page.keyboard.type("mine")
    expect(page.locator("#note")).to_have_value("mine")


def test_who_is_in_a_frame_is_led_to_what_a_press_brought(page, course, play):
    frame = opened(page, course, f"{play}/embed/lesson/pods-move-house/")
    frame.locator(".step-line").nth(1).click()
    expect(frame.locator(".step-line[aria-current=step] .dot")).to_have_text("2")
    expect(frame.locator("#step-title")).to_be_focused()


def test_a_lesson_tells_a_height_that_does_not_run_away(page, course, play):
    page.goto(
        course.write(
            f"""<script type="module" src="{play}/embed.1.js"></script>
            <div style="width: 600px"><kube-playground lesson="dice-not-turns"></kube-playground></div>"""
        )
    )
    frame = page.frame_locator("kube-playground iframe")
    expect(frame.locator("#lesson-title")).to_have_text("Dice, not turns")
    page.wait_for_function("heard.some(each => each.type === 'height')")
    page.wait_for_function("new Promise(done => setTimeout(() => done(true), 1500))")
    heights = page.evaluate("heard.filter(each => each.type === 'height').map(each => each.height)")
    assert len(heights) < 8
    assert heights[-1] < 1400
