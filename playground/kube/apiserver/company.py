"""With which Pods must a Pod be, and with which must it not?  The required terms of its affinity and anti-affinity to Pods, and its spread.

Source: staging/src/k8s.io/kube-scheduler/framework (AffinityTerm), pkg/scheduler/framework/plugins/interpodaffinity/filtering.go.
Simplified: matchLabelKeys and mismatchLabelKeys are not looked at.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver import selectors
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.memo import Memo
from playground.kube.apiserver.objects import JSON, Object, Pod
from playground.kube.apiserver.pods import is_finished
from playground.kube.apiserver.spreads import Spread, spreads

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
NOT_TOGETHER = "node(s) didn't match pod affinity rules"
NOT_APART = "node(s) didn't match pod anti-affinity rules"
NOT_WELCOME = "node(s) didn't satisfy existing pods anti-affinity rules"
WARY = "wary"
Domain = tuple[str, str]


class Term(msgspec.Struct, frozen=True):
    """Pods that `selector` matches, in these namespaces or in those whose labels `spaces` matches, or (neither) in the Pod's own;
    `topology` is the label of Nodes that says what being together means."""

    topology: str
    selector: selectors.Selector
    namespaces: tuple[str, ...] = ()
    spaces: selectors.Selector | None = None


class Terms(msgspec.Struct, frozen=True):
    together: tuple[Term, ...] = ()
    apart: tuple[Term, ...] = ()


class Limits(msgspec.Struct, frozen=True):
    """What a Pod's company says of Nodes: how it is to be spread; for each term of affinity the label and its values that will do (None: any Node that
    has the label), and the domains that its own terms, and those of Pods that are there, forbid."""

    together: tuple[tuple[str, dict[str, None] | None], ...]
    apart: dict[Domain, None]
    unwelcome: dict[Domain, None]
    spread: tuple[Spread, ...] = ()

    def why_not(self, node: Object) -> str | None:
        """Why a Pod cannot be on this Node, or None."""
        crooked = next(filter(None, (each.why_not(node) for each in self.spread)), None)
        if crooked is not None:
            return crooked
        for topology, values in self.together:
            if topology not in node.labels or (values is not None and node.labels[topology] not in values):
                return NOT_TOGETHER
        domains = node.labels.items()
        if any(each in self.apart for each in domains):
            return NOT_APART
        return NOT_WELCOME if any(each in self.unwelcome for each in domains) else None


class Company:
    """Finds the Pods that a Pod must, and must not, be with."""

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._wary = machinery.store.index("Pod", lambda pod: (WARY,) if terms_of(pod).apart else (), of=("spec",))

    def limits(self, pod: Pod) -> Limits | None:
        """None if it may be anywhere."""
        terms, spread = terms_of(pod), spreads(self._machinery, pod)
        if not terms.together and not terms.apart and not spread and not self._wary.count(WARY):
            return None
        apart = {domain: None for term in terms.apart for other in self._covered(pod, term) for domain in self._domain(other, term)}
        return Limits(self._together(pod, terms.together), apart, self._unwelcome(pod), spread)

    def _together(self, pod: Pod, terms: tuple[Term, ...]) -> tuple[tuple[str, dict[str, None] | None], ...]:
        """Pods that all terms cover count. The first of Pods that want each other's company may be anywhere."""
        first = terms[0] if terms else None
        others = [] if first is None else [other for other in self._covered(pod, first) if self._all_cover(pod, terms, other)]
        found = [(term.topology, {value: None for other in others for _, value in self._domain(other, term)}) for term in terms]
        anywhere = not any(values for _, values in found) and self._all_cover(pod, terms, pod)
        return tuple((topology, None if anywhere else values) for topology, values in found)

    def _unwelcome(self, pod: Pod) -> dict[Domain, None]:
        found: dict[Domain, None] = {}
        for other in self._store.find(self._wary, WARY):
            for term in terms_of(other).apart if _counts(other) else ():
                if self._covers(other, term, pod):
                    found |= dict.fromkeys(self._domain(other, term))
        return found

    def _covered(self, pod: Pod, term: Term) -> list[Pod]:
        """The Pods somewhere that a Pod's term covers."""
        every = [other for space in self._spaces(pod, term) for other in self._candidates(space, term.selector)]
        return [other for other in every if _counts(other) and term.selector.matches(other.labels)]

    def _candidates(self, namespace: str, selector: selectors.Selector) -> list[Pod]:
        return self._machinery.pods_matching(namespace, selector.exact) if selector.exact else self._store.list("Pod", namespace)

    def _domain(self, pod: Pod, term: Term) -> list[Domain]:
        """Where a Pod is, in a term's sense; nowhere if its Node does not say."""
        node = self._store.get("Node", "", pod.node)
        return [(term.topology, node.labels[term.topology])] if node is not None and term.topology in node.labels else []

    def _all_cover(self, owner: Pod, terms: tuple[Term, ...], other: Pod) -> bool:
        return all(self._covers(owner, term, other) for term in terms)

    def _covers(self, owner: Pod, term: Term, other: Pod) -> bool:
        return other.namespace in self._spaces(owner, term) and term.selector.matches(other.labels)

    def _spaces(self, owner: Pod, term: Term) -> list[str]:
        if not term.namespaces and term.spaces is None:
            return [owner.namespace]
        chosen = [each.name for each in self._store.list("Namespace") if term.spaces is not None and term.spaces.matches(each.labels)]
        return list(dict.fromkeys([*term.namespaces, *chosen]))


def terms_of(pod: Pod) -> Terms:
    return _terms.of(pod.spec)


def _counts(pod: Pod) -> bool:
    """It is somewhere, and has not finished."""
    return bool(pod.node) and not is_finished(pod)


def _read(spec: JSON) -> Terms:
    affinity: JSON = spec.get("affinity") or {}
    together, apart = (tuple(map(_term, (affinity.get(name) or {}).get(REQUIRED) or ())) for name in ("podAffinity", "podAntiAffinity"))
    return Terms(together, apart) if together or apart else NONE


def _term(term: Any) -> Term:
    spaces = term.get("namespaceSelector")
    return Term(
        term["topologyKey"],
        selectors.of(term.get("labelSelector")),
        tuple(term.get("namespaces") or ()),
        None if spaces is None else selectors.of(spaces),
    )


NONE = Terms()
_terms: Memo[Terms] = Memo(_read)
