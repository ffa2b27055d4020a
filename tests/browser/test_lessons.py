"""Can a lesson be played from its first step to its last by keyboard alone, and does axe find nothing on the way?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FARTHEST = 150
expect.set_options(timeout=40_000)


@pytest.fixture
def play(browser: Browser, server: Any) -> Iterator[Callable[..., Page]]:
    """Opens a lesson as a new visitor; nothing may go wrong in its console by the end."""
    problems: list[str] = []
    contexts = []

    def open_lesson(name: str, query: str = "", **options: Any) -> Page:
        context = browser.new_context(**({"viewport": {"width": 1440, "height": 900}} | options))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if is_problem(message) else None)
        page.goto(f"{server.url}/lessons/{name}/{query}")
        expect(page.locator("#lesson-title")).to_be_visible()
        expect(page.get_by_text("live", exact=True)).to_be_visible()
        page.evaluate("window.told = []; document.addEventListener('lesson-event', (event) => told.push(event.detail.type))")
        return page

    yield open_lesson
    for context in contexts:
        context.close()
    assert problems == []


def is_problem(message: Any) -> bool:
    """A refusal (4xx) is an answer, not a fault of the page."""
    return message.type == "error" and "the server responded with a status of 4" not in message.text


STILL = """async () => {
    for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame);
    const ending = document.getAnimations().filter((each) => Number.isFinite(each.effect.getComputedTiming().endTime));
    await Promise.all(ending.map((each) => each.finished.catch(() => {})));
}"""


# --- hands that have a keyboard only


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus."""
    expect(wanted).to_be_visible()
    for _ in range(FARTHEST):
        if wanted.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not lead to {wanted}")


def settled(page: Page) -> None:
    """What was fetched stands in the page, and its forms are heard."""
    expect(page.locator(".htmx-added, .htmx-swapping, .htmx-settling, .htmx-request")).to_have_count(0)


def press(page: Page, name: str, key: str = "Enter") -> None:
    settled(page)
    reach(page, page.locator("#lesson-pane").get_by_role("button", name=name, exact=True).first)
    page.keyboard.press(key)


def choose(page: Page, group: str, place: int) -> None:
    """The radio button at a place: Tab leads to the group, arrows within it."""
    reach(page, page.locator(f"#lesson-pane input[name='{group}']").first)
    page.keyboard.press("Space")
    for _ in range(place):
        page.keyboard.press("ArrowDown")


def predict(page: Page, place: int, confidence: int = 1) -> None:
    choose(page, "answer", place)
    keep(page, confidence)


def keep(page: Page, confidence: int = 1) -> None:
    choose(page, "confidence", confidence)
    press(page, "Keep my prediction")


def act(page: Page, name: str) -> None:
    press(page, name)
    expect(page.locator("#result-title")).to_be_visible(timeout=40_000)


def explain(page: Page, reason: str) -> None:
    press(page, reason)
    expect(page.locator(".explain .callout[data-state=ready]")).to_be_visible()


def go_on(page: Page, title: str) -> None:
    press(page, "Next step")
    expect(page.locator("[aria-current=step]")).to_contain_text(title)


def type_in_terminal(page: Page, *lines: str) -> None:
    reach(page, page.locator("#terminal-line"))
    for line in lines:
        page.keyboard.type(line)
        page.keyboard.press("Enter")
        expect(page.locator(".terminal-screen [data-kind=in]", has_text=line[-30:]).first).to_be_attached()


def clean(page: Page) -> None:
    """axe finds nothing on the page as it is, once what fades in has done so."""
    settled(page)
    page.evaluate(STILL)
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()


# --- lessons


