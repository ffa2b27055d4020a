"""Who owns an object, what does it own, which Services select it and which Pods do they select?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from playground.kube.apiserver import selectors
from playground.kube.apiserver.objects import Owner
from playground.kube.apiserver.pods import is_finished
from playground.kube.explain import reached
from playground.pages.facts.states import pod_badge
from playground.pages.facts.values import READY, SOFT, WARN, Badge, Group, Link

SHOWN = 60


def owners(running: Any, thing: Any) -> tuple[Link, ...]:
    """The chain of controlling owners, nearest first."""
    chain: list[Link] = []
    owner: Owner | None = thing.controller
    while owner is not None and len(chain) < 10:
        above = running.store.by_uid(owner.uid)
        chain.append(Link(above.ref if above else f"{owner.kind}/{thing.namespace or '-'}/{owner.name}", "" if above else "gone"))
        owner = above.controller if above else None
    return tuple(chain)


def pods_group(title: str, pods: Iterable[Any], none: str) -> Group:
    """Each Pod with its Node and its state."""
    every = list(pods)
    links = tuple(Link(pod.ref, pod.node or "no Node yet", pod_badge(pod)) for pod in every[:SHOWN])
    return Group(title, links, none, max(0, len(every) - SHOWN))


def services_group(running: Any, pod: Any) -> Group:
    """Which Services select a Pod, and whether it is one of their ready endpoints."""
    links = tuple(
        Link(service.ref, "", _membership(running, service, pod)) for service in reached.selecting(running.store, pod.namespace, pod.labels)
    )
    return Group("Services that select it", links, "No Service selects it: no Service's selector is met by its labels.")


def disowned(running: Any, pod: Any, labels: dict[str, str]) -> Link | None:
    """The ReplicaSet that would let a Pod go if it had these labels, or None."""
    owner = running.store.by_uid(pod.controller.uid) if pod is not None and pod.controller else None
    if owner is None or owner.kind != "ReplicaSet" or selectors.of(owner.spec.get("selector")).matches(labels):
        return None
    return Link(owner.ref)


def _membership(running: Any, service: Any, pod: Any) -> Badge:
    entries = _entries(reached.slices(running.machinery, service), pod)
    if not entries:
        listed = _entries(reached.of_first_family(running.machinery, service), pod)
        return Badge(WARN, "endpoint, but of no port") if listed else Badge(SOFT, "no endpoint" if is_finished(pod) else "no endpoint yet")
    if any(entry.ready is not False for entry in entries):
        return Badge(READY, "ready endpoint")
    return Badge(WARN, "endpoint, not ready")


def _entries(pieces: list[Any], pod: Any) -> list[Any]:
    return [endpoint for piece in pieces for endpoint in piece.endpoints if endpoint.pod == pod.name]
