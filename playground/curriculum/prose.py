"""What does a lesson say, in one language?  A file `<language>.yaml` of its folder, with words for all that the lesson names.

Texts are Markdown without HTML; `[frontend](yard:Service/default/frontend-svc)` is a link that lights up an object of the picture.
"""

from __future__ import annotations

import msgspec


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    pass


class StepWords(_Words, frozen=True):
    """`situation` has at most SITUATION_WORDS words. `action` is the label of the button for the step's `do`; `watch` says what to look at;
    `feedback` answers each reason; `goals` and `wrong` by id; `hints`: look at, think about, change this."""

    title: str
    situation: str
    question: str = ""
    options: dict[str, str] = {}
    rows: dict[str, str] = {}
    columns: dict[str, str] = {}
    choices: dict[str, str] = {}
    bars: dict[str, str] = {}
    blanks: dict[str, str] = {}
    cards: dict[str, str] = {}
    outcome: str = ""
    action: str = ""
    watch: str = ""
    why: str = ""
    reasons: dict[str, str] = {}
    feedback: dict[str, str] = {}
    task: str = ""
    goals: dict[str, str] = {}
    wrong: dict[str, str] = {}
    hints: tuple[str, ...] = ()
    break_it: str = ""


class Prose(_Words, frozen=True):
    """`goal`: what the learner can do at the end, in one sentence; `beliefs`: the misconceptions that it mends, as people say them;
    `learned`: what they now know."""

    title: str
    goal: str
    beliefs: tuple[str, ...]
    learned: tuple[str, ...]
    steps: dict[str, StepWords]


SITUATION_WORDS = 45
