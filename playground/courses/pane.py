"""What stands in the lesson's pane?  A run as values that its templates show; texts are HTML by now."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString

from playground.clusters import looks
from playground.courses import library, markdown, runs, seeing, telling
from playground.courses.records import CONFIDENCES
from playground.courses.runs import DONE, NEXT, NOW, Run
from playground.courses.seeing import Goal
from playground.curriculum.checks import Apply, Do
from playground.curriculum.lesson import Step
from playground.curriculum.playing import shown
from playground.kube.cluster import Cluster as Kube

TRIES_BEFORE_HINT = 2
IDLE_SECONDS = 60


def context(run: Run, **more: Any) -> dict[str, Any]:
    """All that the pane's templates need. `more` may hold `error`, `typed`, `seen`, `focus`."""
    with looks.at(run.cluster) as kube:
        say = _Sayer(run, kube)
        lights = seeing.lit(kube, [*run.step.lights, *_hint_refs(run)])
        view = {
            "cluster": run.cluster,
            "base": say.base,
            "here": f"{say.base}lesson/",
            "q": query(run),
            "language": run.words.code,
            "w": run.words,
            "run": run,
            "step": run.step,
            "own": run.own,
            "eyebrow": _eyebrow(run),
            "title": run.said.title,
            "steps": _steps(run),
            "lights": " ".join(lights),
            "situation": say.block(run.said.situation),
            "watch": say.block(run.said.watch),
            "task": say.block(run.said.task) if runs.is_open(run.step, run.own) else "",
            "prediction": _prediction(run, say, more.get("typed")),
            "result": _result(run, say),
            "act": _act(run),
            "reasons": _reasons(run, say),
            "hints": _hints(run, say),
            "break_it": _break_it(run, say),
            "catch_up": _doing(run, run.missing()),
            "behind": "; ".join(run.prose.steps[each.id].title for each in run.behind()),
            "checkable": bool(run.step.goal) and runs.is_open(run.step, run.own),
            "idle": IDLE_SECONDS,
            "draft": run.unit.files.get(run.step.draft) if run.step.draft else None,
            "draft_rows": min(16, run.unit.files.get(run.step.draft, "").count("\n") + 2),
        }
    view["look"] = _look(run)
    view["goals"] = goals(run, more.pop("seen", None))
    view["told"] = _told([each["said"] for each in view["goals"] if each["said"]])
    wrong = more.pop("wrong", "")
    return {**view, **_end(run, more), "wrong": markdown.block(run.said.wrong.get(wrong, ""), markdown.nowhere), **more}


def goals(run: Run, seen: Sequence[Goal] | None = None) -> list[dict[str, Any]]:
    """The goals with their words, once they count; as they were `seen`, or else as what was kept says."""
    known = {each.id: each for each in seen or ()}
    ids = runs.goal_ids(run.step) if runs.is_open(run.step, run.own) else []
    return [
        {
            "text": markdown.inline(run.said.goals.get(id, ""), _plain_address(run)),
            "met": known[id].met if id in known else (True if id in run.own.passed else None),
            "said": known[id].said if id in known else "",
        }
        for id in ids
    ]


def _told(said: Sequence[str]) -> list[str]:
    """Each thing that was seen, once: not again of a copy what is true of the cluster itself."""
    once = list(dict.fromkeys(said))
    return [each for each in once if not any(other != each and other in each for other in once)]


def query(run: Run, step: str = "") -> str:
    """What every address of the pane ends in: the step, and the language if it was asked for."""
    asked = {"lang": run.asked} if run.asked else {}
    return f"?{urlencode({'step': step or run.step.id, **asked})}"


class _Sayer:
    """Makes HTML of the lesson's texts; its links lead to objects as they are now."""

    def __init__(self, run: Run, kube: Kube):
        self.base = f"/clusters/{run.cluster.pk}/"
        self._kube = kube

    def block(self, text: str) -> SafeString:
        return markdown.block(text, self.address)

    def inline(self, text: str) -> SafeString:
        return markdown.inline(text, self.address)

    def label(self, text: str) -> SafeString:
        """Of a choice, which can hold no link."""
        return markdown.inline(text, markdown.nowhere)

    def address(self, named: str) -> dict[str, str]:
        """To the first of the objects that are meant; without one, the text stays a text that lights nothing."""
        found = seeing.lit(self._kube, [named]) if named.count("/") == 2 else []
        return {"href": f"{self.base}objects/{found[0]}/", "data-ref": found[0], "data-lights": " ".join(found)} if found else {}


