"""What comes of a press of a button in the lesson's pane?  The record is changed, the cluster perhaps, and the pane is shown anew."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from playground.clusters import looks, scenes, service, spending
from playground.clusters.errors import TooFast
from playground.clusters.models import Cluster
from playground.clusters.visitors import asker_of
from playground.courses import doing, happening, keeping, pane, runs, seeing, ticking
from playground.courses.gate import acting_view, cluster_view
from playground.courses.records import CONFIDENCES, LessonRecord, StepRecord
from playground.courses.runs import Run, open_run
from playground.curriculum import grading
from playground.curriculum.checks import Do

PANE, WHOLE, GOALS = "courses/_pane.html", "courses/in_lesson.html", "courses/_goals.html"
Said = dict[str, Any]
"""What the pane says besides: `error`, `typed`, `seen`, `focus`, `not_run`, and `events` for the page."""


@require_safe
@cluster_view
def show(request: HttpRequest, cluster: Cluster) -> HttpResponse:
    """GET /clusters/<id>/lesson/?step=&lang="""
    run = open_run(request, cluster)
    if run.record.at != run.step.id:
        _take_back(run, secrets.token_urlsafe(12))
    came = runs.enter(run)
    events = [_event(run, "step")] if came else []
    return _answer(
        request, run, {"focus": "title" if came and request.headers.get("HX-Trigger") != "lesson-pane" else "", "events": events}
    )


@require_POST
@acting_view
def act(request: HttpRequest, cluster: Cluster, verb: str) -> HttpResponse:
    """POST /clusters/<id>/lesson/<verb>/?step=&lang="""
    if verb not in VERBS:
        raise Http404(verb)
    run = open_run(request, cluster)
    said = VERBS[verb](run, request.POST)
    run.load()
    if request.htmx or said.keys() & {"error", "seen", "not_run"}:  # type: ignore[attr-defined]
        return _answer(request, run, said)
    return HttpResponseRedirect(f"/clusters/{cluster.pk}/lesson/{pane.query(run)}")


@require_POST
@cluster_view
def goals(request: HttpRequest, cluster: Cluster) -> HttpResponse:
    """POST /clusters/<id>/lesson/goals/: the goals as they are now; 204 where nothing is to be told, or they were looked at too often."""
    run = open_run(request, cluster)
    try:
        spending.spend(cluster.pk, "lesson_looks_per_minute")
    except TooFast:
        return HttpResponse(status=204)
    seen = ticking.goals(run)
    events = _met(run) if seen and all(each.met for each in seen) else []
    context = {**pane.context(run, seen=seen), "reload": bool(events)}
    if not events and request.POST.get("seen", "") == _signature(context):
        return HttpResponse(status=204)
    context["signature"] = _signature(context)
    return _telling(render(request, GOALS, context), events)


# --- what each button does


def _predict(run: Run, given: QueryDict) -> Said:
    """Keep the prediction: from then on it stands."""
    predict = run.step.predict
    if predict is None or run.own.predicted:
        return {}
    answer, confidence = _given(predict.form, predict.several, given), given.get("confidence", "")
    again = {"typed": {"answer": answer, "confidence": confidence}, "focus": "error"}
    try:
        understood = grading.understood(predict, answer)
    except grading.BadPrediction:
        return {"error": run.words[f"bad_{predict.form}"], **again}
    if confidence not in CONFIDENCES:
        return {"error": run.words["how_sure_missing"], **again}
    run.own.prediction = understood
    graded = None if run.step.do else _graded(run)
    with _changing(run) as own:
        own.prediction, own.confidence, own.committed, own.skipped = understood, confidence, keeping.moment(), False
        if graded:
            own.right, own.happened = graded
    return {"focus": "act", "events": [_event(run, "prediction", prediction=understood, confidence=confidence)]}


def _skip(run: Run, given: QueryDict) -> Said:
    with _changing(run) as own:
        own.skipped = True
    return {"focus": "act"}


def _act(run: Run, given: QueryDict) -> Said:
    """The step has been run: by the page, in its terminal, or else here. Then the prediction is held against what happened, if it happened."""
    _carry_out(run, given, run.step.do)
    amiss = happening.amiss(run)
    if amiss is not None:
        return {"not_run": amiss or run.words["not_run"], "focus": "error"}
    graded = _graded(run) if run.own.predicted else None
    with _changing(run) as own:
        own.acted = own.acted or keeping.moment()
        if graded and not own.happened:
            own.right, own.happened = graded
    return {"focus": "result", "events": _score(run)}


def _explain(run: Run, given: QueryDict) -> Said:
    """A reason is chosen; a wrong one may be followed by another."""
    explain, reason = run.step.explain, given.get("reason", "")
    if explain is None or reason not in explain.reasons:
        return {"error": run.words["nothing_chosen"], "focus": "error"}
    with _changing(run) as own:
        if reason not in own.reasons and explain.because not in own.reasons:
            own.reasons.append(reason)
    return {"focus": "feedback", "events": _score(run)}


def _check(run: Run, given: QueryDict) -> Said:
    """Every goal is tried, those too that take long; what was seen is said."""
    try:
        spending.spend(run.cluster.pk, "lesson_checks_per_minute")
    except TooFast:
        return {"error": run.words["no_more_looks"], "focus": "error"}
    fork = seeing.copied(run.cluster)
    seen = seeing.goals(run, fork, heavy=True)
    ticking.remember(run, seen)
    if all(each.met for each in seen):
        return {"seen": seen, "checked": "met", "focus": "checked", "events": _met(run)}
    with _changing(run) as own:
        own.tries += 1
    wrong = seeing.wrong_answer(run, fork)
    return {"seen": seen, "checked": "open", "wrong": wrong, "focus": "checked"}


def _hint(run: Run, given: QueryDict) -> Said:
    with _changing(run) as own:
        own.hints = min(own.hints + 1, len(run.said.hints[:3]) + bool(run.step.solution))
    return {"focus": "hint"}


def _show(run: Run, given: QueryDict) -> Said:
    """A solution is played; until it is taken back, no goal counts."""
    mark = looks.mark_of(run.cluster)
    with keeping.changing(run.cluster.visitor, run.unit.name) as record:
        record.showing, record.at = mark, run.step.id
        own = record.step(run.step.id)
        own.hints = len(run.said.hints[:3]) + 1
    _carry_out(run, given, run.step.solution)
    return {"focus": "showing", "play": given.get("hands") == "page"}


def _rewind(run: Run, given: QueryDict) -> Said:
    """What was shown is taken back."""
    _take_back(run, given.get("op", ""))
    return {"focus": "title", "note": run.words["rewound"]}


def _break(run: Run, given: QueryDict) -> Said:
    _carry_out(run, given, run.step.break_it.do if run.step.break_it else ())
    return {"focus": "break"}


def _catch_up(run: Run, given: QueryDict) -> Said:
    """What the steps before would have done is done; this one begins here."""
    missing = run.missing()
    _carry_out(run, given, missing)
    mark = looks.mark_of(run.cluster)
    with keeping.changing(run.cluster.visitor, run.unit.name) as record:
        for each in run.unit.lesson.steps[: run.number]:
            before = record.step(each.id)
            before.led = not runs.is_done(each, before)
        record.marks[run.step.id] = mark
    return {"focus": "title"}


def _next(run: Run, given: QueryDict) -> Said:
    """The step was seen; the next one is opened."""
    _take_back(run, given.get("op", ""))
    with _changing(run) as own:
        if not (run.step.do or run.step.predict or run.step.explain or run.step.goal):
            own.acted = own.acted or keeping.moment()
    events = _score(run)
    if run.following is not None:
        run.step = run.following
        runs.enter(run)
        events.append(_event(run, "step"))
    return {"focus": "title", "events": events}


def _reset_step(run: Run, given: QueryDict) -> Said:
    """The cluster as it was when the step was opened; what was predicted stays."""
    done = [row for row in looks.history(run.cluster).done if row.seq > run.mark]
    if done:
        service.rewind(run.cluster, given.get("op", ""), run.mark)
    with keeping.changing(run.cluster.visitor, run.unit.name) as record:
        _remember(record, str(len(done)))
        own = record.step(run.step.id)
        own.acted, own.passed, own.tries = "", {}, 0
    return {"focus": "title", "note": run.words["was_reset"]}


def _reset_lesson(run: Run, given: QueryDict) -> Said:
    """The cluster as the lesson begins, and nothing predicted."""
    service.reset(run.cluster, given.get("op", ""))
    with keeping.changing(run.cluster.visitor, run.unit.name) as record:
        _remember(record, "lesson")
        record.steps, record.marks, record.at = {}, {}, ""
    run.load()
    run.step = run.unit.lesson.steps[0]
    runs.enter(run)
    return {"focus": "title", "note": run.words["was_reset"]}


def _undo_reset(run: Run, given: QueryDict) -> Said:
    """The cluster and the record as they were before."""
    op, log = given.get("op", ""), looks.history(run.cluster)
    if run.record.reset == "lesson" and log.undo is not None and log.undo.kind == "reset":
        service.undo(run.cluster, op)
    elif run.record.reset.isdigit():
        for number in range(min(int(run.record.reset), len(log.undone))):
            service.redo(run.cluster, f"{op[:48]}-{number}")
    with keeping.changing(run.cluster.visitor, run.unit.name) as record:
        record.steps, record.before, record.reset = record.before, {}, ""
    return {"focus": "title"}


VERBS: dict[str, Callable[[Run, QueryDict], Said]] = {
    "predict": _predict,
    "skip": _skip,
    "act": _act,
    "explain": _explain,
    "check": _check,
    "hint": _hint,
    "show": _show,
    "rewind": _rewind,
    "break": _break,
    "catch-up": _catch_up,
    "next": _next,
    "reset-step": _reset_step,
    "reset-lesson": _reset_lesson,
    "undo-reset": _undo_reset,
}


# --- how


def _take_back(run: Run, op: str) -> None:
    """A solution that is only shown does not outlast its being looked at: whoever takes it back, or opens another step, has the cluster as before."""
    if run.record.showing is None:
        return
    if looks.mark_of(run.cluster) > run.record.showing:
        service.rewind(run.cluster, op, run.record.showing)
    with keeping.changing(run.cluster.visitor, run.unit.name) as record:
        record.showing = None
    run.load()


@contextmanager
def _changing(run: Run) -> Iterator[StepRecord]:
    """The step's record, to be changed while nobody else does."""
    with keeping.changing(run.cluster.visitor, run.unit.name, run.cluster.pk) as record:
        yield record.step(run.step.id)


