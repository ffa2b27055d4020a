"""How much is a quantity, as in `500m` or `64Mi`, and are the requests of a container within its limits?

Source: staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go; pkg/apis/core/validation (ValidateContainerResourceRequirements).
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from playground.kube.apiserver import names
from playground.kube.apiserver.validation.fields import each_invalid, invalid, required
from playground.kube.errors import Cause

_QUANTITY = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?[0-9]{1,2}))?")
_DECIMAL = {"n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
# Standard resources that only quotas and claims count.
OF_QUOTAS = ("storage", "pods", "services", "secrets", "configmaps", "persistentvolumeclaims", "replicationcontrollers", "resourcequotas")
_BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}


def amount(quantity: str | float) -> Decimal | None:
    """The number that a quantity stands for, or None if it is none."""
    text = str(quantity)
    match = _QUANTITY.fullmatch(text) if len(text) <= 32 else None
    if match is None:
        return None
    number, suffix, exponent = match.groups()
    try:
        scaled = Decimal(number).scaleb(int(exponent or 0))
    except InvalidOperation:
        return None
    if suffix in _BINARY:
        return scaled * Decimal(1024) ** _BINARY[suffix]
    return scaled.scaleb(_DECIMAL.get(suffix or "", 0))


def requirements(resources: dict[str, Any], path: str) -> list[Cause]:
    """`resources` of a container: known names, amounts not negative, requests within limits."""
    limits, requests = resources.get("limits", {}), resources.get("requests", {})
    causes = [cause for part, listed in (("limits", limits), ("requests", requests)) for cause in _amounts(listed, f"{path}.{part}")]
    for name, asked in requests.items():
        causes += _within(name, asked, limits.get(name), path)
    return causes


def _within(name: str, asked: Any, allowed: Any, path: str) -> list[Cause]:
    """Of what cannot be overcommitted, as devices, just so much is asked as is allowed."""
    request, limit = amount(asked), None if allowed is None else amount(allowed)
    shared = _is_native(name) and not name.startswith("hugepages-")
    if allowed is None and not shared:
        return [required(f"{path}.limits", "Limit must be set for non overcommitable resources")]
    if request is None or limit is None:
        return []
    if not shared and request != limit:
        return [invalid(f"{path}.requests", str(asked), f"must be equal to {name} limit of {allowed}")]
    return [invalid(f"{path}.requests", str(asked), f"must be less than or equal to {name} limit of {allowed}")] if request > limit else []


def _amounts(listed: dict[str, Any], path: str) -> list[Cause]:
    causes = []
    for name, value in listed.items():
        here, number = f"{path}[{name}]", amount(value)
        causes += each_invalid(here, name, _wrong_name(name))
        if number is None:
            causes.append(invalid(here, value, "must be a quantity"))
        elif number < 0:
            causes.append(invalid(here, str(value), "must be greater than or equal to 0"))
        elif not _is_native(name) and number != number.to_integral_value():
            causes.append(invalid(here, str(value), "must be an integer"))
    return causes


def _wrong_name(name: str) -> list[str]:
    """Source: validateContainerResourceName."""
    wrong = names.label_key(name)
    if "/" in name or name in ("cpu", "memory", "ephemeral-storage") or name.startswith("hugepages-"):
        return wrong
    unknown = [] if wrong or name in OF_QUOTAS else ["must be a standard resource type or fully qualified"]
    return [*wrong, *unknown, "must be a standard resource for containers"]


def _is_native(name: str) -> bool:
    """Kubernetes' own, no device of anybody else."""
    return "/" not in name or "kubernetes.io/" in name
