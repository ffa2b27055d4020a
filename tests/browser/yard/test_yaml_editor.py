"""Is YAML checked while it is written, with the better editor and without it?"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.yard.harness import ORIGIN, Yard
from tests.browser.yard.pictures import first_cluster

pytestmark = pytest.mark.browser

FOUND = {"diagnostics": [{"line": 2, "column": 3, "endColumn": 8, "severity": "error", "message": 'unknown field "spce"', "path": "spce"}]}
EDITOR = """export function mountEditor(textarea, { lint, label }) {
  const box = document.createElement("div");
  box.setAttribute("role", "textbox");
  box.setAttribute("aria-label", label);
  textarea.hidden = true;
  textarea.after(box);
  lint(textarea.value);
  return { destroy() {}, focus() {} };
}"""


def open_editor(yard: Yard, bundle: str) -> Page:
    yard.answers["/clusters/c1/lint/"] = (200, json.dumps(FOUND))
    yard.answers["/clusters/c1/new/"] = (
        200,
        f'<yaml-editor data-lint="/clusters/c1/lint/"{bundle}><label for="text">YAML to apply</label>'
        '<textarea id="text" name="yaml">a: 1\n</textarea></yaml-editor>',
    )
    page = yard.open(first_cluster())
    page.get_by_role("link", name="New").click()
    return page


def test_a_plain_textarea_lists_what_the_server_finds_and_leads_to_the_place(yard: Yard) -> None:
    page = open_editor(yard, "")
    page.get_by_label("YAML to apply").fill("a: 1\n  spce: 2\n")
    expect(page.locator(".diagnostics li")).to_contain_text('unknown field "spce"')
    expect(page.get_by_label("YAML to apply")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="line 2").click()
    assert page.evaluate("document.getElementById('text').selectionStart") == len("a: 1\n  ")


def test_the_bundle_takes_the_textareas_place(yard: Yard) -> None:
    yard.page.route(f"{ORIGIN}/bundle.js", lambda route: route.fulfill(body=EDITOR, content_type="text/javascript"))
    page = open_editor(yard, ' data-bundle="/bundle.js"')
    expect(page.get_by_role("textbox", name="YAML to apply")).to_be_attached()
    expect(page.locator("#text")).to_be_hidden()
    expect(page.locator(".diagnostics li")).to_have_count(1)


def test_a_bundle_that_is_not_there_leaves_the_textarea(yard: Yard) -> None:
    yard.page.route(f"{ORIGIN}/bundle.js", lambda route: route.fulfill(status=404))
    with yard.page.expect_response("**/bundle.js"):
        page = open_editor(yard, ' data-bundle="/bundle.js"')
    page.get_by_label("YAML to apply").fill("a: 2\n")
    expect(page.locator(".diagnostics li")).to_have_count(1)
    yard.problems = [problem for problem in yard.problems if "404" not in problem]
