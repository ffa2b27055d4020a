"""Does each step of each lesson fit its screen, before and after everything that a learner does in it?"""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from playground.clusters.library import OWN
from playground.courses import telling
from playground.curriculum.blanks import meant
from playground.curriculum.lesson import Predict, Step
from playground.curriculum.loader import Unit, load

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SCREEN = {"width": 1440, "height": 900}
UNITS = load(settings.BASE_DIR / OWN)[0].units

# Shows the pane as each press would leave it (the page's terminal does nothing), and answers by how many pixels it is too high, or too wide.
TOO_LARGE = """async ([base, presses]) => {
    const box = document.getElementById("lesson");
    const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "HX-Request": "true" };
    const found = [];
    for (const [state, step, verb, fields] of presses) {
        const path = `${base}lesson/${verb ? `${verb}/` : ""}?step=${step}`;
        const body = new URLSearchParams([...fields, ["op", crypto.randomUUID()], ["hands", "page"]]);
        const answer = await fetch(path, verb ? { method: "POST", headers, body } : { headers });
        document.getElementById("lesson-pane").outerHTML = await answer.text();
        if (state) found.push([state, step, box.scrollHeight - box.clientHeight, box.scrollWidth - box.clientWidth]);
    }
    return found;
}"""


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_every_step_fits_its_screen_in_every_state(browser: Browser, server: Any, unit: Unit) -> None:
    context = browser.new_context(viewport=SCREEN)
    page = context.new_page()
    page.goto(f"{server.url}/lessons/{unit.name}/")
    page.wait_for_selector("#lesson-title")
    base = f"/clusters/{page.url.split('/clusters/')[1].split('/')[0]}/"
    found = page.evaluate(TOO_LARGE, [base, [press for step in unit.lesson.steps for press in presses(step)]])
    context.close()
    assert [each for each in found if each[2] > 1 or each[3] > 0] == []


def presses(step: Step) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    """What is pressed, one after the other: (how the pane stands then, or "" where nobody looks; step; verb; fields)."""
    made: list[tuple[str, str, list[tuple[str, str]]]] = [("", "catch-up", []), ("open", "", [])]
    if step.predict:
        made.append(("predicted", "predict", [("confidence", "fairly"), *wrong(step.predict)]))
    if step.do:
        made.append(("run", "act", []))
    if step.explain:
        other = next(each for each in step.explain.reasons if each != step.explain.because)
        made += [("wrong reason", "explain", [("reason", other)]), ("right reason", "explain", [("reason", step.explain.because)])]
    if step.goal:
        made += [("checked", "check", []), ("one hint", "hint", []), ("", "hint", []), ("three hints", "hint", [])]
    return [(state, step.id, verb, fields) for state, verb, fields in made]


def wrong(predict: Predict) -> list[tuple[str, str]]:
    """The fields of a prediction that is wrong in every part: so it takes the most room."""
    match predict.form:
        case "options":
            right = predict.right if isinstance(predict.right, tuple) else (predict.right,)
            return [("answer", next(each for each in predict.options if each not in right))]
        case "grid":
            assert predict.grid is not None
            return [
                (f"cell:{cell}", next(each for each in predict.grid.choices if each != true)) for cell, true in predict.grid.right.items()
            ]
        case "histogram":
            assert predict.histogram is not None
            first, *others = predict.histogram.bars
            return [(f"bar:{first}", "100"), *((f"bar:{each}", "0") for each in others)]
        case "blanks":
            return [(f"blank:{each}", f"x{meant(blank).text}"[:15]) for each, blank in predict.blanks.items()]
        case _:
            return [("card", each) for each in telling.cards("", predict)]
