"""Does a lesson work?  It is played as learners would, right and wrong, from a seed of its cluster; what is not as it says is listed.

It opens at rest. Each step's goal is not reached before it is worked for. The true option's proof holds and no other's does. Each wrong answer misses
the goal and is known by its own words; the solution and each alternative reach it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from playground.curriculum.checking import Context, all_hold, ended, see
from playground.curriculum.checks import Check, Do
from playground.curriculum.finding import objects
from playground.curriculum.grading import measured
from playground.curriculum.lesson import Step, Wrong
from playground.curriculum.loader import Unit
from playground.curriculum.playing import play_out
from playground.curriculum.seen import sentence
from playground.curriculum.stages import opened
from playground.curriculum.traffics import CannotSend
from playground.kube.apiserver.schema import Schema
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal

AT_REST = 5 * SECOND


class Flaw(NamedTuple):
    """`field` is where in lesson.yaml it is said (`spec.steps[2].wrong`)."""

    field: str
    message: str


def prove(unit: Unit, schema: Schema, seed: int | None = None) -> list[Flaw]:
    """All that is wrong with the lesson, with this seed of its cluster (None: its own)."""
    try:
        kube = opened(unit.scene, schema, seed)
    except Refusal as refusal:
        return [Flaw("spec.stage", f"the cluster cannot be made: {refusal.message}")]
    flaws = [Flaw("spec.stage", f"it does not open at rest: {change}") for change in _changes(kube.fork())]
    for index in range(len(unit.lesson.steps)):
        flaws += [Flaw(f"spec.steps[{index}].{flaw.field}", flaw.message) for flaw in _Trial(unit, schema, seed, index).flaws(kube)]
    return flaws


def recognized(step: Step, kube: Cluster, context: Context) -> Wrong | None:
    """The known wrong answer that stands in the cluster, if one does."""
    return next((wrong for wrong in step.wrong if all_hold(wrong.when, kube, context)), None)


class _Trial:
    """One step, from where the steps before have led."""

    def __init__(self, unit: Unit, schema: Schema, seed: int | None, index: int):
        self._unit = unit
        self._schema = schema
        self._seed = seed
        self._step = unit.lesson.steps[index]
        self._right = {each.id: True for each in unit.lesson.steps}

    def flaws(self, kube: Cluster) -> Iterator[Flaw]:
        """Plays the step on `kube`, which stands afterwards where its solution leads."""
        step, self._began = self._step, kube.now
        yield from self._do(kube)
        yield from self._predicted(kube)
        if step.goal and all_hold(step.goal, kube, self._context(kube, {}, 0)):
            yield Flaw("goal", "it is reached before anything has been done for it")
        for wrong in step.wrong:
            yield from self._wrong(wrong, kube.fork())
        for name, lines in step.alternatives.items():
            yield from self._reaches(f"alternatives.{name}", lines, kube.fork())
        yield from self._reaches("solution", step.solution, kube)
        if step.break_it is not None:
            play_out(kube.fork(), step.break_it.do, self._unit.files)

    def _do(self, kube: Cluster) -> Iterator[Flaw]:
        failed = [each for each in play_out(kube, self._step.do, self._unit.files) if each.code != 0]
        if self._step.fails and not failed:
            yield Flaw("fails", "no line fails")
        if self._step.do and not (self._step.predict and self._step.predict.proof):
            yield from (
                Flaw("lights", f"{each} is not there once the step has been run") for each in self._step.lights if not objects(kube, each)
            )
        if not self._step.fails:
            yield from (Flaw("do", f"{each.line} fails ({each.code}): {each.said.strip()}") for each in failed)

    def _predicted(self, kube: Cluster) -> Iterator[Flaw]:
        predict = self._step.predict
        if predict is None:
            return
        right = predict.right if isinstance(predict.right, tuple) else (predict.right,)
        for option, proof in predict.proof.items():
            seen = _first_failure(proof, kube, self._context(kube, self._right, 0))
            if option in right and seen:
                yield Flaw(f"predict.proof.{option}", f"it is said to be true, but: {seen}")
            if option not in right and not seen:
                yield Flaw(f"predict.proof.{option}", "it is said to be false, but it holds")
        if predict.histogram is not None:
            try:
                counts = measured(predict.histogram, kube)
            except CannotSend as cannot:
                yield Flaw("predict.histogram", sentence(cannot.seen))
                return
            if not sum(counts.values()):
                yield Flaw("predict.histogram", f"nothing comes to any of its bars: {', '.join(counts)}")

    def _wrong(self, wrong: Wrong, kube: Cluster) -> Iterator[Flaw]:
        where = "wrong"
        yield from self._all_succeed(where, f"{wrong.id}: ", wrong.do, kube)
        context = self._context(kube, self._right, len(wrong.do))
        if all_hold(self._step.goal, kube, context):
            yield Flaw(where, f"{wrong.id}: it reaches the goal")
        known = recognized(self._step, kube, context)
        if known is not wrong:
            seen = _first_failure(wrong.when, kube, context)
            yield Flaw(where, f"{wrong.id}: it is taken for {known.id if known else 'none of the known answers'}. {seen}".rstrip())

    def _reaches(self, where: str, lines: Sequence[Do], kube: Cluster) -> Iterator[Flaw]:
        yield from self._all_succeed(where, "", lines, kube)
        seen = _first_failure(self._step.goal, kube, self._context(kube, self._right, self._changes))
        if seen:
            yield Flaw(where, f"it does not reach the goal: {seen}")

    def _all_succeed(self, where: str, before: str, lines: Sequence[Do], kube: Cluster) -> Iterator[Flaw]:
        played = play_out(kube, lines, self._unit.files)
        self._changes = sum(each.changes for each in played)
        for each in played:
            if each.code != 0:
                yield Flaw(where, f"{before}{each.line} fails ({each.code}): {each.said.strip()}")

    def _context(self, kube: Cluster, predictions: dict[str, bool], changes: int) -> Context:
        seed = self._seed or self._unit.scene.settings.seed
        first = partial(opened, self._unit.scene, self._schema, self._seed)
        return Context(first, self._unit.files, changes, predictions, ended(kube, self._began), (seed,))


def _first_failure(checks: Sequence[Check], kube: Cluster, context: Context) -> str:
    """What the first check that does not hold has seen, or ""."""
    return next((sentence(seen) for each in checks if not (seen := see(each, kube, context)).passed), "")


def _changes(kube: Cluster) -> Iterator[str]:
    """Which Pods and endpoints change by themselves in the next moments."""
    before = _standing(kube)
    kube.advance(kube.now + AT_REST)
    after = _standing(kube)
    yield from (ref for ref in {**before, **after} if before.get(ref) != after.get(ref))


def _standing(kube: Cluster) -> dict[str, object]:
    pods = {each.ref: (each.ip, each.state.ready, each.deleting) for each in kube.store.list("Pod")}
    return pods | {each.ref: each.endpoints for each in kube.store.list("EndpointSlice")}