def _carry_out(run: Run, given: QueryDict, lines: tuple[Do, ...] | list[Do]) -> None:
    """Where no page has done it (`hands`)."""
    if given.get("hands") != "page":
        doing.carry_out(run.cluster, lines, run.unit.files)


def _graded(run: Run) -> tuple[bool | None, dict[str, int]]:
    """Whether the prediction was right, and the measured bars."""
    predict = run.step.predict
    if predict is None:
        return None, {}
    found = seeing.measure(run)
    if predict.histogram is not None and not found:
        return None, {}
    counts = {bar: round(share * predict.histogram.traffic.n / 100) for bar, share in found.items()} if predict.histogram else None
    return grading.is_right(predict, run.own.prediction, counts), found


def _met(run: Run) -> list[dict[str, Any]]:
    """All goals hold: kept, unless it was a solution that was only shown. Answers what the page is to be told, if it is news."""
    if run.record.showing is not None or runs.is_done(run.step, run.own) or not runs.is_open(run.step, run.own):
        return []
    with _changing(run) as own:
        own.passed = {id: own.passed.get(id, keeping.moment()) for id in runs.goal_ids(run.step)}
    run.load()
    return [_event(run, "check-passed"), *_score(run)]


def _score(run: Run) -> list[dict[str, Any]]:
    """How far the lesson has come; the end of it is kept."""
    with keeping.changing(run.cluster.visitor, run.unit.name) as record:
        done, of = runs.done_count(run.unit, record), len(run.unit.lesson.steps)
        if done == of:
            record.finished = record.finished or keeping.moment()
    run.record = record
    graded = [each.right for each in record.steps.values() if each.right is not None]
    return [_event(run, "score", done=done, of=of, right=sum(graded), predicted=len(graded))]


