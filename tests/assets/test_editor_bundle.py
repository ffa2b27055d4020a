"""The YAML editor in a real browser, under the page's own Content-Security-Policy."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from csp.utils import build_policy
from django.conf import settings

pytestmark = pytest.mark.browser

BUNDLE = settings.ASSETS_DIR / "static" / "js" / "editor.bundle.js"
PAGE = """<!doctype html><html lang="en"><title>Editor</title><main><h1>Editor</h1><form><textarea name="yaml">kind: Pod
metadata: {}</textarea></form></main><script type="module" nonce="abc">
import { mountEditor } from "/static/js/editor.bundle.js";
const lint = async (text) => text.includes("Pdo") ? [{ line: 1, column: 7, endColumn: 10, severity: "error", message: "no such kind: Pdo" }] : [];
window.editor = mountEditor(document.querySelector("textarea"), { lint, nonce: "abc", label: "Manifest" });
</script></html>"""


@pytest.fixture
def page(browser):
    with browser.new_page() as page:
        page.complaints = []
        page.on("console", lambda message: message.type == "error" and page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        headers = {"Content-Security-Policy": build_policy(nonce="abc"), "Content-Type": "text/html"}
        page.route("**/editor", lambda route: route.fulfill(body=PAGE, headers=headers))
        page.route("**/static/js/editor.bundle.js", lambda route: route.fulfill(path=BUNDLE, content_type="text/javascript"))
        page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
        page.goto("http://editor.test/editor")
        yield page


def test_what_is_typed_stands_in_the_textarea_and_an_error_is_marked_where_it_is(page):
    editor = page.get_by_role("textbox", name="Manifest")
    editor.press("Control+Home")
    editor.press_sequentially("apiVersion: v1\n")
    assert page.locator("textarea").input_value() == "apiVersion: v1\nkind: Pod\nmetadata: {}"
    page.evaluate("editor.setText('kind: Pdo\\n'); editor.lint()")
    assert page.locator(".cm-lintRange-error").text_content() == "Pdo"
    assert page.locator("textarea").input_value() == "kind: Pdo\n"
    assert page.complaints == []


def test_it_goes_to_a_place_and_stays_inside_the_text(page):
    page.evaluate("editor.goTo(2, 11)")
    page.keyboard.insert_text("# ")
    assert page.locator("textarea").input_value() == "kind: Pod\nmetadata: # {}"
    page.evaluate("editor.goTo(99, 99)")
    page.keyboard.insert_text("!")
    assert page.locator("textarea").input_value() == "kind: Pod\nmetadata: # {}!"


def test_the_editor_is_reachable_by_keyboard_and_tab_leaves_it(page):
    page.get_by_role("textbox", name="Manifest").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.cm-editor')") is None
    assert page.locator("textarea").input_value() == "kind: Pod\nmetadata: {}"


def test_the_textarea_comes_back_when_the_editor_goes(page):
    page.evaluate("editor.destroy()")
    assert page.locator("textarea").is_visible()
    assert page.locator(".cm-editor").count() == 0


def test_axe_finds_nothing(page):
    assert Axe().run(page).response["violations"] == []
