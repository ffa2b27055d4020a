"""May this Pod be evicted?  A PodDisruptionBudget that selects it may say no.

Source: pkg/registry/core/pod/storage/eviction.go (Create, checkAndDecrement, canIgnorePDB, addConditionAndDeletePod).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import selectors
from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.disrupting import BY_EVICTION, disrupted
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.memo import Memo
from playground.kube.apiserver.objects import JSON, Pod
from playground.kube.apiserver.timestamps import timestamp
from playground.kube.errors import Cause, Refusal

BUDGET = "PodDisruptionBudget"
VIOLATED = "Cannot evict pod as it would violate the pod's disruption budget."
SEVERAL = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."


def budget_selector(budget: Any) -> selectors.Selector:
    """Which Pods a budget covers: all of its namespace if its selector is empty, none if it has none."""
    found = budget.spec.get("selector")
    return _NOTHING if found is None else _selectors.of(found)


def evict(machinery: Machinery, pod: Pod, grace: int | None = None) -> None:
    """Delete a Pod unless a budget forbids it. Raises Refusal, 429."""
    if pod.state.phase == "Running" and pod.deleting is None:
        budgets = [each for each in machinery.store.list(BUDGET, pod.namespace) if budget_selector(each).matches(pod.labels)]
        if len(budgets) > 1:
            raise Refusal(500, "InternalError", SEVERAL)
        if budgets and not _spares(budgets[0], pod):
            _take_from(machinery, budgets[0], pod)
    delete(machinery, disrupted(machinery, pod, BY_EVICTION), grace)


def _spares(budget: Any, pod: Pod) -> bool:
    """A Pod that is not ready may go where enough others are."""
    if pod.state.ready:
        return False
    if budget.spec.get("unhealthyPodEvictionPolicy") == "AlwaysAllow":
        return True
    needed = budget.status.get("desiredHealthy", 0)
    return bool(budget.status.get("currentHealthy", 0) >= needed > 0)


def _take_from(machinery: Machinery, budget: Any, pod: Pod) -> None:
    status: JSON = budget.status
    if status.get("observedGeneration", 0) < budget.meta.get("generation", 1):
        raise _too_many(f"The disruption budget {budget.name} is still being processed by the server.")
    if status.get("disruptionsAllowed", 0) <= 0:
        needed, healthy = status.get("desiredHealthy", 0), status.get("currentHealthy", 0)
        raise _too_many(f"The disruption budget {budget.name} needs {needed} healthy pods and has {healthy} currently")
    disrupted = {**status.get("disruptedPods", {}), pod.name: timestamp(machinery.settings, machinery.now)}
    left = {"disruptionsAllowed": status["disruptionsAllowed"] - 1, "disruptedPods": disrupted}
    machinery.store.replace(budget, status={**status, **left})


def _too_many(why: str) -> Refusal:
    return Refusal(429, "TooManyRequests", VIOLATED, (Cause("", "DisruptionBudget", why),))


_NOTHING = selectors.of(None)
_selectors: Memo[selectors.Selector] = Memo(selectors.of)
