"""Which wishes of a Pod does the scheduler here not look at?  Spreads that are no must, preferences and priorities; whoever writes them is told.

These hints are the playground's own, as those about Services (`hints`), and come only when such a wish is new.
Source: kubernetes.io/docs/concepts/scheduling-eviction (topology-spread-constraints, assign-pod-node,
pod-priority-preemption).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from playground.kube.apiserver.objects import EMPTY, JSON
from playground.kube.apiserver.server import Outcome
from playground.kube.explain.hints import HINT

PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
PLACED = ("Deployment", "ReplicaSet", "StatefulSet")
SPREAD = "stored but not simulated: ScheduleAnyway is a wish; Pods of one controller are spread over Nodes as evenly as may be"
PRIORITY = "stored but not simulated: no Pod is placed before another here, and none has to make room"
WISH = "stored but not simulated: only what is required is looked at here"


def of(outcomes: Iterable[Outcome]) -> list[str]:
    return [each for outcome in outcomes if outcome.verb != "deleted" for each in _of_one(outcome.thing, outcome.old)]


def _of_one(thing: Any, old: Any) -> Iterator[str]:
    if thing.kind not in (*PLACED, "Pod") or (old is not None and old.spec is thing.spec):
        return
    before = {} if old is None else _wishes(_pod_spec(old))
    path = "spec" if thing.kind == "Pod" else "spec.template.spec"
    for field, (wish, said) in _wishes(_pod_spec(thing)).items():
        if before.get(field) != (wish, said):
            yield f"{HINT}{path}.{field}: {said}"


def _wishes(spec: JSON) -> dict[str, tuple[Any, str]]:
    """By the path of the field, what is wished for, and what is said of it."""
    found: dict[str, tuple[Any, str]] = {}
    if wishes := [each for each in spec.get("topologySpreadConstraints") or () if each.get("whenUnsatisfiable") != "DoNotSchedule"]:
        found["topologySpreadConstraints"] = wishes, SPREAD
    if spec.get("priorityClassName"):
        found["priorityClassName"] = spec["priorityClassName"], PRIORITY
    for name, affinity in (spec.get("affinity") or EMPTY).items():
        if affinity.get(PREFERRED):
            found[f"affinity.{name}.{PREFERRED}"] = affinity[PREFERRED], WISH
    return found


def _pod_spec(thing: Any) -> JSON:
    spec: JSON = thing.spec if thing.kind == "Pod" else thing.spec["template"]["spec"]
    return spec
