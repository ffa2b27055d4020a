"""Did a step's run happen as the step needs it?  The true answer's proof is looked for in a copy of the cluster that came of it: where it does not hold,
the run shows something else, and nothing that was predicted can be held against it.
"""

from __future__ import annotations

from playground.courses import seeing
from playground.courses.runs import Run
from playground.curriculum import finding
from playground.curriculum.checking import see
from playground.curriculum.checks import Check
from playground.curriculum.lesson import Step
from playground.curriculum.playing import PATIENCE
from playground.curriculum.seen import sentence
from playground.kube.explain.settling import settle


def amiss(run: Run) -> str | None:
    """None if it happened; else what was seen that is not as it should be, or "" where that has no words."""
    proof, measures = _proof(run.step), run.step.predict is not None and run.step.predict.histogram is not None
    if measures and not sum(seeing.measure(run).values()):
        return ""
    copy = seeing.copied(run.cluster)
    if not proof:
        gone = [each for each in run.step.lights if not finding.objects(copy, each)]
        return run.words.say("not_there", what=_spoken(gone[0])) if gone else None
    settle(copy, PATIENCE)
    context = seeing.context(run)
    return next((sentence(seen, run.words.code) for each in proof if not (seen := see(each, copy, context)).passed), None)


def _proof(step: Step) -> list[Check]:
    """What holds when the step has been run, and the true option is the true one."""
    predict = step.predict
    right = () if predict is None else predict.right if isinstance(predict.right, tuple) else (predict.right,)
    return [check for option in right for check in (predict.proof.get(option, ()) if predict else ())]


def _spoken(named: str) -> str:
    """`Service frontend-svc`, of `Service/default/frontend-svc`."""
    kind, _, name = named.split("/", 2)
    return f"{kind} {name}"
