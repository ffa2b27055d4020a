"""Which objects select these labels?  An index of selectors, so that a Pod finds its Services and controllers without a search."""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import selectors
from playground.kube.apiserver.eviction import BUDGET, budget_selector
from playground.kube.apiserver.memo import Memo
from playground.kube.apiserver.objects import JSON
from playground.kube.apiserver.store import Index, Store

NO_PAIR = "", ""
MOST = 1_000


def selector_of(thing: Any) -> selectors.Selector:
    """The `spec.selector` of a workload, a Service or a budget; an absent one matches nothing, an empty one of the last two everything."""
    if thing.kind == BUDGET:
        return budget_selector(thing)
    found = thing.spec.get("selector")
    if thing.kind == "Service":
        return NOTHING if found is None else _plain.of(found)
    return _structured.of(found) if found else NOTHING


class Selectors:
    """The objects of a kind by one label pair of their selector; those without a pair are found by any labels."""

    def __init__(self, store: Store, kind: str):
        self._store = store
        self._index: Index = store.index(kind, _keys, of=("spec",))
        self._known: dict[tuple[str, int], tuple[dict[str, str], list[str]]] = {}
        store.follow(kind, self._forget, of=("spec",))

    def matching(self, namespace: str, labels: dict[str, str]) -> list[Any]:
        """The objects of a namespace that select these labels, sorted by name; found once for all Pods that share theirs."""
        known = self._known.get((namespace, id(labels)))
        if known is not None:
            return [self._store.by_uid(uid) for uid in known[1]]
        chosen = self._find(namespace, labels)
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[namespace, id(labels)] = labels, [each.uid for each in chosen]
        return chosen

    def _forget(self, old: Any, new: Any) -> None:
        self._known.clear()

    def _find(self, namespace: str, labels: dict[str, str]) -> list[Any]:
        found: list[Any] = []
        for pair in (*labels.items(), NO_PAIR):
            if self._index.count((namespace, *pair)):
                found += self._store.find(self._index, (namespace, *pair))
        chosen = [each for each in found if selector_of(each).matches(labels)]
        return sorted(chosen, key=lambda each: str(each.name)) if len(chosen) > 1 else chosen


def _keys(thing: Any) -> list[tuple[str, str, str]]:
    given = thing.spec.get("selector") or {}
    pairs: dict[str, str] = given if thing.kind == "Service" else given.get("matchLabels") or {}
    if not pairs:
        selector = selector_of(thing)
        if selector is NOTHING:
            return []
        pairs = selector.exact
    return [(thing.namespace, *min(pairs.items(), default=NO_PAIR))]


def _of_labels(labels: JSON) -> selectors.Selector:
    return selectors.of({"matchLabels": labels})


NOTHING = selectors.of(None)
_plain: Memo[selectors.Selector] = Memo(_of_labels)
_structured: Memo[selectors.Selector] = Memo(selectors.of)
