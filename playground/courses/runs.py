"""Who plays which step of which lesson, on which cluster, and how far are they?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import Http404, HttpRequest

from playground.clusters import looks
from playground.clusters.models import Cluster
from playground.courses import keeping, library
from playground.courses.records import LessonRecord, StepRecord
from playground.courses.words import Words, wanted, words
from playground.curriculum.checks import Do
from playground.curriculum.lesson import Step
from playground.curriculum.loader import Unit
from playground.curriculum.prose import Prose, StepWords

DONE, NOW, NEXT = "done", "now", "next"
READS = re.compile(r"(kubectl (get|describe|logs|exec|explain|rollout status)|curl|nslookup|dig)\b")
"""Lines that leave the cluster as it was."""


@dataclass
class Run:
    """A visitor in a step of a lesson. `asked` is the language that the address names, to be handed on in every address."""

    cluster: Cluster
    unit: Unit
    prose: Prose
    words: Words
    record: LessonRecord
    step: Step
    asked: str = ""

    @property
    def own(self) -> StepRecord:
        return self.record.step(self.step.id)

    @property
    def said(self) -> StepWords:
        return self.prose.steps[self.step.id]

    @property
    def number(self) -> int:
        return [each.id for each in self.unit.lesson.steps].index(self.step.id)

    @property
    def first(self) -> int:
        """The number of the step that the cluster was made for: what those before it do has been done."""
        return next((number for number, each in enumerate(self.unit.lesson.steps) if each.id == self.cluster.step), 0)

    @property
    def following(self) -> Step | None:
        return next(iter(self.unit.lesson.steps[self.number + 1 :]), None)

    @property
    def mark(self) -> int:
        """The last thing that had been done to the cluster when the step was opened."""
        return self.record.marks.get(self.step.id, 1)

    def missing(self) -> list[Do]:
        """What the steps before this one would have done and have not: their own lines, and their solutions."""
        return [line for step in self.behind() for line in self._left(step)]

    def behind(self) -> list[Step]:
        """The steps before this one that would have changed something, and have not."""
        before = self.unit.lesson.steps[self.first : self.number]
        return [each for each in before if not was_played(each, self.record.step(each.id)) and self._left(each)]

    def _left(self, step: Step) -> list[Do]:
        """What of a step is still to be done to the cluster."""
        lines = (*(() if self.record.step(step.id).acted else step.do), *step.solution)
        return [line for line in lines if not (isinstance(line, str) and READS.match(line))]

    def load(self) -> None:
        """Read again what is kept: somebody else may have written meanwhile."""
        self.record = keeping.one(self.cluster.visitor, self.unit.name)


def open_run(request: HttpRequest, cluster: Cluster) -> Run:
    """The run of a cluster, at the step that ?step= names, or where the visitor was last. Http404 if the lesson is gone."""
    unit = library.library().units.get(cluster.lesson)
    if unit is None:
        raise Http404(cluster.lesson)
    record = keeping.one(cluster.visitor, unit.name)
    asked = request.GET.get("lang", "")
    if asked in unit.prose:
        record.language = asked
    language, prose = library.told(unit, [record.language, *wanted(request)])
    step = _step(unit, record, request.GET.get("step", ""), record.at, cluster.step)
    return Run(cluster, unit, prose, words(language), record, step, asked if asked in unit.prose else "")


def enter(run: Run) -> bool:
    """The step is opened: keep that, and what had been done to the cluster by then; whether it was another step than before."""
    came = run.record.at != run.step.id
    fresh = came and not touched(run.own)
    mark = looks.mark_of(run.cluster)  # before the record is locked: whoever changes the cluster holds that first
    with keeping.changing(run.cluster.visitor, run.unit.name, run.cluster.pk) as record:
        record.at, record.language = run.step.id, run.record.language
        if fresh or run.step.id not in record.marks:
            record.marks[run.step.id] = mark
    run.record = record
    return came


def touched(record: StepRecord) -> bool:
    return bool(record.committed or record.acted or record.tries or record.passed or record.hints)


def was_run(step: Step, record: StepRecord) -> bool:
    """Whether what the step has to show has been seen."""
    if step.do:
        return bool(record.acted)
    return step.predict is None or bool(record.committed) or record.skipped


def is_open(step: Step, record: StepRecord) -> bool:
    """Whether the goal counts yet: not before the step's own action, which is to make it worth working for, and the reason that is asked for
    first, unless they are passed over."""
    return record.skipped or ((not step.do or bool(record.acted)) and was_explained(step, record))


def was_explained(step: Step, record: StepRecord) -> bool:
    """Whether there is nothing left to explain, right or wrong: the first reason counts."""
    return step.explain is None or step.explain.because in record.reasons or record.skipped


def goal_ids(step: Step) -> list[str]:
    return [check.id or str(number) for number, check in enumerate(step.goal)]


def is_done(step: Step, record: StepRecord) -> bool:
    if step.goal:
        return all(id in record.passed for id in goal_ids(step))
    if step.do or step.predict or step.explain:
        return was_run(step, record) and was_explained(step, record)
    return bool(record.acted)


def was_played(step: Step, record: StepRecord) -> bool:
    """Whether the cluster is where the step leads, as far as is known."""
    return record.led or (is_done(step, record) if step.goal else not step.do or bool(record.acted))


def done_count(unit: Unit, record: LessonRecord) -> int:
    return sum(is_done(each, record.steps.get(each.id, StepRecord())) for each in unit.lesson.steps)


def _step(unit: Unit, record: LessonRecord, *wanted: str) -> Step:
    """The first of those wanted that there is; or else the first that is not done."""
    steps = {each.id: each for each in unit.lesson.steps}
    found = next((steps[each] for each in wanted if each in steps), None)
    return found or next((each for each in unit.lesson.steps if not is_done(each, record.step(each.id))), unit.lesson.steps[0])
