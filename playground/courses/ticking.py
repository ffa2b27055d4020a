"""Which goals hold, asked again and again while somebody plays?  Answered anew only when something can have changed since.

Kept in this process: for each cluster the last answer. After a change of the cluster some time passes until every kube-proxy has heard of it;
until then, and once after it, and now and then in any case, the goals are tried again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import NamedTuple

from playground.clusters import looks
from playground.courses import seeing
from playground.courses.runs import Run
from playground.courses.seeing import Goal
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster as Kube

KEPT = 500
HEARD_AFTER = 3 * SECOND
AGAIN_AFTER = 20 * SECOND
AT_MOST_EVERY = SECOND


class _Answer(NamedTuple):
    """`about` names what was asked and the cluster's state; that was first met at `since`, and answered at `at`, in its own time."""

    about: tuple[object, ...]
    since: int
    at: int
    goals: list[Goal]

    def serves(self, about: tuple[object, ...], now: int) -> bool:
        if self.about != about or now < self.at:
            return False
        settled = self.at - self.since >= HEARD_AFTER
        return now - self.at < (AGAIN_AFTER if settled else AT_MOST_EVERY)


_answers: OrderedDict[str, _Answer] = OrderedDict()
_checked: OrderedDict[str, _Answer] = OrderedDict()
_lock = threading.Lock()


def goals(run: Run) -> list[Goal]:
    """The goals that do not take long, as they are now."""
    if not run.step.goal:
        return []
    with looks.at(run.cluster) as kube:
        about, now = _about(run, kube), kube.now
        known = _answers.get(run.cluster.pk)
        if known is not None and known.serves(about, now):
            return _with_checked(run, known.goals, about)
        copy = kube.fork()
    found = seeing.goals(run, copy, heavy=False)
    since = known.since if known is not None and known.about == about and known.since <= now else now
    _keep(_answers, run.cluster.pk, _Answer(about, since, now, found))
    return _with_checked(run, found, about)


def remember(run: Run, found: list[Goal]) -> None:
    """What Check has just told of all goals: it holds for those that take long until the cluster changes."""
    with looks.at(run.cluster) as kube:
        _keep(_checked, run.cluster.pk, _Answer(_about(run, kube), kube.now, kube.now, found))


def _with_checked(run: Run, found: list[Goal], about: tuple[object, ...]) -> list[Goal]:
    checked = _checked.get(run.cluster.pk)
    if checked is None or checked.about != about:
        return found
    told = {each.id: each for each in checked.goals}
    return [told.get(each.id, each) if each.met is None else each for each in found]


def _about(run: Run, kube: Kube) -> tuple[object, ...]:
    head = looks.history(run.cluster).head
    return (*_state(kube), head, run.step.id, run.words.code, *_predictions(run))


def _state(kube: Kube) -> tuple[object, ...]:
    return kube.store.revision, tuple((each.source, each.to) for each in kube.traffic.streams())


def _predictions(run: Run) -> list[tuple[str, bool | None]]:
    return sorted((id, record.right) for id, record in run.record.steps.items() if record.right is not None)


def _keep(answers: OrderedDict[str, _Answer], cluster: str, answer: _Answer) -> None:
    with _lock:
        answers[cluster] = answer
        answers.move_to_end(cluster)
        if len(answers) > KEPT:
            answers.popitem(last=False)
