"""Are the constraints right by which a Pod asks to be spread?

Source: pkg/apis/core/validation/validation.go (validateTopologySpreadConstraints).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import names
from playground.kube.apiserver.validation.fields import duplicate, each_invalid, forbidden, invalid, not_supported, required
from playground.kube.apiserver.validation.meta import label_selector
from playground.kube.errors import Cause

Document = dict[str, Any]

ACTIONS = ("DoNotSchedule", "ScheduleAnyway")
POLICIES = ("Honor", "Ignore")
_POSITIVE = "must be greater than zero"


def spread_constraints(listed: list[Document], path: str) -> list[Cause]:
    causes = []
    for index, each in enumerate(listed):
        here = f"{path}[{index}]"
        causes += _constraint(each, here)
        if any(_sort(other) == _sort(each) for other in listed[index + 1 :]):
            causes.append(duplicate(f"{here}.{{topologyKey, whenUnsatisfiable}}", "{" + ", ".join(_sort(each)) + "}"))
        causes += _domains(each, f"{here}.minDomains")
        for name in ("nodeAffinityPolicy", "nodeTaintsPolicy"):
            if each.get(name, "Honor") not in POLICIES:
                causes.append(not_supported(f"{here}.{name}", each[name], POLICIES))
        causes += _label_keys(each, f"{here}.matchLabelKeys") + label_selector(each.get("labelSelector", {}), f"{here}.labelSelector")
    return causes


def _constraint(each: Document, path: str) -> list[Cause]:
    skew, action = each.get("maxSkew", 0), each.get("whenUnsatisfiable", "")
    causes = [] if skew > 0 else [invalid(f"{path}.maxSkew", skew, _POSITIVE)]
    causes += [] if each.get("topologyKey") else [required(f"{path}.topologyKey", "can not be empty")]
    return causes if action in ACTIONS else [*causes, not_supported(f"{path}.whenUnsatisfiable", action, ACTIONS)]


def _sort(each: Document) -> tuple[str, str]:
    return each.get("topologyKey", ""), each.get("whenUnsatisfiable", "")


def _domains(each: Document, path: str) -> list[Cause]:
    fewest, action = each.get("minDomains"), each.get("whenUnsatisfiable", "")
    if fewest is None:
        return []
    causes = [] if fewest > 0 else [invalid(path, fewest, _POSITIVE)]
    only = f"can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}"
    return causes if action == "DoNotSchedule" else [*causes, invalid(path, fewest, only)]


def _label_keys(each: Document, path: str) -> list[Cause]:
    keys, selector = each.get("matchLabelKeys", ()), each.get("labelSelector")
    causes = [forbidden(path, "must not be specified when labelSelector is not set")] if keys and selector is None else []
    known = [*(selector or {}).get("matchLabels", ()), *(rule.get("key", "") for rule in (selector or {}).get("matchExpressions", ()))]
    for index, key in enumerate(keys):
        causes += each_invalid(f"{path}[{index}]", key, names.label_key(key))
        causes += [invalid(f"{path}[{index}]", key, "exists in both matchLabelKeys and labelSelector")] if key in known else []
    return causes
