"""What did a learner do in a lesson?  Values, as they are kept and exported; nothing here knows Django or the lesson itself.

Times are ISO 8601 in UTC, "" if it has not happened.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

CONFIDENCES = ("guess", "fairly", "certain")
VERSION = "switchyard.dev/progress/v1"

Word = Annotated[str, msgspec.Meta(max_length=200)]
Answer = Word | Annotated[list[Word], msgspec.Meta(max_length=30)] | Annotated[dict[Word, Word | int], msgspec.Meta(max_length=60)]
"""An option; options or cards in order; cells, blanks or bars by name."""


class _Record(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, rename="camel"):
    pass


class StepRecord(_Record):
    """`right` is None where there is nothing to be right about; `happened` are the measured bars of a histogram; `reasons` are in the order they
    were chosen: the first one counts. `hints` is how many rungs were seen; `passed` says when each goal was first met; `led`: the cluster
    was brought beyond the step without the learner's doing it."""

    prediction: Answer | None = None
    confidence: Word = ""
    committed: Word = ""
    right: bool | None = None
    happened: Annotated[dict[Word, int], msgspec.Meta(max_length=60)] = {}
    acted: Word = ""
    reasons: Annotated[list[Word], msgspec.Meta(max_length=30)] = []
    tries: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    hints: Annotated[int, msgspec.Meta(ge=0, le=10)] = 0
    passed: Annotated[dict[Word, Word], msgspec.Meta(max_length=30)] = {}
    skipped: bool = False
    led: bool = False

    @property
    def predicted(self) -> bool:
        return bool(self.committed)


class LessonRecord(_Record):
    """`at` is the step that was open last; `before` are the steps as they were before the last reset; `marks` say of each step which was the
    last thing done to the cluster when it was opened first; `showing` is such a mark while a solution is shown that is not the learner's own; `reset` is
    what was reset last: "lesson", or how many actions a step's reset took back."""

    at: Word = ""
    language: Word = ""
    begun: Word = ""
    finished: Word = ""
    steps: dict[Word, StepRecord] = {}
    before: dict[Word, StepRecord] = {}
    marks: dict[Word, int] = {}
    showing: int | None = None
    reset: Word = ""

    def step(self, id: str) -> StepRecord:
        """The record of a step, made if there is none yet."""
        return self.steps.setdefault(id, StepRecord())


class Export(_Record):
    """A file that a learner takes along: what was done in each lesson, by name."""

    version: Word
    lessons: dict[Word, LessonRecord]


def better(one: StepRecord, other: StepRecord) -> StepRecord:
    """The record that shows more, with the goals that either met. It does not matter which comes first."""
    best = max(one, other, key=_merit)
    passed = dict(one.passed)
    for goal, moment in other.passed.items():
        passed[goal] = min(passed.get(goal, moment), moment)
    return msgspec.structs.replace(best, passed=dict(sorted(passed.items())))


def merged(one: LessonRecord, other: LessonRecord) -> LessonRecord:
    """Both together, nothing lost; what belongs to a cluster (`marks`, `showing`, `before`) and where one was is `one`'s."""
    steps = dict(one.steps)
    for id, record in other.steps.items():
        steps[id] = better(steps[id], record) if id in steps else record
    return msgspec.structs.replace(
        one, steps=steps, begun=_earlier(one.begun, other.begun), finished=_earlier(one.finished, other.finished)
    )


def _merit(record: StepRecord) -> tuple[int, int, int, int, int, int, bytes]:
    """More goals met, a right prediction, an explanation, a run, fewer hints, fewer tries; then anything that always decides."""
    known = msgspec.json.encode(msgspec.structs.replace(record, passed={}), order="sorted")
    right = {True: 2, False: 1, None: 0}[record.right]
    return len(record.passed), right, bool(record.reasons), bool(record.acted), -record.hints, -record.tries, known


def _earlier(one: str, other: str) -> str:
    return min(filter(None, (one, other)), default="")
