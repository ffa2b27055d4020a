"""What did a learner predict, what happened, and what do they know now?"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from playground.clusters.models import Cluster
from playground.courses import keeping, library, markdown, runs, slips, telling
from playground.courses.gate import cluster_view, visitor_view
from playground.courses.records import CONFIDENCES, LessonRecord
from playground.courses.words import Words, language_of, wanted, words
from playground.curriculum.loader import Unit


@require_safe
@visitor_view
def summary(request: HttpRequest, visitor: str) -> HttpResponse:
    """GET /lessons/summary/; ?lesson= is the one that was just played, and comes first."""
    known, said = keeping.of(visitor), words(language_of(request))
    units = sorted((each for each in library.units() if each.name in known), key=lambda each: each.name != request.GET.get("lesson"))
    context = {
        "w": said,
        "language": said.code,
        "lessons": [_lesson(request, each, known[each.name], said) for each in units],
        "calibration": _calibration([known[each.name] for each in units], said),
    }
    return render(request, "courses/summary.html", context)


@require_safe
@cluster_view
def of_cluster(request: HttpRequest, cluster: Cluster) -> HttpResponse:
    """GET /clusters/<id>/lesson/summary/: of the cluster's lesson. In a frame, where no cookie goes: what can be printed is at an address that opens it."""
    if not any(each.name == cluster.lesson for each in library.units()):
        raise Http404(cluster.lesson)
    context = _one(request, cluster.visitor, cluster.lesson)
    context["address"] = f"/lessons/summary/{slips.written(cluster.visitor, cluster.lesson)}/?{urlencode({'lang': context['language']})}"
    return render(request, "courses/_summary_sheet.html" if request.htmx else "courses/slip.html", context)  # type: ignore[attr-defined]


@require_safe
@never_cache
def of_slip(request: HttpRequest, slip: str) -> HttpResponse:
    """GET /lessons/summary/<slip>/: one lesson's summary, for whoever has its address. No cookie is read or set."""
    visitor, lesson = slips.read(slip)
    if not any(each.name == lesson for each in library.units()):
        raise Http404(slip)
    response = render(request, "courses/slip.html", _one(request, visitor, lesson))
    response["Referrer-Policy"], response["X-Robots-Tag"] = "no-referrer", "noindex"
    return response


def _one(request: HttpRequest, visitor: str, lesson: str) -> dict[str, Any]:
    """In the language in which it is played, unless another is asked for."""
    record = keeping.one(visitor, lesson)
    unit = next(each for each in library.units() if each.name == lesson)
    asked = request.GET.get("lang", "") or record.language
    said = words(asked) if asked else words(language_of(request))
    return {"w": said, "language": said.code, "each": _lesson(request, unit, record, said), "calibration": _calibration([record], said)}


def _lesson(request: HttpRequest, unit: Unit, record: LessonRecord, said: Words) -> dict[str, Any]:
    language, prose = library.told(unit, [record.language, *wanted(request)])
    done = runs.done_count(unit, record)
    return {
        "name": unit.name,
        "title": prose.title,
        "language": language,
        "said": said.say("begun", done=done, of=len(unit.lesson.steps)),
        "finished": record.finished,
        "unaided": bool(record.finished) and not any(each.hints for each in record.steps.values()),
        "learned": [_html(each) for each in prose.learned] if done else [],
        "reads": unit.lesson.reads,
        "predictions": [
            {
                "title": prose.steps[step.id].title,
                "question": _html(prose.steps[step.id].question),
                "lines": [
                    (_html(line.about), _html(line.said), _html(line.true))
                    for line in telling.lines(step.predict, prose.steps[step.id], own)
                ],
                "right": own.right,
                "confidence": said[own.confidence] if own.confidence in CONFIDENCES else "",
                "outcome": _html(prose.steps[step.id].outcome),
            }
            for step in unit.lesson.steps
            if step.predict and (own := record.steps.get(step.id)) and own.predicted and runs.was_run(step, own)
        ],
    }


def _calibration(records: list[LessonRecord], said: Words) -> list[dict[str, Any]]:
    """Of the predictions made with each confidence, how many were right."""
    graded = [own for record in records for own in record.steps.values() if own.right is not None]
    rows = []
    for confidence in CONFIDENCES:
        mine = [own for own in graded if own.confidence == confidence]
        rows.append({"label": said[confidence], "right": sum(own.right is True for own in mine), "of": len(mine)})
    return rows if graded else []


def _html(text: str) -> str:
    return markdown.inline(text, markdown.nowhere)
