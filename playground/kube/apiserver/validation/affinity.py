"""Is the affinity of a Pod right, to Nodes and to other Pods?

Source: pkg/apis/core/validation/validation.go (ValidateNodeSelector, ValidateNodeSelectorRequirement, validatePodAffinityTerm).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import names
from playground.kube.apiserver.validation.fields import each_invalid, forbidden, invalid, required
from playground.kube.apiserver.validation.meta import label_selector
from playground.kube.errors import Cause

Document = dict[str, Any]


def node_affinity(spec: Document, path: str) -> list[Cause]:
    """The required and preferred node affinity of a Pod's spec."""
    affinity = spec.get("affinity", {}).get("nodeAffinity", {})
    path = f"{path}.affinity.nodeAffinity"
    causes = []
    if "requiredDuringSchedulingIgnoredDuringExecution" in affinity:
        here = f"{path}.requiredDuringSchedulingIgnoredDuringExecution"
        terms = affinity["requiredDuringSchedulingIgnoredDuringExecution"].get("nodeSelectorTerms", [])
        causes += [] if terms else [required(f"{here}.nodeSelectorTerms", "must have at least one node selector term")]
        for index, term in enumerate(terms):
            causes += _term(term, f"{here}.nodeSelectorTerms[{index}]")
    for index, each in enumerate(affinity.get("preferredDuringSchedulingIgnoredDuringExecution", ())):
        here = f"{path}.preferredDuringSchedulingIgnoredDuringExecution[{index}]"
        causes += _weight(each, here)
        # Whatever labels a preference asks for: one that no Node can have is no reason to refuse a Pod.
        causes += _term(each.get("preference", {}), f"{here}.preference", strict=False)
    return causes


def pod_affinity(spec: Document, path: str) -> list[Cause]:
    """The required and preferred affinity and anti-affinity to Pods of a Pod's spec."""
    causes = []
    for name in ("podAffinity", "podAntiAffinity"):
        affinity, here = spec.get("affinity", {}).get(name, {}), f"{path}.affinity.{name}"
        for index, term in enumerate(affinity.get("requiredDuringSchedulingIgnoredDuringExecution", ())):
            causes += _pod_term(term, f"{here}.requiredDuringSchedulingIgnoredDuringExecution[{index}]")
        for index, each in enumerate(affinity.get("preferredDuringSchedulingIgnoredDuringExecution", ())):
            where = f"{here}.preferredDuringSchedulingIgnoredDuringExecution[{index}]"
            causes += _weight(each, where)
            causes += _pod_term(each.get("podAffinityTerm", {}), f"{where}.podAffinityTerm")
    return causes


def _pod_term(term: Document, path: str) -> list[Cause]:
    topology, causes = term.get("topologyKey", ""), []
    for name in ("labelSelector", "namespaceSelector"):
        causes += label_selector(term.get(name, {}), f"{path}.{name}")
    for namespace in term.get("namespaces", ()):
        causes += each_invalid(f"{path}.namespace", namespace, names.dns1123_label(namespace))
    if not topology:
        causes.append(required(f"{path}.topologyKey", "can not be empty"))
    return causes + each_invalid(f"{path}.topologyKey", topology, names.label_key(topology))


def _weight(each: Document, path: str) -> list[Cause]:
    weight = each.get("weight", 0)
    return [] if 1 <= weight <= 100 else [invalid(f"{path}.weight", weight, "must be in the range 1-100")]


def _term(term: Document, path: str, strict: bool = True) -> list[Cause]:
    causes = []
    for index, rule in enumerate(term.get("matchExpressions", ())):
        causes += _expression(rule, f"{path}.matchExpressions[{index}]", strict)
    for index, rule in enumerate(term.get("matchFields", ())):
        causes += _field(rule, f"{path}.matchFields[{index}]")
    return causes


def _expression(rule: Document, path: str, strict: bool) -> list[Cause]:
    operator, values, key = rule.get("operator", ""), rule.get("values", []), rule.get("key", "")
    causes = []
    if operator in ("In", "NotIn"):
        causes += [] if values else [required(f"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'")]
    elif operator in ("Exists", "DoesNotExist"):
        causes += [forbidden(f"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")] if values else []
    elif operator in ("Gt", "Lt"):
        single = "must be specified single value when `operator` is 'Lt' or 'Gt'"
        causes += [] if len(values) == 1 else [required(f"{path}.values", single)]
    else:
        causes.append(invalid(f"{path}.operator", operator, "not a valid selector operator"))
    causes += each_invalid(f"{path}.key", key, names.label_key(key))
    for index, value in enumerate(values if strict else ()):
        causes += each_invalid(f"{path}.values[{index}]", value, names.label_value(value))
    return causes


def _field(rule: Document, path: str) -> list[Cause]:
    operator, values, key = rule.get("operator", ""), rule.get("values", []), rule.get("key", "")
    causes = []
    if operator not in ("In", "NotIn"):
        causes.append(invalid(f"{path}.operator", operator, "not a valid selector operator"))
    elif len(values) != 1:
        causes.append(required(f"{path}.values", "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"))
    if key != "metadata.name":
        return [*causes, invalid(f"{path}.key", key, "not a valid field selector key")]
    for index, value in enumerate(values):
        causes += each_invalid(f"{path}.values[{index}]", value, names.dns1123_subdomain(value))
    return causes
