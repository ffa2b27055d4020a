"""How much of a Node does a Pod ask for, and how much has a Node to give?  In thousandths of a CPU, bytes, and pieces of other things.

Source: staging/src/k8s.io/component-helpers/resource/helpers.go (PodRequests, AggregateContainerRequests),
pkg/scheduler/framework/types.go (Resource.Add).
Simplified: a Pod's overhead is not looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING
from typing import Any

from playground.kube.apiserver.objects import JSON
from playground.kube.apiserver.quantity import amount

Amounts = dict[str, int]
OF_PODS = ("cpu", "memory")
HUGE_PAGES = "hugepages-"


def amounts(listed: Mapping[str, Any]) -> Amounts:
    """Quantities as integers, rounded up: `cpu` in thousandths, all others as they are."""
    found = {}
    for name, quantity in listed.items():
        number = amount(quantity)
        if number is not None:
            found[name] = int((number * 1_000 if name == "cpu" else number).to_integral_value(ROUND_CEILING))
    return found


def pod_requests(spec: JSON) -> Amounts:
    """What a Pod asks for as a whole, and of what it does not ask for as a whole, what its containers do."""
    own = (spec.get("resources") or {}).get("requests") or {}
    total = container_requests(spec) | amounts({name: own[name] for name in own if is_for_pods(name)})
    return {name: value for name, value in sorted(total.items()) if value}


def is_for_pods(name: str) -> bool:
    """A Pod can have this as a whole (IsSupportedPodLevelResource)."""
    return name in OF_PODS or name.startswith(HUGE_PAGES)


def container_requests(spec: JSON) -> Amounts:
    """What containers ask for: all its containers and sidecars together, or the most that an init container needs beside the sidecars before it."""
    total: Amounts = {}
    most: Amounts = {}
    for container in spec.get("initContainers") or ():
        asked = _asked(container)
        if container.get("restartPolicy") == "Always":
            total = _sum(total, asked)
            asked = total
        else:
            asked = _sum(total, asked)
        most = _largest(most, asked)
    for container in spec.get("containers") or ():
        total = _sum(total, _asked(container))
    return _largest(most, total)


def _asked(container: JSON) -> Amounts:
    """What has a limit and no request is requested to that limit, as the API server's defaults have it."""
    resources = container.get("resources") or {}
    return amounts({**(resources.get("limits") or {}), **(resources.get("requests") or {})})


def _sum(one: Amounts, other: Amounts) -> Amounts:
    return {name: one.get(name, 0) + other.get(name, 0) for name in {**one, **other}}


def _largest(one: Amounts, other: Amounts) -> Amounts:
    return {name: max(one.get(name, 0), other.get(name, 0)) for name in {**one, **other}}