def _plain_address(run: Run) -> markdown.Address:
    return lambda named: {"href": f"/clusters/{run.cluster.pk}/objects/{named}/", "data-ref": named} if "=" not in named else {}


def _end(run: Run, more: Mapping[str, Any]) -> dict[str, Any]:
    """How the buttons at the step's end are called, and which of them matters most now."""
    done = runs.is_done(run.step, run.own)
    open_goals = bool(run.step.goal) and not done
    seen = not (run.step.do or run.step.predict or run.step.explain or run.step.goal)
    return {
        "check_label": run.words["check_again" if more.get("checked") or run.own.tries else "check"],
        "check_style": "primary" if open_goals else "small",
        "next_label": run.words["next_step" if done or seen else "go_on_anyway"],
        "next_style": "primary" if done or seen else "quiet small",
        "met": bool(run.step.goal) and done,
        "focus_act": more.get("focus") == "act",
        "went_on": run.own.skipped,
    }


def _eyebrow(run: Run) -> str:
    place = library.place(run.unit.name)
    return f"{run.words.say('lesson_of', place=place.number, of=place.of)} · {library.title(place.part, run.words.code)}"


def _steps(run: Run) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "title": run.prose.steps[each.id].title,
            "state": _state(run, each),
            "open": each.id == run.step.id,
            "done": runs.is_done(each, run.record.step(each.id)),
            "q": query(run, each.id),
        }
        for number, each in enumerate(run.unit.lesson.steps, 1)
    ]


def _state(run: Run, step: Step) -> str:
    if step.id == run.step.id:
        return NOW
    return DONE if runs.is_done(step, run.record.step(step.id)) else NEXT


def _prediction(run: Run, say: _Sayer, typed: Any) -> dict[str, Any] | None:
    """What is asked before the step is run; None when it has been answered, or there is nothing to ask."""
    predict = run.step.predict
    if predict is None or run.own.predicted or run.own.skipped:
        return None
    words, given = run.said, typed or {}
    asked: dict[str, Any] = {
        "form": predict.form,
        "several": predict.several,
        "question": say.inline(words.question),
        "confidences": [(each, run.words[each]) for each in CONFIDENCES],
        "confidence": given.get("confidence", ""),
    }
    answer = given.get("answer")
    chosen = answer if isinstance(answer, list) else [answer]
    asked["options"] = [(each, say.label(words.options.get(each, each)), each in chosen) for each in predict.options]
    filled = answer if isinstance(answer, dict) else {}
    asked["blanks"] = [(each, say.label(words.blanks.get(each, each)), filled.get(each, "")) for each in predict.blanks]
    if predict.grid is not None:
        asked["grid"] = _grid(run, filled)
    if predict.histogram is not None:
        asked["bars"] = telling.bars(predict, words, run.own, filled or None)
    if predict.order:
        order = answer if isinstance(answer, list) and sorted(answer) == sorted(predict.order) else telling.cards(run.unit.name, predict)
        asked["cards"] = [(each, say.label(words.cards.get(each, each)), markdown.plain(words.cards.get(each, each))) for each in order]
    return asked


def _grid(run: Run, filled: Mapping[str, str]) -> dict[str, Any]:
    grid, words = run.step.predict.grid, run.said  # type: ignore[union-attr]
    assert grid is not None
    choices = [(each, markdown.plain(words.choices.get(each, each))) for each in grid.choices]
    rows = [
        (
            markdown.plain(words.rows.get(row, row)),
            [
                (f"{row}/{column}", markdown.plain(words.columns.get(column, column)), filled.get(f"{row}/{column}", ""))
                for column in grid.columns
            ],
        )
        for row in grid.rows
    ]
    return {"columns": [markdown.plain(words.columns.get(each, each)) for each in grid.columns], "rows": rows, "choices": choices}


def _answered_grid(run: Run, say: _Sayer) -> dict[str, Any]:
    """Each cell as it was predicted, and as it is."""
    grid, words, said = run.step.predict.grid, run.said, run.own.prediction  # type: ignore[union-attr]
    assert grid is not None
    assert isinstance(said, dict)

    def cell(place: str) -> tuple[SafeString, SafeString, bool]:
        mine, true = str(said.get(place, "")), grid.right[place]
        return say.label(words.choices.get(mine, mine)), say.label(words.choices.get(true, true)), mine == true

    rows = [(say.label(words.rows.get(row, row)), [cell(f"{row}/{column}") for column in grid.columns]) for row in grid.rows]
    return {"columns": [say.label(words.columns.get(each, each)) for each in grid.columns], "rows": rows}