def _event(run: Run, type: str, **more: Any) -> dict[str, Any]:
    return {"type": type, "lesson": run.unit.name, "step": run.step.id, **more}


def _remember(record: LessonRecord, reset: str) -> None:
    """What a reset takes away can be brought back, once."""
    record.before = {id: copy(each) for id, each in record.steps.items()}
    record.reset, record.showing = reset, None


def _given(form: str, several: bool, given: QueryDict) -> Any:
    """The prediction as the form's fields hold it."""
    match form:
        case "options":
            return given.getlist("answer") if several else given.get("answer", "")
        case "order":
            return given.getlist("card")
        case _:
            prefix = {"grid": "cell:", "histogram": "bar:", "blanks": "blank:"}[form]
            return {name.removeprefix(prefix): value for name, value in given.items() if name.startswith(prefix)}


def _signature(context: Said) -> str:
    """Names what the goals' fragment says, so that the same is not said again."""
    return f"{[(each['met'], each['said']) for each in context['goals']]} {context['lights']}"


def _answer(request: HttpRequest, run: Run, said: Said) -> HttpResponse:
    """The pane alone to htmx; to others the whole page around it."""
    events = said.pop("events", [])
    said.setdefault("seen", ticking.goals(run))
    context = pane.context(run, **said)
    context["signature"] = _signature(context)
    context["framed"] = bool(asker_of(request).cluster)
    status = 422 if "error" in said else 200
    if request.htmx:  # type: ignore[attr-defined]
        return _telling(render(request, PANE, context, status=status), events)
    context |= {"log": looks.history(run.cluster), "scene": scenes.named(run.cluster.scene)}
    return render(request, WHOLE, context, status=status)


def _telling(response: HttpResponse, events: list[dict[str, Any]]) -> HttpResponse:
    if events:
        response["HX-Trigger"] = json.dumps({"lesson-events": {"events": events}})
    return response
