"""May this Pod be on this Node?  Taints and tolerations, nodeSelector and required node affinity.

Source: staging/src/k8s.io/component-helpers/scheduling/corev1/{helpers.go,nodeaffinity/nodeaffinity.go}.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver.objects import JSON, Object
from playground.kube.apiserver.requests import pod_requests

HostPort = tuple[str, str, int]
Toleration = tuple[str, str, str, str, int | None]
Expression = tuple[str, str, tuple[str, ...]]


ANY = "0.0.0.0"


class Placement(msgspec.Struct, frozen=True, gc=False):
    """What a Pod's spec asks of a Node: every pair of `selector`; one of `terms` (None: no affinity), of which each holds
    expressions on labels and on fields; `tolerations` are (key, operator, value, effect, seconds); `only` is the name
    of the one Node it can be on, "" if it is free; `ports` the host ports it wants, (address, protocol, port); `cpu` (in
    thousandths), `memory` (in bytes) and `others` are what it requests; `claims` the PersistentVolumeClaims that its volumes name."""

    selector: tuple[tuple[str, str], ...] = ()
    terms: tuple[tuple[tuple[Expression, ...], tuple[Expression, ...]], ...] | None = None
    tolerations: tuple[Toleration, ...] = ()
    only: str = ""
    ports: tuple[HostPort, ...] = ()
    cpu: int = 0
    memory: int = 0
    others: tuple[tuple[str, int], ...] = ()
    claims: tuple[str, ...] = ()

    @property
    def picky(self) -> bool:
        """It asks for labels or fields of the Node."""
        return bool(self.selector) or self.terms is not None

    @property
    def anywhere(self) -> bool:
        """Any Node will do that has a place for one more Pod and that nothing keeps Pods off."""
        return not (self.picky or self.only or self.ports or self.cpu or self.memory or self.others)


def placement_of(spec: JSON) -> Placement:
    """Read a Pod's spec."""
    required = spec.get("affinity", {}).get("nodeAffinity", {}).get("requiredDuringSchedulingIgnoredDuringExecution")
    terms = (
        None
        if required is None
        else tuple(
            (_expressions(term.get("matchExpressions")), _expressions(term.get("matchFields"))) for term in required["nodeSelectorTerms"]
        )
    )
    requests = pod_requests(spec)
    return Placement(
        selector=tuple(sorted(spec.get("nodeSelector", {}).items())),
        terms=terms,
        tolerations=tuple(_toleration(each) for each in spec.get("tolerations", ())),
        only=_only(terms),
        ports=_host_ports(spec),
        cpu=requests.pop("cpu", 0),
        memory=requests.pop("memory", 0),
        others=tuple(requests.items()),
        claims=tuple(
            str(each["persistentVolumeClaim"].get("claimName", "")) for each in spec.get("volumes") or () if "persistentVolumeClaim" in each
        ),
    )


def conflicts(one: HostPort, other: HostPort) -> bool:
    """Two host ports that cannot be on one Node: of one number and protocol, and of one address, or one of all addresses.

    Source: pkg/scheduler/framework/types.go (HostPortInfo.CheckConflict).
    """
    return one[1:] == other[1:] and (one[0] == other[0] or ANY in (one[0], other[0]))


def selects(placement: Placement, node: Object) -> bool:
    """Do nodeSelector and required affinity accept this Node?"""
    if any(node.labels.get(key) != value for key, value in placement.selector):
        return False
    return placement.terms is None or any(_term_accepts(term, node) for term in placement.terms)


def untolerated(placement: Placement, taints: list[JSON], effects: tuple[str, ...] = ("NoSchedule", "NoExecute")) -> JSON | None:
    """The first taint of one of these effects that the Pod does not tolerate, or None."""
    return next(
        (taint for taint in taints if taint["effect"] in effects and not any(_tolerates(each, taint) for each in placement.tolerations)),
        None,
    )


def tolerated_seconds(placement: Placement, taint: JSON) -> int | None:
    """How long a Pod may stay on a Node with a NoExecute taint: seconds, or None for ever; the shortest of its matching
    tolerations counts, and 0 if it has none."""
    matching = [each for each in placement.tolerations if _tolerates(each, taint)]
    limits = [seconds for *_, seconds in matching if seconds is not None]
    return (max(0, min(limits)) if limits else None) if matching else 0


def _tolerates(toleration: Toleration, taint: JSON) -> bool:
    key, operator, value, effect, _ = toleration
    if effect and effect != taint["effect"]:
        return False
    if key and key != taint["key"]:
        return False
    return operator == "Exists" or (bool(key) and value == taint.get("value", ""))


def _term_accepts(term: tuple[tuple[Expression, ...], tuple[Expression, ...]], node: Object) -> bool:
    labels, fields = term
    if not labels and not fields:
        return False
    named = {"metadata.name": node.name}
    return all(_holds(each, node.labels) for each in labels) and all(_holds(each, named) for each in fields)


def _holds(expression: Expression, labels: dict[str, str]) -> bool:
    key, operator, values = expression
    seen = labels.get(key)
    if operator == "In":
        return seen in values
    if operator == "NotIn":
        return seen not in values
    if operator in ("Exists", "DoesNotExist"):
        return (seen is not None) == (operator == "Exists")
    try:
        number, limit = int(seen or ""), int(values[0])
    except ValueError:
        return False
    return number > limit if operator == "Gt" else number < limit


def _only(terms: Any) -> str:
    if terms is not None and len(terms) == 1:
        for key, operator, values in terms[0][1]:
            if key == "metadata.name" and operator == "In" and len(values) == 1:
                return str(values[0])
    return ""


def _expressions(listed: Any) -> tuple[Expression, ...]:
    return tuple((each["key"], each["operator"], tuple(each.get("values", ()))) for each in listed or ())


def _toleration(each: JSON) -> Toleration:
    return (
        each.get("key", ""),
        each.get("operator", "Equal"),
        each.get("value", ""),
        each.get("effect", ""),
        each.get("tolerationSeconds"),
    )


def _host_ports(spec: JSON) -> tuple[HostPort, ...]:
    """Those of its containers, and of the init containers that go on running (pkg/scheduler/util/utils.go, GetHostPorts)."""
    lasting = (each for each in spec.get("initContainers") or () if each.get("restartPolicy") == "Always")
    ports = (port for container in (*lasting, *(spec.get("containers") or ())) for port in container.get("ports") or ())
    wanted = (port for port in ports if port.get("hostPort"))
    return tuple(dict.fromkeys((port.get("hostIP") or ANY, port.get("protocol") or "TCP", port["hostPort"]) for port in wanted))
