"""Where can the console be?  The workstation, containers of Pods, Nodes; each as its choice is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playground.kube.kubelet.views import view
from playground.terminal.console.places import NODE, POD, WORKSTATION

SHOWN = 90
SYSTEM = "kube-system"


@dataclass(frozen=True)
class Choice:
    """`key` is the place as the console's socket takes it."""

    key: str
    title: str


@dataclass(frozen=True)
class Places:
    """`pods` are at most SHOWN containers, those of kube-system last; `more` were left out. `chosen` is none of the others."""

    pods: tuple[Choice, ...]
    nodes: tuple[Choice, ...]
    more: int
    chosen: Choice | None = None


def places(running: Any, chosen: str = "") -> Places:
    """Every place where a shell may begin, and the one that is chosen even if it is no such place any more."""
    every = sorted((pod for pod in running.store.list("Pod") if pod.node), key=lambda pod: pod.namespace == SYSTEM)
    found = [choice for pod in every[:SHOWN] for choice in _containers(pod)]
    nodes = tuple(Choice(f"{NODE}/{node.name}", node.name) for node in running.store.list("Node")[:SHOWN])
    known = {WORKSTATION, *(each.key for each in (*found, *nodes))}
    other = Choice(chosen, _title(chosen)) if chosen and chosen not in known else None
    return Places(tuple(found), nodes, max(0, len(every) - SHOWN), other)


def of_object(thing: Any) -> str:
    """The place that an object is: a Pod's first container, a Node itself; "" of others, and of a Pod that is nowhere yet."""
    if thing.kind == "Node":
        return f"{NODE}/{thing.name}"
    return _containers(thing)[0].key if thing.kind == "Pod" and thing.node else ""


def _containers(pod: Any) -> list[Choice]:
    seen = view(pod)
    names = [each.name for each in seen.containers[seen.inits :]]
    name = pod.name if pod.namespace == "default" else f"{pod.name}.{pod.namespace}"
    return [Choice(f"{POD}/{pod.namespace}/{pod.name}/{each}", name if len(names) == 1 else f"{name} ({each})") for each in names]


def _title(place: str) -> str:
    """Of a Pod or a Node that is not among the choices: its name."""
    kind, *names = place.split("/")
    return f"{names[1] if kind == POD and len(names) > 1 else names[0] if names else kind}"[:80]
