"""What is a lesson?  A stage (a cluster to begin with), and steps: predict, act, watch, explain, and a goal that is behaviour.

A lesson is a folder: `lesson.yaml` (this), `stage.yaml` (ordinary manifests), one file of prose for each language (`prose`), and what manifests
its steps name. docs/writing-lessons.md tells teachers how to write one.
"""

from __future__ import annotations

import msgspec

from playground.curriculum.checks import Check, Do, Traffic
from playground.curriculum.stages import StageSpec


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    pass


class Grid(_Part, frozen=True):
    """One choice for each row and column; `right` by `row/column`."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    choices: tuple[str, ...]
    right: dict[str, str]


class Histogram(_Part, frozen=True):
    """How the answers to `traffic` are shared out, by Pod, by Node or by outcome; the learner drags a bar for each of `bars` (names, of Pods
    perhaps only their beginning). The truth is what becomes of that traffic when the step has been run; a prediction is right if no bar is off
    by more than `within` percent of all requests."""

    bars: tuple[str, ...]
    traffic: Traffic
    by: str = "pod"
    within: int = 10


KINDS = ("text", "word", "number", "label")


class Blank(_Part, frozen=True):
    """What is to be filled in: the right `text`; `kind` (in YAML: as) says what else means the same (`blanks`); `also` are other right texts."""

    text: str
    kind: str = msgspec.field(default="text", name="as")
    also: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f'a blank is read as one of {", ".join(KINDS)}, not as "{self.kind}"')


class Predict(_Part, frozen=True):
    """Exactly one form. `options`: one of them, `right` is the true one; with `several`, all that are in `right`. `blanks`: what is to be filled in,
    and the right text of each (or a `Blank`). `order`: cards in their right order, shown in another. `proof`: for an option, checks that hold when
    the step has been run if, and only if, the option is the true one."""

    options: tuple[str, ...] = ()
    right: str | tuple[str, ...] = ()
    several: bool = False
    proof: dict[str, tuple[Check, ...]] = {}
    grid: Grid | None = None
    histogram: Histogram | None = None
    blanks: dict[str, str | Blank] = {}
    order: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if sum(map(bool, (self.options, self.grid, self.histogram, self.blanks, self.order))) != 1:
            raise ValueError("a prediction has exactly one of options, grid, histogram, blanks, order")

    @property
    def form(self) -> str:
        return next(name for name in ("options", "grid", "histogram", "blanks", "order") if getattr(self, name))


class Look(_Part, frozen=True):
    """The request that shows why: the latest from a sender, with an outcome if one is said."""

    source: str = msgspec.field(name="from")
    outcome: str = ""


class Explain(_Part, frozen=True):
    """Which of `reasons` is true; after a wrong one the request of `look` can be opened at its deciding step."""

    reasons: tuple[str, ...]
    because: str
    look: Look | None = None


class Wrong(_Part, frozen=True):
    """A known wrong answer: `do` brings it about, and when all of `when` hold and the goal does not, its own words are said."""

    id: str
    do: tuple[Do, ...]
    when: tuple[Check, ...]


class BreakIt(_Part, frozen=True):
    """A suggestion for free play; with `do` it can be done at a click."""

    do: tuple[Do, ...] = ()


class Step(_Part, frozen=True):
    """One idea, one screen, one to two minutes. `lights` are the objects that it speaks of (`Pod/default/client`, `Pod/default/app=frontend`,
    `Service/default/web`, `Node/-/node-a`); `do` is the one action, at a click; `fails`: one of its lines is meant to fail; `slow`: its first request is
    seen in slow motion; `draft` is a manifest of the folder for the learner to complete; `solution` reaches `goal` from where the step's own `do` leads."""

    id: str
    lights: tuple[str, ...] = ()
    predict: Predict | None = None
    do: tuple[Do, ...] = ()
    fails: bool = False
    slow: bool = False
    draft: str = ""
    explain: Explain | None = None
    goal: tuple[Check, ...] = ()
    solution: tuple[Do, ...] = ()
    alternatives: dict[str, tuple[Do, ...]] = {}
    wrong: tuple[Wrong, ...] = ()
    break_it: BreakIt | None = None


class Lesson(_Part, frozen=True):
    """`needs` are the lessons before it, by name; `reads` pages of kubernetes.io; `optional`: beyond the chapter."""

    minutes: int
    stage: StageSpec
    steps: tuple[Step, ...]
    needs: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    optional: bool = False

    def step(self, id: str) -> Step:
        """By its id, or its number from 1. KeyError if there is none."""
        numbers = {str(number): each for number, each in enumerate(self.steps, 1)}
        found = next((each for each in self.steps if each.id == id), None) or numbers.get(id)
        if found is None:
            raise KeyError(id)
        return found
