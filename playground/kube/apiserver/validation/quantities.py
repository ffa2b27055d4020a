"""Are the amounts right that a container or a Pod asks for and may take, and the requests within the limits?

Source: pkg/apis/core/validation (ValidateContainerResourceRequirements, validatePodResourceRequirements).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.kube.apiserver import names
from playground.kube.apiserver.quantity import amount
from playground.kube.apiserver.validation.fields import each_invalid, forbidden, invalid, not_supported, required
from playground.kube.errors import Cause

Naming = Callable[[str, str], list[Cause]]

# Standard resources that only quotas and claims count.
OF_QUOTAS = ("storage", "pods", "services", "secrets", "configmaps", "persistentvolumeclaims", "replicationcontrollers", "resourcequotas")
OF_PODS = ("cpu", "hugepages-", "memory")


def requirements(resources: dict[str, Any], path: str) -> list[Cause]:
    """`resources` of a container: known names, amounts not negative, requests within limits."""
    return _requirements(resources, path, _of_containers)


def pod_requirements(resources: dict[str, Any], path: str) -> list[Cause]:
    """`resources` of a Pod as a whole."""
    claims = [forbidden(f"{path}.claims", "claims cannot be set for Resources at pod-level")] if "claims" in resources else []
    return claims + _requirements(resources, path, _of_pods)


def _requirements(resources: dict[str, Any], path: str, naming: Naming) -> list[Cause]:
    limits, requests = resources.get("limits", {}), resources.get("requests", {})
    causes = []
    for part, listed in (("limits", limits), ("requests", requests)):
        causes += _amounts(listed, f"{path}.{part}", naming)
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


def _amounts(listed: dict[str, Any], path: str, naming: Naming) -> list[Cause]:
    causes = []
    for name, value in listed.items():
        here, number = f"{path}[{name}]", amount(value)
        causes += naming(here, name)
        if number is None:
            causes.append(invalid(here, value, "must be a quantity"))
        elif number < 0:
            causes.append(invalid(here, str(value), "must be greater than or equal to 0"))
        elif not _is_native(name) and number != number.to_integral_value():
            causes.append(invalid(here, str(value), "must be an integer"))
    return causes


def _of_containers(path: str, name: str) -> list[Cause]:
    """Source: validateContainerResourceName."""
    wrong = each_invalid(path, name, _wrong_name(name))
    if "/" in name or name in ("cpu", "memory", "ephemeral-storage") or name.startswith("hugepages-"):
        return wrong
    return [*wrong, invalid(path, name, "must be a standard resource for containers")]


def _of_pods(path: str, name: str) -> list[Cause]:
    """Source: validatePodResourceName."""
    wrong = each_invalid(path, name, _wrong_name(name))
    if wrong or name in ("cpu", "memory") or name.startswith("hugepages-"):
        return wrong
    return [not_supported(path, name, OF_PODS)]


def _wrong_name(name: str) -> list[str]:
    """Source: validateResourceName."""
    wrong = names.label_key(name)
    known = "/" in name or name in ("cpu", "memory", "ephemeral-storage", *OF_QUOTAS) or name.startswith("hugepages-")
    return wrong if wrong or known else ["must be a standard resource type or fully qualified"]


def _is_native(name: str) -> bool:
    """Kubernetes' own, no device of anybody else."""
    return "/" not in name or "kubernetes.io/" in name
