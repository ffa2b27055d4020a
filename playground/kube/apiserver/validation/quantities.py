"""How much is a quantity, as in `500m` or `64Mi`, and are the requests of a container within its limits?

Source: staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go; ValidateResourceRequirements.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from playground.kube.apiserver import names
from playground.kube.apiserver.validation.fields import each_invalid, invalid
from playground.kube.errors import Cause

_QUANTITY = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?[0-9]{1,2}))?")
_DECIMAL = {"n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
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
    """`resources` of a container: amounts not negative, requests within limits."""
    limits, requests = resources.get("limits", {}), resources.get("requests", {})
    causes = [cause for part, listed in (("limits", limits), ("requests", requests)) for cause in _amounts(listed, f"{path}.{part}")]
    for name, asked in requests.items():
        request, limit = amount(asked), amount(limits[name]) if name in limits else None
        if request is not None and limit is not None and request > limit:
            causes.append(invalid(f"{path}.requests", str(asked), f"must be less than or equal to {name} limit of {limits[name]}"))
    return causes


def _amounts(listed: dict[str, Any], path: str) -> list[Cause]:
    causes = []
    for name, value in listed.items():
        if "/" not in name and name not in ("cpu", "memory", "ephemeral-storage", "storage") and not name.startswith("hugepages-"):
            causes += each_invalid(path, name, names.label_key(name) or ["must be a standard resource type or fully qualified"])
        number = amount(value)
        if number is None:
            causes.append(invalid(f"{path}[{name}]", value, "must be a quantity"))
        elif number < 0:
            causes.append(invalid(f"{path}[{name}]", str(value), "must be greater than or equal to 0"))
    return causes
