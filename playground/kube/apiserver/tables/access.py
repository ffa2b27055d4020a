"""What does `kubectl get` print of who may what: bindings of roles, requests for certificates, webhooks and policies, queues of the API server?

Source: pkg/printers/internalversion/printers.go; pkg/apis/rbac/helpers.go (SubjectsStrings); kube-aggregator pkg/registry/apiservice/etcd.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.tables.ages import human
from playground.kube.apiserver.tables.layout import NONE, UNSET, born, selector

JSON = dict[str, Any]


def binding(each: JSON, now: int) -> list[Any]:
    """Name, Role, Age; wide: Users, Groups, ServiceAccounts."""
    role, subjects = each.get("roleRef", {}), each.get("subjects") or ()
    users, groups = (", ".join(one["name"] for one in subjects if one.get("kind") == kind) for kind in ("User", "Group"))
    accounts = ", ".join(f"{one.get('namespace', '')}/{one['name']}" for one in subjects if one.get("kind") == "ServiceAccount")
    return [each["metadata"]["name"], f"{role.get('kind', '')}/{role.get('name', '')}", born(each, now), users, groups, accounts]


def signing_request(each: JSON, now: int) -> list[Any]:
    """Name, Age, SignerName, Requestor, RequestedDuration, Condition."""
    spec, status = each.get("spec", {}), each.get("status", {})
    types = [one.get("type") for one in status.get("conditions", ())]
    words = ["Denied" if "Denied" in types else "Approved" if "Approved" in types else "Pending"]
    words += ["Failed"] * ("Failed" in types) + ["Issued"] * bool(status.get("certificate"))
    lasts = human(spec["expirationSeconds"]) if spec.get("expirationSeconds") is not None else NONE
    return [each["metadata"]["name"], born(each, now), spec.get("signerName") or NONE, spec.get("username", ""), lasts, ",".join(words)]


def webhooks(each: JSON, now: int) -> list[Any]:
    """Name, Webhooks, Age."""
    return [each["metadata"]["name"], len(each.get("webhooks") or ()), born(each, now)]


def admission_policy(each: JSON, now: int) -> list[Any]:
    """Name, Validations, ParamKind, Age."""
    spec = each.get("spec", {})
    kind = spec.get("paramKind")
    shown = f"{kind.get('apiVersion', '')}/{kind.get('kind', '')}" if kind else UNSET
    return [each["metadata"]["name"], len(spec.get("validations") or ()), shown, born(each, now)]


def admission_binding(each: JSON, now: int) -> list[Any]:
    """Name, PolicyName, ParamRef, Age."""
    spec = each.get("spec", {})
    reference = spec.get("paramRef") or {}
    shown = UNSET
    if reference.get("name"):
        shown = f"{reference.get('namespace') or '*'}/{reference['name']}"
    elif reference.get("selector"):
        shown = selector(reference["selector"])
    return [each["metadata"]["name"], spec.get("policyName", ""), shown, born(each, now)]


def flow_schema(each: JSON, now: int) -> list[Any]:
    """Name, PriorityLevel, MatchingPrecedence, DistinguisherMethod, Age, MissingPL."""
    spec = each.get("spec", {})
    dangling = next((one.get("status") for one in each.get("status", {}).get("conditions", ()) if one.get("type") == "Dangling"), "?")
    method = (spec.get("distinguisherMethod") or {}).get("type", NONE)
    level = spec.get("priorityLevelConfiguration", {}).get("name", "")
    return [each["metadata"]["name"], level, spec.get("matchingPrecedence", 1000), method, born(each, now), dangling]


def priority_level(each: JSON, now: int) -> list[Any]:
    """Name, Type, NominalConcurrencyShares, Queues, HandSize, QueueLengthLimit, Age."""
    spec = each.get("spec", {})
    limited = spec.get("limited")
    queuing = (limited or {}).get("limitResponse", {}).get("queuing")
    shares = NONE if limited is None else limited.get("nominalConcurrencyShares", 30)
    sizes = [
        NONE if queuing is None else queuing.get(field, usual)
        for field, usual in (("queues", 64), ("handSize", 8), ("queueLengthLimit", 50))
    ]
    return [each["metadata"]["name"], spec.get("type", ""), shares, *sizes, born(each, now)]


def api_service(each: JSON, now: int) -> list[Any]:
    """Name, Service, Available, Age."""
    to = each.get("spec", {}).get("service")
    state = next((one for one in each.get("status", {}).get("conditions", ()) if one.get("type") == "Available"), None)
    said = "Unknown" if state is None else state.get("status", "")
    said += f" ({state['reason']})" if state is not None and said != "True" and state.get("reason") else ""
    return [each["metadata"]["name"], f"{to.get('namespace', '')}/{to.get('name', '')}" if to else "Local", said, born(each, now)]
