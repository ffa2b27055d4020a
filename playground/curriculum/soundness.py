"""Is what a lesson says whole, before anything is played?  Ids that are named must be there, and words for all of them, and for nothing else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping

from playground.curriculum.checks import Apply, Check, Do
from playground.curriculum.lesson import Lesson, Predict, Step
from playground.curriculum.prose import SITUATION_WORDS, Prose, StepWords

READS = "https://kubernetes.io/"
HINTS = 3
OUTCOMES = ("ok", "refused", "timeout", "nxdomain", "reset", "unreachable")
REF = re.compile(r"[A-Z][A-Za-z]+/[^/\s]+/\S+\Z")
LINK = re.compile(r"\]\(([^)\s]*)\)")
Report = Callable[[str, str], None]


def of_lesson(lesson: Lesson, files: Mapping[str, str], known: Collection[str], fault: Report) -> None:
    """Tell `fault` (field, message) of all that does not fit together."""
    for index, each in enumerate(lesson.reads):
        if not each.startswith(READS):
            fault(f"reads[{index}]", f"{each} is no page of {READS}")
    for each in lesson.needs:
        if each not in known:
            fault("needs", f'there is no lesson "{each}"')
    if not lesson.steps:
        fault("steps", "a lesson has at least one step")
    for id, count in Counter(step.id for step in lesson.steps).items():
        if count > 1:
            fault("steps", f'{count} steps have the id "{id}"')
    for index, step in enumerate(lesson.steps):
        _of_step(step, lesson, files, _below(fault, f"steps[{index}]"))


def of_prose(lesson: Lesson, prose: Prose, fault: Report) -> None:
    """Tell `fault` of words that are missing, and of those that nothing needs."""
    _same("steps", (step.id for step in lesson.steps), prose.steps, fault)
    for step in lesson.steps:
        if step.id in prose.steps:
            _words(step, prose.steps[step.id], _below(fault, f"steps.{step.id}"))
    for part, texts in (("goal", (prose.goal,)), ("beliefs", prose.beliefs), ("learned", prose.learned)):
        if not texts or not all(texts):
            fault(part, "words are missing")
        for text in texts:
            _links(part, text, fault)


# --- a step


def _of_step(step: Step, lesson: Lesson, files: Mapping[str, str], fault: Report) -> None:
    for ref in step.lights:
        if not REF.match(ref):
            fault("lights", f"{ref} names no object: expected Kind/namespace/name, as in Service/default/web or Node/-/node-a")
    if step.predict is not None:
        _of_prediction(step.predict, fault)
    if step.explain is not None and step.explain.because not in step.explain.reasons:
        fault("explain.because", f"{step.explain.because} is none of the reasons")
    if step.draft and step.draft not in files:
        fault("draft", f"there is no file {step.draft}")
    if step.slow and not step.do:
        fault("slow", "there is nothing to do")
    for field, lines in _lists(step):
        for line in lines:
            if isinstance(line, Apply) and line.apply not in files:
                fault(field, f"there is no file {line.apply}")
    _of_goal(step, lesson, fault)


def _of_prediction(predict: Predict, fault: Report) -> None:
    right = predict.right if isinstance(predict.right, tuple) else (predict.right,)
    if predict.options:
        for each in (*right, *predict.proof):
            if each not in predict.options:
                fault("predict", f'"{each}" is none of the options')
        if len(right) != 1 and not predict.several:
            fault("predict.right", "with several right options, say `several: true`")
    if predict.grid is not None:
        cells = [f"{row}/{column}" for row in predict.grid.rows for column in predict.grid.columns]
        _same("predict.grid.right", cells, predict.grid.right, fault)
        for cell, choice in predict.grid.right.items():
            if choice not in predict.grid.choices:
                fault("predict.grid.right", f'{cell}: "{choice}" is none of the choices')


def _of_goal(step: Step, lesson: Lesson, fault: Report) -> None:
    ids = [check.id for check in step.goal]
    if "" in ids or len(set(ids)) != len(ids):
        fault("goal", "every check of a goal needs an id of its own")
    if step.goal and not step.solution and not step.do and any(each.predicted is None for each in step.goal):
        fault("goal", "there is no solution")
    if not step.goal and (step.solution or step.alternatives or step.wrong):
        fault("solution" if step.solution else "wrong", "there is no goal")
    for wrong in step.wrong:
        if not wrong.when:
            fault("wrong", f"{wrong.id}: `when` says nothing by which it is known")
    for check in _checks(step):
        for each in check.predicted.steps if check.predicted else ():
            if each not in {one.id for one in lesson.steps}:
                fault("goal", f'there is no step "{each}"')
        for outcome in check.traffic.outcomes if check.traffic else ():
            if outcome not in OUTCOMES:
                fault("goal", f'"{outcome}" is no outcome: expected one of {", ".join(OUTCOMES)}')


def _lists(step: Step) -> Iterable[tuple[str, tuple[Do, ...]]]:
    yield "do", step.do
    yield "solution", step.solution
    for lines in step.alternatives.values():
        yield "alternatives", lines
    for wrong in step.wrong:
        yield "wrong", wrong.do
    if step.break_it is not None:
        yield "breakIt", step.break_it.do
    for check in _checks(step):
        yield "goal", check.after
        if check.incident is not None:
            yield "goal", check.incident.do


def _checks(step: Step) -> Iterable[Check]:
    yield from step.goal
    for wrong in step.wrong:
        yield from wrong.when
    if step.predict is not None:
        for proof in step.predict.proof.values():
            yield from proof


# --- its words


def _words(step: Step, words: StepWords, fault: Report) -> None:
    if len(words.situation.split()) > SITUATION_WORDS:
        fault("situation", f"{len(words.situation.split())} words; at most {SITUATION_WORDS} fit")
    predict, explain = step.predict, step.explain
    grid = predict.grid if predict else None
    reasons = explain.reasons if explain else ()
    _same("options", predict.options if predict else (), words.options, fault)
    _same("rows", grid.rows if grid else (), words.rows, fault)
    _same("columns", grid.columns if grid else (), words.columns, fault)
    _same("choices", grid.choices if grid else (), words.choices, fault)
    _same("bars", predict.histogram.bars if predict and predict.histogram else (), words.bars, fault)
    _same("blanks", predict.blanks if predict else (), words.blanks, fault)
    _same("cards", predict.order if predict else (), words.cards, fault)
    _same("reasons", reasons, words.reasons, fault)
    _same("feedback", reasons, words.feedback, fault)
    _same("goals", (check.id for check in step.goal), words.goals, fault)
    _same("wrong", (wrong.id for wrong in step.wrong), words.wrong, fault)
    _needed("question", words.question, predict is not None, fault)
    _needed("outcome", words.outcome, predict is not None, fault)
    _needed("action", words.action, bool(step.do), fault)
    _needed("task", words.task, bool(step.goal), fault)
    _needed("breakIt", words.break_it, step.break_it is not None, fault)
    if len(words.hints) != (HINTS if step.goal else 0):
        fault("hints", f"found {len(words.hints)}; expected {HINTS if step.goal else 0}: look at, think about, change this")
    for field in ("title", "situation", "question", "outcome", "watch", "task", "break_it"):
        _links(field, getattr(words, field), fault)


def _same(field: str, wanted: Iterable[str], given: Collection[str], fault: Report) -> None:
    wanted = list(wanted)
    for id in wanted:
        if id not in given:
            fault(field, f'there is nothing for "{id}"')
    for id in given:
        if id not in wanted:
            fault(field, f'nothing is called "{id}"')


def _needed(field: str, text: str, is_needed: bool, fault: Report) -> None:
    if bool(text) != is_needed:
        fault(field, "words are missing" if is_needed else "nothing needs these words")


def _links(field: str, text: str, fault: Report) -> None:
    for target in LINK.findall(text):
        if target.startswith("yard:"):
            if not REF.match(target.removeprefix("yard:")):
                fault(field, f"{target} names no object: expected yard:Kind/namespace/name")
        elif not target.startswith(READS):
            fault(field, f"{target} is neither a page of {READS} nor an object of the picture (yard:...)")


def _below(fault: Report, root: str) -> Report:
    return lambda field, message: fault(f"{root}.{field}", message)
