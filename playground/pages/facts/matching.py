"""Which Pods does a selector match, and which smallest selector matches just these Pods?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

from playground.kube.apiserver.nodes import REGION, ZONE
from playground.kube.apiserver.objects import Pod
from playground.pages.facts.states import pod_badge
from playground.pages.facts.values import Link

SHOWN = 60
MOST_CANDIDATES = 12
PASSING = frozenset({"pod-template-hash", "controller-revision-hash", "pod-template-generation", REGION, ZONE})
MARK = "switchyard.dev/service"


@dataclass(frozen=True)
class Matches:
    """The Pods that a selector matches; `keys` are their `namespace/name`."""

    links: tuple[Link, ...]
    keys: tuple[str, ...]
    ready: int
    more: int


@dataclass(frozen=True)
class Proposal:
    """A selector for a new Service; `marked` are the Pods that must get its label first, because no label sets them apart."""

    namespace: str
    selector: dict[str, str]
    marked: tuple[str, ...] = ()


def matches(running: Any, namespace: str, selector: dict[str, str]) -> Matches:
    pods = running.machinery.pods_matching(namespace, selector)
    return Matches(
        links=tuple(Link(pod.ref, pod.node, pod_badge(pod)) for pod in pods[:SHOWN]),
        keys=tuple(f"{pod.namespace}/{pod.name}" for pod in pods),
        ready=sum(pod.state.ready for pod in pods),
        more=max(0, len(pods) - SHOWN),
    )


def propose(running: Any, namespace: str, names: list[str], service: str) -> Proposal:
    """The smallest set of labels that these Pods share and no other Pod of the namespace has. Names that are gone are passed over."""
    found = [running.store.get("Pod", namespace, name) for name in names]
    pods = [pod for pod in found if pod is not None]
    shared = _shared(pods)

    def exact(selector: dict[str, str]) -> bool:
        return len(running.machinery.pods_matching(namespace, selector)) == len(pods)

    if not pods or not exact(dict(shared)):
        return Proposal(namespace, {MARK: service}, tuple(pod.name for pod in pods))
    choices = (dict(pairs) for size in range(1, len(shared) + 1) for pairs in combinations(shared, size))
    return Proposal(namespace, next(selector for selector in choices if exact(selector)))


def lasting(labels: dict[str, str]) -> dict[str, str]:
    """Without those that the next rollout changes, or another Node."""
    return {key: value for key, value in labels.items() if key not in PASSING}


def _shared(pods: list[Pod]) -> list[tuple[str, str]]:
    """Lasting labels that all have; `app` first, for it is what people expect."""
    if not pods:
        return []
    common = [pair for pair in lasting(pods[0].labels).items() if all(pod.labels.get(pair[0]) == pair[1] for pod in pods)]
    return sorted(common, key=lambda pair: (pair[0] != "app", pair))[:MOST_CANDIDATES]
