"""What do the tests of the pane read in an answer, and what do they have in common?"""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse

from playground.clusters import library
from playground.courses import keeping, markdown
from tests.courses.conftest import Player

GOALS = ["all-answered", "still-local"]


def said(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def events(response: HttpResponse) -> list[dict[str, Any]]:
    return json.loads(response.headers.get("HX-Trigger", '{"lesson-events": {"events": []}}'))["lesson-events"]["events"]


def button(response: HttpResponse, verb: str) -> bool:
    return f'id="press-{verb}"' in said(response)


def solve(player: Player) -> None:
    """Local, and a frontend on the Node that has none."""
    player.predict()
    player.press("act", "switch", htmx=False)
    player.press("show", "repair", htmx=False)
    with keeping_of(player) as record:
        record.showing = None
    player.later(20)


def keeping_of(player: Player) -> Any:
    return keeping.changing(player.cluster.visitor, player.lesson)


def reasons_of(name: str, step: str) -> dict[str, tuple[str, str]]:
    """Ids and words (as they stand in HTML) of the true reason, and of two that are not."""
    unit = library.library().units[name]
    explain, words = unit.lesson.step(step).explain, unit.words("en").steps[step].reasons
    assert explain is not None
    wrong = [each for each in explain.reasons if each != explain.because]
    ids = {"tried": wrong[0], "found": explain.because, "other": wrong[1]}
    return {role: (id, str(markdown.inline(words[id], markdown.nowhere))) for role, id in ids.items()}
