"""How many of a PodDisruptionBudget's Pods may be evicted now?  As many as are healthy beyond those that it wants.

Source: pkg/controller/disruption/disruption.go (trySync, getExpectedPodCount, getExpectedScale, countHealthyPods, updatePdbStatus).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.eviction import BUDGET, budget_selector
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import JSON, Pod
from playground.kube.apiserver.resources import SCALABLE, by_kind
from playground.kube.apiserver.timestamps import timestamp
from playground.kube.clock import MILLISECOND
from playground.kube.controllers.matching import Selectors
from playground.kube.controllers.rolling import resolve
from playground.kube.controllers.writing import generation
from playground.kube.queue import Key, WorkQueue

BY = "controllermanager"


class NoScale(Exception):
    """A Pod's controller does not say how many Pods it wants."""


class DisruptionController:
    """Reconciles PodDisruptionBudgets by (namespace, name)."""

    name = "disruption"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._budgets = Selectors(machinery.store, BUDGET)
        self._queue = WorkQueue(machinery.clock, self.name, 5 * MILLISECOND, self._reconcile)
        self._store.watch(BUDGET, self._budget_changed)
        self._store.watch("Pod", self._pod_changed)
        for kind in SCALABLE:
            self._store.watch(kind, self._owner_changed)

    def _reconcile(self, key: Key) -> None:
        budget = self._store.get(BUDGET, *key)
        if budget is None or budget.deleting is not None:
            return
        pods = self._covered(budget)
        try:
            expected, wanted = self._expected(budget, pods)
        except NoScale as why:
            said = f"Failed to calculate the number of expected pods: {why}"
            self._machinery.record(budget, "Warning", "CalculateExpectedPodCountFailed", said, BY)
            self._write(budget, {**budget.status, "disruptionsAllowed": 0}, "SyncFailed", str(why))
            return
        if not pods and budget.status.get("expectedPods") != 0:
            self._machinery.record(budget, "Normal", "NoPods", "No matching pods found", BY)
        healthy = sum(pod.deleting is None and pod.state.ready for pod in pods)
        allowed = max(0, healthy - wanted) if expected else 0
        counts = {"currentHealthy": healthy, "desiredHealthy": wanted, "disruptionsAllowed": allowed, "expectedPods": expected}
        self._write(budget, counts, "SufficientPods" if allowed else "InsufficientPods", "")

    def _covered(self, budget: Any) -> list[Pod]:
        """The Pods that it covers; found by a pair of labels that the selector demands, if it demands any."""
        selector = budget_selector(budget)
        pairs = [(budget.namespace, key, value) for key, value in sorted(selector.exact.items())]
        index = self._machinery.pods_by_label
        found = self._store.find(index, min(pairs, key=index.count)) if pairs else self._store.list("Pod", budget.namespace)
        return [pod for pod in found if selector.matches(pod.labels)]

    def _expected(self, budget: Any, pods: list[Pod]) -> tuple[int, int]:
        """How many Pods there should be, and how many of them must be healthy."""
        most, least = budget.spec.get("maxUnavailable"), budget.spec.get("minAvailable")
        if most is not None:
            expected = self._scale(pods)
            return expected, max(0, expected - resolve(most, expected, round_up=True))
        if isinstance(least, str):
            expected = self._scale(pods)
            return expected, resolve(least, expected, round_up=True)
        return len(pods), int(least or 0)

    def _scale(self, pods: list[Pod]) -> int:
        """The replicas that the controllers of these Pods want; Pods without a controller do not count."""
        found: dict[str, int] = {}
        for pod in pods:
            owner = self._head(pod)
            if owner is not None:
                if owner.kind not in SCALABLE:
                    raise NoScale(f"{by_kind(owner.kind).qualified} does not implement the scale subresource")
                found[owner.uid] = int(owner.spec.get("replicas", 1))
        return sum(found.values())

    def _head(self, pod: Pod) -> Any:
        """The controller of a Pod, or that one's own."""
        owner = self._store.by_uid(pod.controller.uid) if pod.controller else None
        above = self._store.by_uid(owner.controller.uid) if owner is not None and owner.controller else None
        return owner if above is None else above

    def _write(self, budget: Any, counts: JSON, reason: str, message: str) -> None:
        status = {
            **counts,
            "conditions": [self._condition(budget, counts["disruptionsAllowed"] > 0, reason, message)],
            "observedGeneration": generation(budget),
        }
        self._store.replace(budget, status=dict(sorted(status.items())))

    def _condition(self, budget: Any, allowed: bool, reason: str, message: str) -> JSON:
        old: JSON = next(iter(budget.status.get("conditions", ())), {})
        status = "True" if allowed else "False"
        since = old["lastTransitionTime"] if old.get("status") == status else timestamp(self._machinery.settings, self._machinery.now)
        return {
            "type": "DisruptionAllowed",
            "status": status,
            "observedGeneration": generation(budget),
            "lastTransitionTime": since,
            "reason": reason,
            "message": message,
        }

    # --- what has changed

    def _budget_changed(self, old: Any, new: Any) -> None:
        if new is not None and (
            old is None or old.spec is not new.spec or old.status.get("disruptedPods") != new.status.get("disruptedPods")
        ):
            self._queue.add(*new.key)

    def _pod_changed(self, old: Any, new: Any) -> None:
        if self._store.count(BUDGET) and (old is None or new is None or _signs(old) != _signs(new)):
            for each in (old, new):
                for budget in self._budgets.matching(each.namespace, each.labels) if each is not None else ():
                    self._queue.add(*budget.key)

    def _owner_changed(self, old: Any, new: Any) -> None:
        """What was scaled wants another number of Pods."""
        if self._store.count(BUDGET) and old is not None and new is not None and old.spec.get("replicas") != new.spec.get("replicas"):
            for budget in self._store.list(BUDGET, new.namespace):
                self._queue.add(*budget.key)

    def state(self) -> list[Any]:
        return list(self._queue.state())

    def restore(self, state: list[Any]) -> None:
        self._queue.restore(state)


def _signs(pod: Pod) -> tuple[bool, bool, str, Any, Any]:
    return pod.state.ready, pod.deleting is None, pod.state.phase, pod.labels, pod.owners
