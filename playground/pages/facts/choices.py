"""What can be chosen in the forms that add something: Pods, and what requests can be sent to?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playground.kube.network.senders import NODE, OUTSIDE, key_of
from playground.pages.facts import services
from playground.pages.facts.matching import lasting

SHOWN = 90
SYSTEM = "kube-system"


@dataclass(frozen=True)
class PodChoice:
    """`labels` are those that a selector may use."""

    key: str
    labels: dict[str, str]


@dataclass(frozen=True)
class Choices:
    """`pods` are at most SHOWN, those of kube-system last; `more` were left out. `machines` can send requests and are no Pods."""

    pods: tuple[PodChoice, ...]
    more: int
    targets: tuple[str, ...]
    machines: tuple[str, ...]


def choices(running: Any) -> Choices:
    every = sorted(running.store.list("Pod"), key=lambda pod: pod.namespace == SYSTEM)
    pods = tuple(PodChoice(f"{pod.namespace}/{pod.name}", lasting(pod.labels)) for pod in every[:SHOWN])
    return Choices(pods, max(0, len(every) - SHOWN), services.targets(running), _machines(running))


def _machines(running: Any) -> tuple[str, ...]:
    """A client outside of each family, and every Node."""
    nodes = running.store.list("Node")[:SHOWN]
    outside = [f"{OUTSIDE}:{ip}" for ip in running.network.senders.neighbours]
    return tuple(key_of(running.network.senders.require(name)) for name in (*outside, *(f"{NODE}:{node.name}" for node in nodes)))
