"""Which Nodes do the constraints forbid by which a Pod asks to be spread (DoNotSchedule)?

Source: pkg/scheduler/framework/plugins/podtopologyspread/{filtering,common}.go.
Simplified: matchLabelKeys are heeded here, where the API server writes them into the Pod's selector (since 1.34).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from playground.kube.apiserver import selectors
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.memo import Memo
from playground.kube.apiserver.nodes import taints
from playground.kube.apiserver.objects import JSON, Object, Pod
from playground.kube.apiserver.placement import Placement, placement_of, selects, untolerated
from playground.kube.apiserver.pods import is_finished

NOT_SPREAD = "node(s) didn't match pod topology spread constraints"
NO_DOMAIN = f"{NOT_SPREAD} (missing required label)"


class Constraint(msgspec.Struct, frozen=True):
    """Of the domains that the label `topology` makes of the Nodes, none may have `skew` Pods more than the one that has fewest, which has none where
    there are not `least` domains. The labels `keys` have to be the Pod's own; Nodes count that the Pod's affinity `selects`, and whose taints it
    `tolerates`."""

    topology: str
    skew: int
    selector: selectors.Selector
    keys: tuple[str, ...]
    least: int
    selects: bool
    tolerates: bool

    def covers(self, pod: Pod, other: Mapping[str, str]) -> bool:
        own = all(pod.labels[key] == other.get(key) for key in self.keys if key in pod.labels)
        return own and self.selector.matches(other)


class Spread(msgspec.Struct, frozen=True):
    """How many Pods each domain may have beside a new one."""

    topology: str
    counts: dict[str, int]
    most: int

    def why_not(self, node: Object) -> str | None:
        domain = node.labels.get(self.topology)
        if domain is None:
            return NO_DOMAIN
        return NOT_SPREAD if self.counts.get(domain, 0) > self.most else None


def spreads(machinery: Machinery, pod: Pod) -> tuple[Spread, ...]:
    """What the Pod's constraints say of the cluster as it is."""
    constraints = _constraints.of(pod.spec)
    if not constraints:
        return ()
    placement = _placements.of(pod.spec)
    nodes = [node for node in machinery.store.list("Node") if all(each.topology in node.labels for each in constraints)]
    return tuple(_spread(machinery, pod, each, [node for node in nodes if _counts(each, placement, node)]) for each in constraints)


def _spread(machinery: Machinery, pod: Pod, constraint: Constraint, nodes: list[Object]) -> Spread:
    domains = {node.name: node.labels[constraint.topology] for node in nodes}
    counts = dict.fromkeys(domains.values(), 0)
    exact = constraint.selector.exact
    for other in machinery.pods_matching(pod.namespace, exact) if exact else machinery.store.list("Pod", pod.namespace):
        if other.node in domains and other.deleting is None and not is_finished(other) and _is_covered(constraint, pod, other):
            counts[domains[other.node]] += 1
    fewest = min(counts.values(), default=0) if len(counts) >= constraint.least else 0
    return Spread(constraint.topology, counts, constraint.skew + fewest - constraint.covers(pod, pod.labels))


def _is_covered(constraint: Constraint, pod: Pod, other: Pod) -> bool:
    """A selector that is empty covers the Pod itself, but no other (countPodsMatchSelector)."""
    return bool(constraint.selector.requirements or constraint.keys) and constraint.covers(pod, other.labels)


def _counts(constraint: Constraint, placement: Placement, node: Object) -> bool:
    if constraint.selects and not selects(placement, node):
        return False
    return not constraint.tolerates or untolerated(placement, taints(node)) is None


def _read(spec: JSON) -> tuple[Constraint, ...]:
    hard = (each for each in spec.get("topologySpreadConstraints") or () if each.get("whenUnsatisfiable") == "DoNotSchedule")
    return tuple(map(_constraint, hard))


def _constraint(value: Any) -> Constraint:
    return Constraint(
        value["topologyKey"],
        int(value.get("maxSkew", 1)),
        selectors.of(value.get("labelSelector")),
        tuple(value.get("matchLabelKeys") or ()),
        int(value.get("minDomains") or 1),
        value.get("nodeAffinityPolicy", "Honor") == "Honor",
        value.get("nodeTaintsPolicy", "Ignore") == "Honor",
    )


_constraints: Memo[tuple[Constraint, ...]] = Memo(_read)
_placements: Memo[Placement] = Memo(placement_of)
