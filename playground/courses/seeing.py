"""What is true of the learner's cluster now: its goals, known wrong answers, what became of a prediction, which objects a text means?

The running cluster is copied under its lock, and everything is tried on the copy.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from playground.clusters import looks, scenes
from playground.clusters.models import Cluster
from playground.courses.runs import Run, goal_ids
from playground.curriculum import finding, grading
from playground.curriculum.checking import Context, all_hold, ended, is_heavy, see
from playground.curriculum.checks import Check
from playground.curriculum.lesson import Look
from playground.curriculum.seen import Seen, sentence
from playground.curriculum.traffics import CannotSend
from playground.kube.cluster import Cluster as Kube
from playground.kube.errors import Refusal
from playground.kube.explain.settling import settle
from playground.kube.network.senders import key_of

LOOKED_AT = 2_000
LIT = 40
OPENED = 64


class Goal(NamedTuple):
    """A goal of the step as it stands: `met` is None where only Check tells; `said` is what was seen that is not as wanted."""

    id: str
    met: bool | None
    said: str = ""


def goals(run: Run, copy: Kube, heavy: bool) -> list[Goal]:
    """Each goal of the step; those that take long only if they are asked for."""
    known = context(run)
    return [_goal(run, id, check, copy, known, heavy) for id, check in zip(goal_ids(run.step), run.step.goal, strict=True)]


def wrong_answer(run: Run, copy: Kube) -> str:
    """The id of the known wrong answer that this is, or ""."""
    known = context(run)
    return next((each.id for each in run.step.wrong if all_hold(each.when, copy, known)), "")


def has_heavy(run: Run) -> bool:
    return any(is_heavy(check) for check in run.step.goal)


def copied(cluster: Cluster) -> Kube:
    """A copy of the cluster as it is now."""
    with looks.at(cluster) as kube:
        return kube.fork()


def measure(run: Run) -> dict[str, int]:
    """The bars of the step's histogram, in percent: of that traffic, once the cluster has settled. Empty if none could be sent."""
    predict = run.step.predict
    if predict is None or predict.histogram is None:
        return {}
    copy = copied(run.cluster)
    settle(copy)
    try:
        return grading.spread(predict.histogram.traffic.n, grading.measured(predict.histogram, copy))
    except CannotSend:
        return {}


def lit(kube: Kube, named: Iterable[str]) -> list[str]:
    """The objects that a step speaks of, each by its own name; a selector stands for those that it matches now."""
    found = [ref for each in named for ref in _refs(kube, each)]
    return list(dict.fromkeys(found))[:LIT]


def deciding(cluster: Cluster, look: Look) -> tuple[int, int] | None:
    """Number and time of the latest request that the explanation speaks of."""
    sources = senders(cluster, look.source)
    with looks.at(cluster) as kube:
        for request in kube.network.recent(LOOKED_AT):
            if request.sender in sources and look.outcome in ("", request.outcome):
                return request.number, request.time
    return None


def senders(cluster: Cluster, named: str) -> list[str]:
    """Who is meant by the name of a sender, or by a selector, as requests name them (`namespace/name`, `outside:ADDRESS`)."""
    with looks.at(cluster) as kube:
        return [_sender(kube, each) for each in finding.senders(kube, named)]


def context(run: Run) -> Context:
    """What the step's checks may need beside the cluster."""
    predictions = {id: record.right is True for id, record in run.record.steps.items()}
    changes = looks.changes_since(run.cluster, run.mark)
    since = looks.moment_after(run.cluster, run.mark)
    with looks.at(run.cluster) as kube:  # a copy does not remember requests
        requests, seed = ended(kube, since), kube.settings.seed
    return Context(lambda: _opened(run.unit.name, seed), run.unit.files, changes, predictions, requests)


def _sender(kube: Kube, named: str) -> str:
    """One that is gone is named as it was."""
    try:
        return key_of(kube.network.senders.require(named))
    except Refusal:
        return named if ":" in named else "/".join(finding.full(named))


def _goal(run: Run, id: str, check: Check, copy: Kube, context: Context, heavy: bool) -> Goal:
    if is_heavy(check) and not heavy:
        return Goal(id, None)
    seen: Seen = see(check, copy, context)
    return Goal(id, seen.passed, sentence(seen, run.words.code))


@lru_cache(maxsize=OPENED)
def _opened(lesson: str, seed: int) -> Kube:
    """The lesson's cluster at the moment it opens, with the seed of the learner's own; only to be read."""
    return scenes.start(scenes.find(f"lesson/{lesson}"), seed)


def _refs(kube: Kube, named: str) -> list[str]:
    kind, namespace, name = named.split("/", 2)
    if "=" not in name:
        return [named]
    return [f"{kind}/{namespace}/{each.name}" for each in finding.objects(kube, named)]
