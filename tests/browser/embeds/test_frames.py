"""What a reader of a course page has of a frame: with cookies of third parties blocked, and in a sandbox."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

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


def names(frame: FrameLocator) -> set[str]:
    return set(frame.locator(FRONTENDS).evaluate_all("each => each.map(one => one.dataset.ref)"))


@KINDS
def test_a_ready_cluster_lives_in_a_frame_and_a_pod_can_be_killed_there(page, course, play, sandbox):
    frame = opened(page, course, f"{play}/embed/cluster/shop/", sandbox)
    expect(frame.locator(FRONTENDS)).to_have_count(3)
    frame.locator(FRONTENDS).first.click()
    frame.get_by_role("button", name="Kill", exact=True).click()
    expect(frame.locator("#receipt")).to_contain_text("deleted")
    frame.get_by_role("button", name="Undo").click()
    expect(frame.get_by_role("button", name="Undo")).to_be_disabled()
