"""A cluster of one Node whose containers run their commands, and what is asked of it."""

from __future__ import annotations

import functools
from typing import Any

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.network import containerlogs
from playground.kube.settings import ClusterSettings
from playground.terminal.commands import SOFTWARE
from tests.laws.histories import schema

NGINX = {"name": "main", "image": "nginx", "ports": [{"containerPort": 80}]}


@functools.cache
def started() -> bytes:
    made = Cluster.create(ClusterSettings(seed=5), schema(), SOFTWARE)
    made.submit(actions.AddNode("node-a"))
    made.advance(30 * SECOND)
    return made.snapshot()


def run(kube: Cluster, seconds: float) -> None:
    kube.advance(kube.now + round(seconds * SECOND))


def container(script: str, name: str = "main", **more: Any) -> dict[str, Any]:
    return {"name": name, "image": "busybox:1.36", "command": ["sh", "-c", script], **more}


def create(kube: Cluster, name: str, *containers: dict[str, Any], labels: dict[str, str] | None = None, **spec: Any) -> None:
    metadata = {"name": name, "labels": labels or {}}
    kube.submit(
        actions.Apply([{"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": list(containers), **spec}}])
    )


def serve(kube: Cluster, name: str = "web") -> None:
    ports = [{"port": 80}]
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": {"selector": {"app": name}, "ports": ports}}
    kube.submit(actions.Apply([service]))
    create(kube, f"{name}-0", NGINX, labels={"app": name})


def state(kube: Cluster, pod: str, slot: int = 0) -> Any:
    return containerlogs.states(kube.store.get("Pod", "default", pod))[slot]


def logs(kube: Cluster, pod: str, slot: int = 0) -> list[str]:
    return [line for _, line in containerlogs.lines(kube, kube.store.get("Pod", "default", pod), slot)]


def outcomes(kube: Cluster, pod: str) -> list[str]:
    return [each.outcome for each in reversed(kube.network.recent(1_000)) if each.sender == f"default/{pod}" and not each.asks]


def events(kube: Cluster, pod: str) -> list[tuple[str, str]]:
    """Reason and message of the events about a Pod, in the order in which each was told first."""
    told = sorted(kube.machinery.recorder.about(kube.store.get("Pod", "default", pod).uid), key=lambda each: (each.first, each.born))
    return [(each.last.reason, each.last.message) for each in told]
