"""What is in the cluster, kind by kind?  The rows of the objects table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from playground.kube.apiserver.nodes import addresses
from playground.kube.apiserver.objects import Endpoint
from playground.pages.facts import services, states, words
from playground.pages.facts.other import SERVICE_NAME, is_inert
from playground.pages.facts.values import Badge

FIRST = ("Node", "Service", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Pod", "EndpointSlice", "Endpoints", "Namespace")
SHOWN = 200


@dataclass(frozen=True)
class KindCount:
    kind: str
    count: int
    inert: bool


@dataclass(frozen=True)
class ObjectRow:
    ref: str
    kind: str
    namespace: str
    name: str
    badge: Badge | None
    what: str
    age: str
    inert: bool


@dataclass(frozen=True)
class Listing:
    """At most SHOWN rows; `more` were left out. `kinds` and `namespaces` are what can be filtered by."""

    rows: tuple[ObjectRow, ...]
    more: int
    kinds: tuple[KindCount, ...]
    namespaces: tuple[str, ...]
    kind: str
    namespace: str


def listing(running: Any, kind: str = "", namespace: str = "") -> Listing:
    """Every object, or those of one kind or namespace ("-": those without a namespace)."""
    kinds = sorted(running.store.kinds(), key=lambda each: (FIRST.index(each) if each in FIRST else len(FIRST), each))
    rows, more = [], 0
    for thing in _chosen(running, [kind] if kind else kinds, namespace):
        if len(rows) < SHOWN:
            rows.append(_row(running, thing))
        else:
            more += 1
    return Listing(
        rows=tuple(rows),
        more=more,
        kinds=tuple(KindCount(each, running.store.count(each), is_inert(each)) for each in kinds),
        namespaces=tuple(each.name for each in running.store.list("Namespace")),
        kind=kind,
        namespace=namespace,
    )


def _chosen(running: Any, kinds: list[str], namespace: str) -> Iterator[Any]:
    inside = None if not namespace else "" if namespace == "-" else namespace
    for kind in kinds:
        yield from running.store.list(kind, inside)


def _row(running: Any, thing: Any) -> ObjectRow:
    inert = is_inert(thing.kind)
    return ObjectRow(
        ref=thing.ref,
        kind=thing.kind,
        namespace=thing.namespace,
        name=thing.name,
        badge=None if inert else states.badge(running, thing),
        what="stored, not simulated" if inert else WHAT.get(thing.kind, lambda thing: "")(thing),
        age=words.age(running.now - thing.created),
        inert=inert,
    )


def _service(service: Any) -> str:
    own = ", ".join(service.spec.get("clusterIPs", ())) or service.spec.get("externalName", "")
    return f"{own} {services.ports_text(service)}"


def _slice(piece: Any) -> str:
    endpoints: tuple[Endpoint, ...] = piece.endpoints
    return f"{words.counted(len(endpoints), 'endpoint')} of {piece.labels.get(SERVICE_NAME, 'no Service')}"


WHAT: dict[str, Callable[[Any], str]] = {
    "Pod": lambda pod: " · ".join(part for part in (pod.node, pod.ip, pod.other_ip) if part),
    "Service": _service,
    "Node": lambda node: ", ".join(addresses(node)),
    "EndpointSlice": _slice,
}
