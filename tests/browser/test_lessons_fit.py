"""Does each step of each lesson fit its screen, before and after everything that a learner does in it?"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Route

from playground.clusters.library import OWN
from playground.courses import happening, telling
from playground.curriculum.blanks import meant
from playground.curriculum.lesson import Predict, Step
from playground.curriculum.loader import Unit, load
from tests.courses.conftest import HTMX, Player

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SCREEN = {"width": 1440, "height": 900}
UNITS = load(settings.BASE_DIR / OWN)[0].units

ORIGIN = "http://lesson.test"

# Shows the pane as it stood after each press, and answers by how many pixels it is too high, or too wide.
TOO_LARGE = """(panes) => {
    const box = document.getElementById("lesson");
    return panes.map(([state, step, html]) => {
        box.innerHTML = html;
        return [state, step, box.scrollHeight - box.clientHeight, box.scrollWidth - box.clientWidth];
    });
}"""


@pytest.fixture(autouse=True, scope="module")
def database_beside_a_browser() -> Iterator[None]:
    """The browser's own loop runs in this thread, and nothing waits for it."""
    with mock.patch.dict(os.environ, {"DJANGO_ALLOW_ASYNC_UNSAFE": "1"}):
        yield


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_every_step_fits_its_screen_in_every_state(browser: Browser, db: None, monkeypatch: pytest.MonkeyPatch, unit: Unit) -> None:
    monkeypatch.setattr(happening, "amiss", lambda run: None)  # nothing is run: how the cluster stands then is not asked
    player = Player(unit.name)
    panes = [(press[0], press[1], pane(player, *press[1:])) for step in unit.lesson.steps for press in presses(step)]
    whole = player.client.get(player.base).content
    page = browser.new_context(viewport=SCREEN).new_page()
    page.route(f"{ORIGIN}/**", lambda route: answer(route, whole))
    page.goto(ORIGIN)
    found = page.evaluate(TOO_LARGE, [each for each in panes if each[0]])
    page.context.close()
    assert found
    assert [each for each in found if each[2] > 1 or each[3] > 0] == []


def pane(player: Player, step: str, verb: str, fields: dict[str, Any]) -> str:
    """As a page is answered that says it has run the lines."""
    if not verb:
        return player.pane(step).content.decode()
    fields = {"op": uuid.uuid4().hex, "hands": "page", **fields}
    return player.client.post(f"{player.base}lesson/{verb}/?step={step}", fields, **HTMX).content.decode()


def answer(route: Route, whole: bytes) -> None:
    """The page, its looks, and no script."""
    path = urlsplit(route.request.url).path
    style = finders.find(path.removeprefix("/static/")) if path.endswith(".css") else None
    if style:
        route.fulfill(body=Path(style).read_bytes(), content_type="text/css")
    elif path == "/":
        route.fulfill(body=whole, content_type="text/html")
    else:
        route.fulfill(status=404)


def presses(step: Step) -> list[tuple[str, str, str, dict[str, Any]]]:
    """What is pressed, one after the other: (how the pane stands then, or "" where nobody looks; step; verb; fields)."""
    made: list[tuple[str, str, dict[str, Any]]] = [("", "catch-up", {}), ("open", "", {})]
    if step.predict:
        made.append(("predicted", "predict", {"confidence": "fairly", **wrong(step.predict)}))
    if step.do:
        made.append(("run", "act", {}))
    if step.explain:
        other = next(each for each in step.explain.reasons if each != step.explain.because)
        made += [("wrong reason", "explain", {"reason": other}), ("right reason", "explain", {"reason": step.explain.because})]
    if step.goal:
        made += [("checked", "check", {}), ("one hint", "hint", {}), ("", "hint", {}), ("three hints", "hint", {})]
    return [(state, step.id, verb, fields) for state, verb, fields in made]


def wrong(predict: Predict) -> dict[str, Any]:
    """The fields of a prediction that is wrong in every part: so it takes the most room."""
    match predict.form:
        case "options":
            right = predict.right if isinstance(predict.right, tuple) else (predict.right,)
            return {"answer": next(each for each in predict.options if each not in right)}
        case "grid":
            assert predict.grid is not None
            choices = predict.grid.choices
            return {f"cell:{cell}": next(each for each in choices if each != true) for cell, true in predict.grid.right.items()}
        case "histogram":
            assert predict.histogram is not None
            first, *others = predict.histogram.bars
            return {f"bar:{first}": "100", **{f"bar:{each}": "0" for each in others}}
        case "blanks":
            return {f"blank:{each}": f"x{meant(blank).text}"[:15] for each, blank in predict.blanks.items()}
        case _:
            return {"card": telling.cards("", predict)}
