"""What does `kubectl get` print of Deployments, ReplicaSets, StatefulSets and DaemonSets?

Source: pkg/printers/internalversion/printers.go.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.tables.ages import since
from playground.kube.apiserver.tables.layout import containers, labels, selector

JSON = dict[str, Any]


def deployment(each: JSON, now: int) -> list[Any]:
    """Name, Ready, Up-to-date, Available, Age; wide: Containers, Images, Selector."""
    spec, status, meta = _parts(each)
    ready = f"{status.get('readyReplicas', 0)}/{spec.get('replicas', 0)}"
    counts = [status.get("updatedReplicas", 0), status.get("availableReplicas", 0)]
    return [meta["name"], ready, *counts, _age(meta, now), *containers(spec.get("template", {})), selector(spec.get("selector"))]


def replica_set(each: JSON, now: int) -> list[Any]:
    """Name, Desired, Current, Ready, Age; wide: Containers, Images, Selector."""
    spec, status, meta = _parts(each)
    counts = [spec.get("replicas", 0), status.get("replicas", 0), status.get("readyReplicas", 0)]
    return [meta["name"], *counts, _age(meta, now), *containers(spec.get("template", {})), selector(spec.get("selector"))]


def stateful_set(each: JSON, now: int) -> list[Any]:
    """Name, Ready, Age; wide: Containers, Images."""
    spec, status, meta = _parts(each)
    ready = f"{status.get('readyReplicas', 0)}/{spec.get('replicas', 0)}"
    return [meta["name"], ready, _age(meta, now), *containers(spec.get("template", {}))]


def daemon_set(each: JSON, now: int) -> list[Any]:
    """Name, Desired, Current, Ready, Up-to-date, Available, Node Selector, Age; wide: Containers, Images, Selector."""
    spec, status, meta = _parts(each)
    named = ("desiredNumberScheduled", "currentNumberScheduled", "numberReady", "updatedNumberScheduled", "numberAvailable")
    template = spec.get("template", {})
    nodes = labels(template.get("spec", {}).get("nodeSelector"))
    return [
        meta["name"],
        *(status.get(name, 0) for name in named),
        nodes,
        _age(meta, now),
        *containers(template),
        selector(spec.get("selector")),
    ]


def replication_controller(each: JSON, now: int) -> list[Any]:
    """As a ReplicaSet's, but its selector is plain labels."""
    *cells, _ = replica_set({**each, "spec": {**each.get("spec", {}), "selector": None}}, now)
    return [*cells, labels(each.get("spec", {}).get("selector"))]


def scale(each: JSON, now: int) -> list[Any]:
    """Name, Desired, Available, Age of a subresource `scale`."""
    spec, status, meta = _parts(each)
    return [meta["name"], spec.get("replicas", 0), status.get("replicas", 0), _age(meta, now)]


def _parts(each: JSON) -> tuple[JSON, JSON, JSON]:
    return each.get("spec", {}), each.get("status", {}), each["metadata"]


def _age(meta: JSON, now: int) -> str:
    return since(meta.get("creationTimestamp"), now)
