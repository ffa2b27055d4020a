"""Does what a Pod asks for as a whole agree with what its containers ask for?

Source: pkg/apis/core/validation/validation.go (validatePodResources, validatePodResourceConsistency); KEP-2837.
Simplified: of what only the containers ask for nothing is said.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from playground.kube.apiserver.canonical import canonical
from playground.kube.apiserver.quantity import amount
from playground.kube.apiserver.requests import container_requests
from playground.kube.apiserver.validation.fields import invalid
from playground.kube.apiserver.validation.quantities import pod_requirements
from playground.kube.errors import Cause

Document = dict[str, Any]


def pod_resources(spec: Document, path: str) -> list[Cause]:
    resources, path = spec.get("resources"), f"{path}.resources"
    if resources is None:
        return []
    return pod_requirements(resources, path) + _requests(spec, resources, path) + _limits(spec, resources, path)


def _requests(spec: Document, resources: Document, path: str) -> list[Cause]:
    asked = container_requests(spec)
    causes = []
    for name, given in resources.get("requests", {}).items():
        number, needed = amount(given), Decimal(asked.get(name, 0)) / (1_000 if name == "cpu" else 1)
        if number is not None and number < needed:
            shown = canonical(f"{asked[name]}m" if name == "cpu" else str(asked[name]))
            said = f"must be greater than or equal to aggregate container requests of {shown}"
            causes.append(invalid(f"{path}.requests[{name}]", str(given), said))
    return causes


def _limits(spec: Document, resources: Document, path: str) -> list[Cause]:
    limits = resources.get("limits", {})
    causes = []
    for index, container in enumerate(spec.get("containers", ())):
        for name, given in container["resources"].get("limits", {}).items():
            number, most = amount(given), amount(limits.get(name, ""))
            if number is not None and most is not None and number > most:
                here = f"{path}.containers[{index}][{name}].limits"
                causes.append(invalid(here, str(given), f"must be less than or equal to pod limits of {limits[name]}"))
    return causes
