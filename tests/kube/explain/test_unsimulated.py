"""Who writes a spread constraint or a preference hears that nothing looks at it here, once."""

from __future__ import annotations

from typing import Any

import pytest

from playground.kube import actions
from tests.kube.explain.test_effects import deployment
from tests.kube.explain.test_hints import pod
from tests.laws.histories import started

PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
SPREAD = [
    {
        "maxSkew": 1,
        "topologyKey": "topology.kubernetes.io/zone",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": {"app": "shop"}},
    }
]
TERM = {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app": "shop"}}}


def hints(cluster: Any, *documents: dict[str, Any]) -> list[str]:
    said = cluster.submit(actions.Apply(list(documents))).warnings
    return [each.partition(": stored")[0] for each in said if "not simulated" in each]


def placed(document: dict[str, Any], **spec: Any) -> dict[str, Any]:
    where = document["spec"].get("template", document)
    where["spec"] = {**where["spec"], **spec}
    return document


def test_a_wish_to_be_spread_is_told_not_to_be_looked_at_and_only_once():
    """Wrong lesson: a topologySpreadConstraint that spreads nothing has been written wrong, or spreads nothing in Kubernetes either."""
    cluster, document = started(), placed(deployment(), topologySpreadConstraints=SPREAD)
    assert hints(cluster, document) == ["hint: spec.template.spec.topologySpreadConstraints"]
    assert hints(cluster, placed(deployment(replicas=4), topologySpreadConstraints=SPREAD)) == []


@pytest.mark.parametrize(
    ("name", "wish"),
    [
        ("nodeAffinity", {"weight": 1, "preference": {"matchExpressions": [{"key": "disk", "operator": "Exists"}]}}),
        ("podAffinity", {"weight": 1, "podAffinityTerm": TERM}),
        ("podAntiAffinity", {"weight": 1, "podAffinityTerm": TERM}),
    ],
)
def test_a_preference_is_told_not_to_be_looked_at(name: str, wish: dict[str, Any]):
    """Wrong lesson: the scheduler has weighed a preferred affinity, and this is where it leads."""
    document = placed(pod("p", "shop"), affinity={name: {PREFERRED: [wish]}})
    assert hints(started(), document) == [f"hint: spec.affinity.{name}.{PREFERRED}"]


def test_a_priority_is_told_to_decide_nothing():
    """Wrong lesson: a Pod of a high priority waits on full Nodes although others would have to make room for it."""
    document = placed(pod("p", "shop"), priorityClassName="system-cluster-critical")
    assert hints(started(), document) == ["hint: spec.priorityClassName"]


def test_nothing_is_said_of_what_is_required():
    affinity = {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [TERM]}}
    spread = [{**SPREAD[0], "whenUnsatisfiable": "DoNotSchedule"}]
    assert hints(started(), placed(deployment(), affinity=affinity, topologySpreadConstraints=spread)) == []
