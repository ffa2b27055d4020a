"""What does a Deployment's status say?  Counts over its ReplicaSets, and the conditions Available and Progressing.

Source: pkg/controller/deployment/{sync.go (calculateStatus),progress.go}.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import JSON
from playground.kube.controllers.rolling import available, is_complete, least_available, replicas
from playground.kube.controllers.writing import generation, with_condition, without_zeros


def status_of(machinery: Machinery, deployment: Any, old: list[Any], new: Any, late: bool) -> tuple[JSON, bool, bool]:
    """The status now; whether the rollout is complete; whether it has come further since the status before.
    `late`: nothing has moved for progressDeadlineSeconds."""
    counts = _counts(deployment, old, new)
    complete = is_complete(deployment, old, new)
    before = deployment.status
    progressed = any(counts.get(name, 0) > before.get(name, 0) for name in ("updatedReplicas", "readyReplicas", "availableReplicas"))
    progressed = progressed or counts.get("replicas", 0) - counts.get("updatedReplicas", 0) < before.get("replicas", 0) - before.get(
        "updatedReplicas", 0
    )
    conditions = _available(machinery, deployment, counts, before.get("conditions", []))
    conditions = _progressing(machinery, deployment, new, conditions, complete, late and not progressed)
    status = counts | {"observedGeneration": generation(deployment), "conditions": conditions}
    if before.get("collisionCount"):
        status["collisionCount"] = before["collisionCount"]
    return status, complete, progressed


def _counts(deployment: Any, old: list[Any], new: Any) -> JSON:
    sets = [*old, *([new] if new is not None else [])]
    total = sum(int(each.status.get("replicas", 0)) for each in sets)
    enough = sum(map(available, sets))
    counts = {
        "replicas": total,
        "updatedReplicas": int(new.status.get("replicas", 0)) if new is not None else 0,
        "readyReplicas": sum(int(each.status.get("readyReplicas", 0)) for each in sets),
        "availableReplicas": enough,
        "unavailableReplicas": max(0, sum(map(replicas, sets)) - enough),
    }
    terminating = sum(int(each.status.get("terminatingReplicas", 0)) for each in sets)
    return without_zeros(counts) | {"terminatingReplicas": terminating}


def _available(machinery: Machinery, deployment: Any, counts: JSON, conditions: list[JSON]) -> list[JSON]:
    if counts.get("availableReplicas", 0) >= least_available(deployment):
        said = "Deployment has minimum availability."
        return with_condition(machinery, conditions, "Available", "True", "MinimumReplicasAvailable", said)
    said = "Deployment does not have minimum availability."
    return with_condition(machinery, conditions, "Available", "False", "MinimumReplicasUnavailable", said)


def _progressing(machinery: Machinery, deployment: Any, new: Any, conditions: list[JSON], complete: bool, late: bool) -> list[JSON]:
    if deployment.spec.get("paused"):
        return with_condition(machinery, conditions, "Progressing", "Unknown", "DeploymentPaused", "Deployment is paused")
    if new is None:
        return conditions
    if complete:
        said = f'ReplicaSet "{new.name}" has successfully progressed.'
        return with_condition(machinery, conditions, "Progressing", "True", "NewReplicaSetAvailable", said)
    if late:
        said = f'ReplicaSet "{new.name}" has timed out progressing.'
        return with_condition(machinery, conditions, "Progressing", "False", "ProgressDeadlineExceeded", said)
    present = next((each for each in conditions if each["type"] == "Progressing"), {})
    if present.get("reason") in ("ProgressDeadlineExceeded", "NewReplicaSetAvailable") and _same_set(present, new):
        return conditions
    return with_condition(machinery, conditions, "Progressing", "True", "ReplicaSetUpdated", f'ReplicaSet "{new.name}" is progressing.')


def _same_set(condition: JSON, new: Any) -> bool:
    return f'"{new.name}"' in str(condition.get("message", ""))
