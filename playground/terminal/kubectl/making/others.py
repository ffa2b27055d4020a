"""What do the other commands of `kubectl create` make?  namespace, quota, serviceaccount, poddisruptionbudget, priorityclass.

Source: staging/src/k8s.io/kubectl/pkg/cmd/create/create_{namespace,quota,serviceaccount,pdb,priorityclass}.go.
"""

from __future__ import annotations

from typing import Any

from playground.kube.errors import Refusal
from playground.terminal.kubectl.asks import Program
from playground.terminal.kubectl.call import Call
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.kubectl.making.words import failed, name_of, pairs
from playground.terminal.kubectl.submitting import COMMON, made, meta

JSON = dict[str, Any]
QUOTA = f"{COMMON} hard:text scopes:text"
BUDGET = f"{COMMON} selector:text min-available:text max-unavailable:text"
PRIORITY = f"{COMMON} value:whole global-default:switch description:text preemption-policy:text"
NO_DISRUPTION = {"currentHealthy": 0, "desiredHealthy": 0, "disruptionsAllowed": 0, "expectedPods": 0}


def namespace(call: Call) -> Program:
    return (yield from _made(call, "v1", "Namespace", False, {"spec": {}, "status": {}}))


def service_account(call: Call) -> Program:
    return (yield from _made(call, "v1", "ServiceAccount", True, {}, "serviceaccount"))


def quota(call: Call) -> Program:
    hard, scopes = call.flags.text("hard"), call.flags.text("scopes")
    spec = {**({"hard": pairs(hard)} if hard else {}), **({"scopes": scopes.split(",")} if scopes else {})}
    return (yield from _made(call, "v1", "ResourceQuota", True, {"spec": spec, "status": {}}, "quota"))


def budget(call: Call) -> Program:
    flags = call.flags
    least, most = flags.text("min-available"), flags.text("max-unavailable")
    name_of(call)
    if not flags.text("selector"):
        raise Wrong("a selector must be specified")
    if not least and not most:
        raise Wrong("one of min-available or max-unavailable must be specified")
    if least and most:
        raise Wrong("min-available and max-unavailable cannot be both specified")
    amount = {"minAvailable" if least else "maxUnavailable": int(least or most) if (least or most).isdecimal() else least or most}
    spec = {**amount, "selector": {"matchLabels": pairs(flags.text("selector"))}}
    return (
        yield from _made(call, "policy/v1", "PodDisruptionBudget", True, {"spec": spec, "status": NO_DISRUPTION}, "poddisruptionbudgets")
    )


def priority_class(call: Call) -> Program:
    flags = call.flags
    fields = {
        **({"description": flags.text("description")} if flags.text("description") else {}),
        **({"globalDefault": True} if flags.on("global-default") else {}),
        "preemptionPolicy": flags.text("preemption-policy") or "PreemptLowerPriority",
        "value": flags.of("value", 0),
    }
    return (yield from _made(call, "scheduling.k8s.io/v1", "PriorityClass", False, fields, "priorityclass"))


def _made(call: Call, version: str, kind: str, spaced: bool, fields: JSON, what: str = "") -> Program:
    """`what` stands in what is said of a refusal, where kubectl says more than the server."""
    document = {"apiVersion": version, "kind": kind, "metadata": meta(call, name_of(call), spaced=spaced), **fields}
    try:
        return (yield from made(call, document))
    except Refusal as refusal:
        raise failed(what, refusal) if what else refusal from None
