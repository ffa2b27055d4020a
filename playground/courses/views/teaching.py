"""How does somebody teach with it?  A plan for one hour, the names that course pages embed, and where to read on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from playground.clusters import scenes
from playground.courses import library, markdown
from playground.courses.words import language_of, wanted, words
from playground.curriculum.loader import Unit

HOUR = 60


@require_safe
def teachers(request: HttpRequest) -> HttpResponse:
    """GET /teachers/"""
    said, known = words(language_of(request)), library.library()
    units = [known.units[name] for name in known.tracks.hour if name in known.units]
    played = sum(each.lesson.minutes for each in units)
    rows, minute = [], 5
    for unit in units:
        language, prose = library.told(unit, wanted(request))
        rows.append(
            {
                "minute": minute,
                "name": unit.name,
                "language": language,
                "title": prose.title,
                "minutes": unit.lesson.minutes,
                "goal": _html(prose.goal),
                "beliefs": [_html(each) for each in prose.beliefs],
                "talk": [_html(each) for each in _questions(prose)],
            }
        )
        minute += max(unit.lesson.minutes, round(unit.lesson.minutes * (HOUR - 10) / max(played, 1)))
    context = {"w": said, "language": said.code, "rows": rows, "lead": said.say("hour_lead", n=played)}
    context |= {"lessons": [_named(request, each) for each in library.units()], "scenes": scenes.all()}
    return render(request, "courses/teachers.html", context)


def _named(request: HttpRequest, unit: Unit) -> dict[str, Any]:
    """The names that a lesson and its steps have in addresses."""
    language, prose = library.told(unit, wanted(request))
    steps = [(each.id, prose.steps[each.id].title) for each in unit.lesson.steps]
    return {"name": unit.name, "language": language, "title": prose.title, "steps": steps}


def _questions(prose: Any) -> list[str]:
    """What a class can talk about before anything is run: what each step asks."""
    return [each.question for each in prose.steps.values() if each.question]


def _html(text: str) -> str:
    return markdown.inline(text, markdown.nowhere)
