"""Which quality of service does a Pod have?  It follows from its requests and limits of CPU and memory, and from nothing else.

Source: pkg/apis/core/v1/helper/qos/qos.go (ComputePodQOS).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from playground.kube.apiserver.quantity import amount

JSON = dict[str, Any]
COUNTED = ("cpu", "memory")


def quality(spec: JSON) -> str:
    """BestEffort, Burstable or Guaranteed. Where a Pod has resources of its own, those of its containers do not count."""
    holders = [spec] if spec.get("resources") else [*spec.get("containers", ()), *spec.get("initContainers", ())]
    resources = [each.get("resources", {}) for each in holders]
    requests, limits = (_total(each.get(kind, {}) for each in resources) for kind in ("requests", "limits"))
    if not requests and not limits:
        return "BestEffort"
    limited = all(set(COUNTED) <= _total([each.get("limits", {})]).keys() for each in resources)
    return "Guaranteed" if limited and requests == limits else "Burstable"


def _total(lists: Iterable[JSON]) -> dict[str, Decimal]:
    """The sums of the amounts that are more than nothing."""
    total: dict[str, Decimal] = {}
    for each in lists:
        for name in COUNTED:
            found = amount(each[name]) if name in each else None
            if found is not None and found > Decimal(0):
                total[name] = total.get(name, Decimal(0)) + found
    return total
