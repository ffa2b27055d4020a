"""How is an object's state said in one word, and is it well?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.kube.apiserver.objects import EndpointSlice, Pod
from playground.kube.explain import reached, statusword
from playground.pages.facts.values import DROP, READY, SOFT, WARN, Badge

BROKEN = ("BackOff", "Error", "Failed", "Unknown", "Invalid", "OOM")


def badge(running: Any, thing: Any) -> Badge | None:
    """The state of any object, or None where its kind has none."""
    made = BADGES.get(thing.kind)
    if made is None:
        return None
    return made(running, thing) if thing.deleting is None else Badge(WARN, "Terminating")


def pod_badge(pod: Pod) -> Badge:
    """kubectl's STATUS word; a Running Pod is told by whether it is ready."""
    word = statusword.word(pod)
    if word == "Running":
        return Badge(READY, "Ready") if pod.state.ready else Badge(WARN, "Not ready")
    if word in ("Completed", "Succeeded"):
        return Badge(SOFT, word)
    return Badge(DROP if any(part in word for part in BROKEN) else WARN, word)


def node_badge(running: Any, node: Any) -> Badge:
    if not running.kubelet.powered(node.name):
        return Badge(DROP, "Powered off")
    if not node_ready(node):
        return Badge(DROP, "Not ready")
    if running.proxies.stopped(node.name) is not None:
        return Badge(WARN, "kube-proxy stopped")
    return Badge(WARN, "Cordoned") if node.spec.get("unschedulable") else Badge(READY, "Ready")


def node_ready(node: Any) -> bool:
    return any(each["type"] == "Ready" and each["status"] == "True" for each in node.status.get("conditions", ()))


def replicas_badge(running: Any, thing: Any) -> Badge:
    """Ready Pods of those wanted, for the kinds that own Pods."""
    ready, wanted = ready_of(thing)
    return Badge(READY if ready >= wanted else WARN, f"{ready}/{wanted} ready")


def ready_of(thing: Any) -> tuple[int, int]:
    """How many of a workload's Pods are ready, and how many there should be."""
    if thing.kind == "DaemonSet":
        return thing.status.get("numberReady", 0), thing.status.get("desiredNumberScheduled", 0)
    return thing.status.get("readyReplicas", 0), thing.spec.get("replicas", 1)


def service_badge(running: Any, service: Any) -> Badge | None:
    if service.spec.get("type") == "ExternalName":
        return None
    ready = ready_endpoints(running, service)
    return Badge(READY if ready else DROP, f"{ready} ready endpoint{'' if ready == 1 else 's'}")


def ready_endpoints(running: Any, service: Any) -> int:
    """How many endpoints that a Service can lead to are ready; a condition that is not said counts as ready."""
    return _ready(reached.slices(running.machinery, service))


def lost_endpoints(running: Any, service: Any) -> int:
    """How many ready ones stand in its EndpointSlices in vain, as none of its ports is there."""
    return _ready(reached.of_first_family(running.machinery, service)) - ready_endpoints(running, service)


def serving_endpoints(running: Any, service: Any) -> int:
    """How many of them are terminating and still serve: kube-proxy falls back on these where none is ready."""
    pieces = reached.slices(running.machinery, service)
    return sum(bool(endpoint.terminating and endpoint.serving) for piece in pieces for endpoint in piece.endpoints)


def _ready(pieces: list[EndpointSlice]) -> int:
    return sum(endpoint.ready is not False for piece in pieces for endpoint in piece.endpoints)


BADGES: dict[str, Callable[[Any, Any], Badge | None]] = {
    "Pod": lambda running, pod: pod_badge(pod),
    "Node": node_badge,
    "Deployment": replicas_badge,
    "ReplicaSet": replicas_badge,
    "StatefulSet": replicas_badge,
    "DaemonSet": replicas_badge,
    "Service": service_badge,
}
