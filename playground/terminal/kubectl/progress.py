"""How far is a rollout?  The sentence of `kubectl rollout status`, and whether it is done.

Source: staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go.
"""

from __future__ import annotations

from typing import Any

from playground.terminal.kubectl.errors import Wrong

JSON = dict[str, Any]
Progress = tuple[str, bool]
ROLLING = "RollingUpdate"


def deployment(document: JSON) -> Progress:
    """Raises Wrong where the deadline has passed."""
    meta, spec, state = document["metadata"], document.get("spec", {}), document.get("status", {})
    name, wanted = meta["name"], spec.get("replicas", 0)
    updated, total, available = (state.get(each, 0) for each in ("updatedReplicas", "replicas", "availableReplicas"))
    if not _observed(document):
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


def daemon_set(document: JSON) -> Progress:
    name, state = document["metadata"]["name"], document.get("status", {})
    _must_roll(document)
    if not _observed(document):
        return "Waiting for daemon set spec update to be observed...\n", False
    wanted, updated, available = (state.get(each, 0) for each in ("desiredNumberScheduled", "updatedNumberScheduled", "numberAvailable"))
    start = f'Waiting for daemon set "{name}" rollout to finish: '
    if updated < wanted:
        return f"{start}{updated} out of {wanted} new pods have been updated...\n", False
    if available < wanted:
        return f"{start}{available} of {wanted} updated pods are available...\n", False
    return f'daemon set "{name}" successfully rolled out\n', True


def stateful_set(document: JSON) -> Progress:
    spec, state = document.get("spec", {}), document.get("status", {})
    _must_roll(document)
    if not state.get("observedGeneration") or not _observed(document):
        return "Waiting for statefulset spec update to be observed...\n", False
    wanted, updated, revision = spec.get("replicas", 1), state.get("updatedReplicas", 0), state.get("updateRevision", "")
    if state.get("readyReplicas", 0) < wanted:
        return f"Waiting for {wanted - state.get('readyReplicas', 0)} pods to be ready...\n", False
    partition = (spec.get("updateStrategy", {}).get("rollingUpdate") or {}).get("partition")
    if partition is not None:
        if updated < wanted - partition:
            why = f"{updated} out of {wanted - partition} new pods have been updated"
            return f"Waiting for partitioned roll out to finish: {why}...\n", False
        return f"partitioned roll out complete: {updated} new pods have been updated...\n", True
    if revision != state.get("currentRevision"):
        return f"waiting for statefulset rolling update to complete {updated} pods at revision {revision}...\n", False
    return f"statefulset rolling update complete {state.get('currentReplicas', 0)} pods at revision {revision}...\n", True


def _observed(document: JSON) -> bool:
    return bool(document["metadata"].get("generation", 0) <= document.get("status", {}).get("observedGeneration", 0))


def _must_roll(document: JSON) -> None:
    if document.get("spec", {}).get("updateStrategy", {}).get("type", ROLLING) != ROLLING:
        raise Wrong(f"rollout status is only available for {ROLLING} strategy type")


OF = {"Deployment": deployment, "DaemonSet": daemon_set, "StatefulSet": stateful_set}
