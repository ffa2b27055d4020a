"""Is a PodDisruptionBudget right?

Source: pkg/apis/policy/validation/validation.go (ValidatePodDisruptionBudgetSpec).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.validation.fields import invalid, not_supported
from playground.kube.apiserver.validation.meta import label_selector
from playground.kube.apiserver.validation.workload import at_most_all, int_or_percent
from playground.kube.errors import Cause

Document = dict[str, Any]
POLICIES = ("AlwaysAllow", "IfHealthyBudget")


def pod_disruption_budget(document: Document) -> list[Cause]:
    spec = document.get("spec") or {}
    given = [name for name in ("minAvailable", "maxUnavailable") if name in spec]
    causes = []
    if len(given) == 2:
        causes.append(invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set"))
    for name in given:
        causes += int_or_percent(spec[name], f"spec.{name}") or at_most_all(spec[name], f"spec.{name}")
    causes += label_selector(spec.get("selector") or {}, "spec.selector")
    policy = spec.get("unhealthyPodEvictionPolicy")
    if policy is not None and policy not in POLICIES:
        causes.append(not_supported("spec.unhealthyPodEvictionPolicy", policy, POLICIES))
    return causes
