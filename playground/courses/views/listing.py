"""Which lessons are there, and how does a visitor come into one?"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from playground.clusters import ownership
from playground.courses import keeping, library, markdown, runs
from playground.courses.gate import visitor_view
from playground.courses.models import Progress
from playground.courses.records import LessonRecord
from playground.courses.words import language_of, languages, wanted, words
from playground.curriculum.loader import KEY, Unit


@require_safe
@visitor_view
def lessons(request: HttpRequest, visitor: str) -> HttpResponse:
    """GET /lessons/"""
    return render(request, "courses/lessons.html", context(request, visitor))


@require_safe
@visitor_view
def start(request: HttpRequest, visitor: str, name: str) -> HttpResponse:
    """GET /lessons/<name>/: to the visitor's cluster of this lesson; the first time it is made."""
    if name not in library.library().units:
        raise Http404(name)
    row = Progress.objects.filter(visitor=visitor, lesson=name).first()
    mine = {each.pk: each for each in ownership.of(visitor) if each.lesson == name}
    found = mine.get(row.cluster) if row and row.cluster in mine else next(iter(mine.values()), None)
    cluster = found or ownership.new_cluster(visitor, f"{KEY}{name}", f"lesson-{name}"[:64], request.META.get("REMOTE_ADDR", ""))
    return HttpResponseRedirect(f"/clusters/{cluster.pk}/{_query(request)}")


@require_safe
@visitor_view
def following(request: HttpRequest, visitor: str) -> HttpResponse:
    """GET /lessons/next/: to the lesson that was begun last and is not finished, or else to the first that is not; without one, to the list."""
    found = _next(keeping.of(visitor))
    return HttpResponseRedirect(f"/lessons/{found.name}/{_query(request)}" if found else "/lessons/")


def context(request: HttpRequest, visitor: str) -> dict[str, Any]:
    """The list in the reader's language, with how far the visitor is."""
    language, known = language_of(request), keeping.of(visitor)
    titles = {each.name: library.told(each, wanted(request))[1].title for each in library.units()}
    following = _next(known)
    return {
        "w": words(language),
        "language": language,
        "q": _query(request),
        "parts": [
            {
                "title": library.title(part.title, language),
                "lessons": [_card(request, known, each, titles) for each in _units(part.lessons)],
            }
            for part in library.library().tracks.parts
        ],
        "next": {"name": following.name, "title": titles[following.name], "minutes": following.lesson.minutes} if following else None,
        "first": not known,
        "begun": following is not None and following.name in known,
        "languages": list(languages()),
    }


def _card(request: HttpRequest, known: dict[str, LessonRecord], unit: Unit, titles: dict[str, str]) -> dict[str, Any]:
    language, prose = library.told(unit, wanted(request))
    record = known.get(unit.name)
    return {
        "name": unit.name,
        "number": library.place(unit.name).number,
        "title": prose.title,
        "language": language,
        "goal": markdown.inline(prose.goal, markdown.nowhere),
        "beliefs": [markdown.inline(each, markdown.nowhere) for each in prose.beliefs],
        "minutes": unit.lesson.minutes,
        "needs": [(each, titles[each]) for each in unit.lesson.needs if each in titles],
        "optional": unit.lesson.optional,
        "record": record,
        "done": runs.done_count(unit, record) if record else 0,
        "of": len(unit.lesson.steps),
    }


def _units(names: tuple[str, ...]) -> list[Unit]:
    known = library.library().units
    return [known[name] for name in names if name in known]


def _next(known: dict[str, LessonRecord]) -> Unit | None:
    """What was begun last goes on; else the first that is open."""
    open_ones = [each for each in library.units() if not (each.name in known and known[each.name].finished)]
    begun = [each for each in open_ones if each.name in known]
    return max(begun, key=lambda each: known[each.name].begun, default=None) or next(iter(open_ones), None)


def _query(request: HttpRequest) -> str:
    """The language goes along."""
    asked = request.GET.get("lang", "")
    return f"?{urlencode({'lang': asked})}" if asked else ""