def _result(run: Run, say: _Sayer) -> dict[str, Any] | None:
    """What was predicted beside what happened, once it has been run."""
    predict, own = run.step.predict, run.own
    if not runs.was_run(run.step, own) or not (predict or run.said.outcome):
        return None
    told: dict[str, Any] = {"outcome": say.block(run.said.outcome), "right": own.right, "predicted": own.predicted, "form": ""}
    if predict is not None and own.predicted:
        told["form"] = predict.form
        told["confidence"] = run.words[own.confidence] if own.confidence in CONFIDENCES else ""
        if predict.histogram is not None:
            told["bars"] = telling.bars(predict, run.said, own)
        if predict.grid is not None:
            told["grid"] = _answered_grid(run, say)
        if predict.order:
            told["cards"] = [(say.inline(card.text), card.place, card.said) for card in telling.dealt(predict, run.said, own)]
        lines = telling.lines(predict, run.said, own)
        told["lines"] = [(say.inline(line.about), say.inline(line.said), say.inline(line.true), line.differs) for line in lines]
        told["part"], told["of"] = sum(not line.differs for line in lines), len(lines)
    return told


def _act(run: Run) -> dict[str, Any] | None:
    """The step's one action; it appears when the prediction is kept."""
    waits = run.step.predict is not None and not (run.own.predicted or run.own.skipped)
    if not run.step.do or waits:
        return None
    look = run.step.explain.look if run.step.explain else None
    slow = {"from": seeing.senders(run.cluster, look.source) if look else [], "outcome": look.outcome if look else ""}
    return {
        "label": run.said.action or run.words["act"],
        "done": bool(run.own.acted),
        "slow": json.dumps(slow) if run.step.slow else "",
        **_doing(run, run.step.do),
    }


def _doing(run: Run, lines: Sequence[Do]) -> dict[str, Any]:
    """Lines to be run: as they are shown, and as the page's script takes them."""
    items = [
        {"apply": each.apply, "yaml": run.unit.files.get(each.apply, "")} if isinstance(each, Apply) else {"line": each} for each in lines
    ]
    files = {each.apply: run.unit.files.get(each.apply, "") for each in lines if isinstance(each, Apply)}
    return {"lines": [shown(each) for each in lines], "files": files, "items": json.dumps(items) if items else ""}


def _reasons(run: Run, say: _Sayer) -> dict[str, Any] | None:
    """The explanation to be chosen, once it has been run; the first choice is what counts."""
    explain, own = run.step.explain, run.own
    if explain is None or not runs.was_run(run.step, own):
        return None
    last = own.reasons[-1] if own.reasons else ""
    found = explain.because in own.reasons
    return {
        "why": say.inline(run.said.why) if run.said.why else run.words["why"],
        "choices": [
            (
                each,
                say.label(run.said.reasons.get(each, each)),
                "right" if each == explain.because and found else "wrong" if each in own.reasons else "",
            )
            for each in explain.reasons
        ],
        "found": found,
        "last": last,
        "feedback": say.block(run.said.feedback.get(explain.because if found else last, "")) if last else "",
    }


def _look(run: Run) -> tuple[int, int] | None:
    """The request to open after a wrong reason."""
    explain = run.step.explain
    if explain is None or explain.look is None or not run.own.reasons:
        return None
    return seeing.deciding(run.cluster, explain.look)


def _hints(run: Run, say: _Sayer) -> dict[str, Any]:
    """The rungs that were seen, and the next one. The last is a solution, played and taken back."""
    rungs = run.said.hints[:3]
    seen = min(run.own.hints, len(rungs))
    of = len(rungs) + bool(run.step.solution)
    return {
        "seen": [(run.words[f"rung_{number}"], say.inline(text)) for number, text in enumerate(rungs[:seen], 1)],
        "next": seen + 1 if seen < len(rungs) else None,
        "show": bool(run.step.solution) and seen == len(rungs),
        "of": of,
        "offered": run.own.tries >= TRIES_BEFORE_HINT and run.own.hints < of,
        "showing": run.record.showing is not None,
        **_doing(run, run.step.solution),
    }


def _hint_refs(run: Run) -> list[str]:
    """What the first hint, once seen, says to look at."""
    return [ref for text in run.said.hints[: min(1, run.own.hints)] for ref in markdown.refs(text) if ref.count("/") == 2]


def _break_it(run: Run, say: _Sayer) -> dict[str, Any] | None:
    text = run.said.break_it
    if not text or not runs.is_done(run.step, run.own):
        return None
    lines = run.step.break_it.do if run.step.break_it else ()
    return {"text": say.block(text), **_doing(run, lines)}
