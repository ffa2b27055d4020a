"""How far has a rollout come?  A line for `kubectl rollout status`, and whether it is done.

Source: staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go.
Simplified: what keeps a Deployment's Pods waiting (a Pod that cannot be scheduled, an image that cannot be pulled) is not added to its lines.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.terminal.kubectl.errors import Wrong

JSON = dict[str, Any]
Progress = tuple[str, bool]


def progress(document: JSON) -> Progress:
    """Raises Wrong for what will never be rolled out."""
    return VIEWERS[document["kind"]](document["metadata"], document.get("spec", {}), document.get("status", {}))


def _deployment(meta: JSON, spec: JSON, state: JSON) -> Progress:
    name, wanted = meta["name"], spec.get("replicas", 0)
    updated, total, available = (state.get(each, 0) for each in ("updatedReplicas", "replicas", "availableReplicas"))
    if meta.get("generation", 0) > state.get("observedGeneration", 0):
        return "Waiting for deployment spec update to be observed...\n", False
    for each in state.get("conditions") or ():
        if each["type"] == "Progressing" and each.get("reason") == "ProgressDeadlineExceeded":
            raise Wrong(f'deployment "{name}" exceeded its progress deadline')
    start = f'Waiting for deployment "{name}" rollout to finish: '
    if updated < wanted:
        return f"{start}{updated} out of {wanted} new replicas have been updated...\n", False
    if total > updated:
        return f"{start}{total - updated} old replicas are pending termination...\n", False
    if available < updated:
        return f"{start}{available} of {updated} updated replicas are available...\n", False
    return f'deployment "{name}" successfully rolled out\n', True


def _daemon_set(meta: JSON, spec: JSON, state: JSON) -> Progress:
    _only_rolling(spec)
    if meta.get("generation", 0) > state.get("observedGeneration", 0):
        return "Waiting for daemon set spec update to be observed...\n", False
    wanted, updated, available = (state.get(each, 0) for each in ("desiredNumberScheduled", "updatedNumberScheduled", "numberAvailable"))
    start = f'Waiting for daemon set "{meta["name"]}" rollout to finish: '
    if updated < wanted:
        return f"{start}{updated} out of {wanted} new pods have been updated...\n", False
    if available < wanted:
        return f"{start}{available} of {wanted} updated pods are available...\n", False
    return f'daemon set "{meta["name"]}" successfully rolled out\n', True


def _stateful_set(meta: JSON, spec: JSON, state: JSON) -> Progress:
    _only_rolling(spec)
    if state.get("observedGeneration", 0) == 0 or meta.get("generation", 0) > state["observedGeneration"]:
        return "Waiting for statefulset spec update to be observed...\n", False
    wanted, ready, updated = spec.get("replicas", 0), state.get("readyReplicas", 0), state.get("updatedReplicas", 0)
    if ready < wanted:
        return f"Waiting for {wanted - ready} pods to be ready...\n", False
    rolling = spec["updateStrategy"].get("rollingUpdate")
    if rolling is not None:
        new = wanted - rolling.get("partition", wanted)
        if updated < new:
            return f"Waiting for partitioned roll out to finish: {updated} out of {new} new pods have been updated...\n", False
        return f"partitioned roll out complete: {updated} new pods have been updated...\n", True
    if state.get("updateRevision") != state.get("currentRevision"):
        return f"waiting for statefulset rolling update to complete {updated} pods at revision {state.get('updateRevision')}...\n", False
    return (
        f"statefulset rolling update complete {state.get('currentReplicas', 0)} pods at revision {state.get('currentRevision')}...\n",
        True,
    )


def _only_rolling(spec: JSON) -> None:
    if spec.get("updateStrategy", {}).get("type") != "RollingUpdate":
        raise Wrong("rollout status is only available for RollingUpdate strategy type")


VIEWERS: dict[str, Callable[[JSON, JSON, JSON], Progress]] = {
    "Deployment": _deployment,
    "DaemonSet": _daemon_set,
    "StatefulSet": _stateful_set,
}