def test_pods_move_house_by_keyboard_alone(play: Callable[..., Page]) -> None:
    page = play("pods-move-house")
    clean(page)
    predict(page, 0)
    act(page, "Let the client call that IP")
    clean(page)
    explain(page, "Every Pod has an IP of its own, and every Pod can reach every other by it")
    go_on(page, "The Pod is replaced")
    predict(page, 0, confidence=2)
    act(page, "Delete the Pod")
    expect(page.get_by_text("Not as you predicted")).to_be_visible()
    press(page, "The new Pod is still starting")
    expect(page.get_by_text("Not quite.")).to_be_visible()
    clean(page)
    reach(page, page.get_by_role("link", name="Open the request that shows it"))
    page.keyboard.press("Enter")
    expect(page.locator("#inspector .hops > li[data-deciding]")).to_be_focused()
    explain(page, "The new Pod has another IP, and the client still calls the old one")
    go_on(page, "A Service appears")
    predict(page, 2)
    act(page, "Create the Service")
    explain(page, "The client does not call the Service. It still calls the old Pod's IP")
    go_on(page, "Call the name")
    press(page, "Check")
    expect(page.locator(".check .seen")).to_contain_text("requests from client")
    type_in_terminal(page, "switchyard stop-traffic stream-1", "switchyard start-traffic client frontend-svc:80 --rate 2")
    expect(page.locator(".goal-list [data-met=yes]").first).to_be_visible()
    press(page, "Check again")
    expect(page.get_by_text("Done. All of it holds.")).to_be_visible()
    clean(page)
    go_on(page, "The same accident once more")
    predict(page, 1)
    act(page, "Delete the Pod again")
    explain(page, "The Service's address stayed. Only the Pod behind it was exchanged")
    assert {"prediction", "step", "score", "check-passed"} <= set(page.evaluate("told"))


def test_keep_it_on_my_node_by_keyboard_alone(play: Callable[..., Page]) -> None:
    page = play("keep-it-on-my-node")
    predict(page, 2)
    act(page, "Ask for it")
    go_to(page, "Local means local")
    for place, choice in enumerate([1, 2, 1, 2, 1, 4]):
        reach(page, page.locator(".cells select").nth(place))
        page.keyboard.press("ArrowDown") if choice == 1 else [page.keyboard.press("ArrowDown") for _ in range(choice)]
    clean(page)
    keep(page)
    act(page, "Set it to Local")
    expect(page.get_by_text("As you predicted")).to_be_visible()
    clean(page)
    go_to(page, "Repair it, and keep Local")
    press(page, "Check")
    expect(page.locator(".check .callout")).to_be_visible()
    for words in ("Hint 1 of 4", "Hint 2 of 4", "Hint 3 of 4"):
        press(page, words)
    clean(page)
    press(page, "Show me")
    expect(page.locator(".goal-list li:not([data-met=yes])")).to_have_count(0)
    assert "check-passed" not in page.evaluate("told")
    press(page, "Take it back, now I do it")
    expect(page.locator(".goal-list [data-met=no]").first).to_be_visible()
    type_in_terminal(page, "kubectl label node node-c kept=yes")
    type_in_terminal(page, FRONTEND_C)
    expect(page.get_by_role("button", name="Next step")).to_be_visible()
    assert "check-passed" in page.evaluate("told")
    press(page, "Reset step")
    press(page, "Undo the reset")
    expect(page.get_by_role("button", name="Next step")).to_be_visible()


FRONTEND_C = (
    "kubectl run frontend-c --image=registry.k8s.io/e2e-test-images/agnhost:2.53 -l app=frontend "
    """--overrides='{"spec":{"nodeName":"node-c"}}' -- netexec --http-port=5000"""
)


def go_to(page: Page, title: str) -> None:
    """Any step can be opened."""
    reach(page, page.locator("#lesson-pane .step-line", has_text=title))
    page.keyboard.press("Enter")
    expect(page.locator("[aria-current=step]")).to_contain_text(title)


def test_names_instead_of_numbers_by_keyboard_alone(play: Callable[..., Page]) -> None:
    page = play("names-instead-of-numbers")
    for place, choice in enumerate([1, 2, 1, 1, 1, 1]):
        reach(page, page.locator(".cells select").nth(place))
        for _ in range(choice):
            page.keyboard.press("ArrowDown")
    keep(page, 2)
    act(page, "Ask all six")
    expect(page.get_by_text("As you predicted")).to_be_visible()
    explain(page, "A short name is completed with the client's own Namespace")
    go_on(page, "Who completes the name?")
    predict(page, 1)
    act(page, "Read the file and send a request")
    explain(page, "The client itself, with the list that the kubelet wrote into /etc/resolv.conf")
    go_on(page, "A namesake")
    predict(page, 1)
    act(page, "Set up the second redis-master")
    explain(page, "The first name of the search list that exists ends the search")
    go_on(page, "A name for everywhere")
    press(page, "Start the report")
    expect(page.locator("[data-ref^='Pod/test-ns/report-']").first).to_be_visible()
    clean(page)
    type_in_terminal(page, "kubectl set env deployment/report -n test-ns REDIS_HOST=redis-master.my-ns || true", REPORT)
    expect(page.locator(".goal-list [data-met=no]")).to_have_count(0, timeout=40_000)  # the new Pod is ready
    press(page, "Check")
    expect(page.get_by_text("Done. All of it holds.")).to_be_visible(timeout=20_000)
    reach(page, page.locator("#lesson-pane").get_by_role("link", name="Leave"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("4 of 5 steps").first).to_be_visible()
    clean(page)


REPORT = (
    "kubectl patch deployment report -n test-ns -p "
    """'{"spec":{"template":{"spec":{"containers":[{"name":"report","env":[{"name":"REDIS_HOST","value":"redis-master.my-ns"}]}]}}}}'"""
)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768), (600, 500), (390, 844)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_lesson_fits_its_window_and_axe_finds_nothing(play: Callable[..., Page], width: int, height: int, scheme: str) -> None:
    page = play("dice-not-turns", "", viewport={"width": width, "height": height}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.scrollHeight") <= height
    page.locator("#lesson-pane .step-line").nth(1).click()
    expect(page.locator("lesson-bars")).to_be_visible()
    assert page.evaluate("document.getElementById('lesson').scrollWidth <= document.getElementById('lesson').clientWidth")
    clean(page)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1179, 800), (600, 500), (390, 844)])
def test_a_receipt_lies_beside_the_lesson_and_goes_with_its_step(play: Callable[..., Page], width: int, height: int) -> None:
    page = play("door-80-room-5000", viewport={"width": width, "height": height})
    page.locator("#lesson-pane .step-line").last.click()
    page.locator("#lesson-pane").get_by_role("button", name="Apply").click()
    expect(page.locator("#receipt .refusal")).to_be_visible()  # there are blanks in it
    receipt, pane = (page.locator(each).bounding_box() for each in ("#receipt", "#lesson"))
    assert receipt is not None
    assert pane is not None
    assert receipt["x"] >= pane["x"] + pane["width"] or receipt["y"] + receipt["height"] <= pane["y"]
    assert receipt["x"] + receipt["width"] <= width
    page.locator("#lesson-pane .step-line").first.click()
    expect(page.locator("#receipt > *")).to_have_count(0)


def test_a_draft_is_replaced_at_one_go_and_the_page_forbids_nothing_of_it(play: Callable[..., Page]) -> None:
    page = play("door-80-room-5000")
    go_to(page, "Write one yourself")
    editor = page.locator("#lesson-pane .cm-content")
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("kind: Service\nmetadata:\n  name: orders\n")
    expect(page.locator("#lesson-draft")).to_have_value("kind: Service\nmetadata:\n  name: orders\n")
    page.keyboard.press("Control+A")
    page.keyboard.type("kind: Pod")
    expect(page.locator("#lesson-draft")).to_have_value("kind: Pod")


def test_bars_are_set_and_cards_are_moved_by_keys(play: Callable[..., Page]) -> None:
    page = play("dice-not-turns")
    go_to(page, "A thousand requests")
    for place, moves in enumerate([1, -1]):
        reach(page, page.locator("lesson-bars input").nth(place))
        for _ in range(5):
            page.keyboard.press("ArrowRight" if moves > 0 else "ArrowLeft")
    assert page.locator("lesson-bars input").first.input_value() == "39"
    expect(page.locator(".bars-total output")).to_have_text("100 %")
    page.goto(page.url.replace(page.url, f"{page.url.split('/clusters')[0]}/lessons/too-late/"))
    go_to(page, "First the Service, then the Pod")
    first = page.locator("lesson-cards li").first.get_attribute("data-name")
    reach(page, page.locator("lesson-cards [data-moves='1']").first)
    page.keyboard.press("Enter")
    assert page.locator("lesson-cards li").nth(1).get_attribute("data-name") == first
    expect(page.locator("lesson-cards [role=status]")).to_contain_text("place 2 of 4")


def test_a_lesson_in_german_speaks_german(play: Callable[..., Page]) -> None:
    page = play("pods-move-house", "?lang=de")
    expect(page.get_by_role("button", name="Vorhersage festhalten")).to_be_visible()
    assert page.locator("#lesson-pane").get_attribute("lang") == "de"


def test_without_javascript_a_lesson_is_played_page_by_page(browser: Browser, server: Any) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{server.url}/lessons/keep-it-on-my-node/")
    page.get_by_role("link", name="Open the lesson").click()
    page.locator("input[name=answer]").first.check()
    page.locator("input[name=confidence]").first.check()
    page.get_by_role("button", name="Keep my prediction").click()
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_text("As you predicted")).to_be_visible()
    page.context.close()
