"""What does a Deployment's status say?  Counts over its ReplicaSets, and the conditions Available, Progressing and ReplicaFailure.

Source: pkg/controller/deployment/{sync.go (calculateStatus, checkPausedConditions, getNewReplicaSet),progress.go (syncRolloutStatus, getReplicaFailures)},
util/deployment_util.go (DeploymentProgressing, DeploymentTimedOut, HasProgressDeadline).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import JSON
from playground.kube.apiserver.timestamps import timestamp
from playground.kube.controllers.rolling import available, is_complete, least_available, replicas
from playground.kube.controllers.writing import generation, with_condition, without_zeros

PROGRESSING = "Progressing"
PAUSED, DONE, LATE = "DeploymentPaused", "NewReplicaSetAvailable", "ProgressDeadlineExceeded"
NO_DEADLINE = 2147483647


def patience(deployment: Any) -> int | None:
    """In how many seconds a rollout has to come further, None if it may take for ever."""
    seconds = int(deployment.spec.get("progressDeadlineSeconds", 600))
    return None if seconds == NO_DEADLINE else seconds


def progressing(deployment: Any) -> JSON:
    """The condition Progressing, empty if there is none."""
    return _condition(deployment.status.get("conditions", []), PROGRESSING)


def with_pause(machinery: Machinery, deployment: Any) -> Any:
    """The Deployment, which says whether it is paused, unless its rollout is late."""
    reason, paused = progressing(deployment).get("reason"), bool(deployment.spec.get("paused"))
    if patience(deployment) is None or reason == LATE or paused == (reason == PAUSED):
        return deployment
    word, said = (PAUSED, "Deployment is paused") if paused else ("DeploymentResumed", "Deployment is resumed")
    return _put(machinery, deployment, "Unknown", word, said)


def with_new_set(machinery: Machinery, deployment: Any, new: Any, made: bool) -> Any:
    """The Deployment, which says that it has made a ReplicaSet; of one that it had already, only if nothing was said of progress before."""
    if patience(deployment) is None or (progressing(deployment) and not made):
        return deployment
    word, verb = ("NewReplicaSetCreated", "Created") if made else ("FoundNewReplicaSet", "Found")
    return _put(machinery, deployment, "True", word, f'{verb} new replica set "{new.name}"')


def status_of(machinery: Machinery, deployment: Any, old: list[Any], new: Any, late: bool) -> JSON:
    """The status now. `late`: nothing has moved for progressDeadlineSeconds."""
    counts = _counts(deployment, old, new)
    conditions = _available(machinery, deployment, counts, deployment.status.get("conditions", []))
    if deployment.deleting is None and not deployment.spec.get("paused"):
        conditions = _progressing(machinery, deployment, old, new, counts, conditions, late)
        conditions = _failing(machinery, [*([new] if new is not None else []), *old], conditions)
    status = counts | {"observedGeneration": generation(deployment), "conditions": conditions}
    if deployment.status.get("collisionCount"):
        status["collisionCount"] = deployment.status["collisionCount"]
    return status


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
        return _with(machinery, conditions, "Available", "True", "MinimumReplicasAvailable", said)
    said = "Deployment does not have minimum availability."
    return _with(machinery, conditions, "Available", "False", "MinimumReplicasUnavailable", said)


def _progressing(
    machinery: Machinery, deployment: Any, old: list[Any], new: Any, counts: JSON, conditions: list[JSON], late: bool
) -> list[JSON]:
    """A rollout that is done stays so, whatever becomes of its Pods, until there is another template."""
    if patience(deployment) is None:
        return _without(conditions, PROGRESSING)
    present = _condition(conditions, PROGRESSING)
    reason = present.get("reason")
    if reason == DONE and counts.get("replicas", 0) == counts.get("updatedReplicas", 0):
        return conditions
    name = f'ReplicaSet "{new.name}"' if new is not None else f'Deployment "{deployment.name}"'
    if is_complete(deployment, old, new):
        return _with(machinery, conditions, PROGRESSING, "True", DONE, f"{name} has successfully progressed.")
    if _has_moved(deployment.status, counts):
        after = _with(machinery, _without(conditions, PROGRESSING), PROGRESSING, "True", "ReplicaSetUpdated", f"{name} is progressing.")
        since = {"lastTransitionTime": present["lastTransitionTime"]} if present.get("status") == "True" else {}
        return [*after[:-1], after[-1] | since]
    if late and reason not in (None, DONE):
        return _with(machinery, conditions, PROGRESSING, "False", LATE, f"{name} has timed out progressing.")
    return conditions


def _has_moved(before: JSON, counts: JSON) -> bool:
    if any(counts.get(name, 0) > before.get(name, 0) for name in ("updatedReplicas", "readyReplicas", "availableReplicas")):
        return True
    return _of_old(counts) < _of_old(before)


def _of_old(counts: JSON) -> int:
    """How many Pods are of older templates."""
    return int(counts.get("replicas", 0) - counts.get("updatedReplicas", 0))


def _failing(machinery: Machinery, sets: list[Any], conditions: list[JSON]) -> list[JSON]:
    """Why a ReplicaSet cannot make its Pods, the newest first."""
    found = (_condition(each.status.get("conditions", []), "ReplicaFailure") for each in sets)
    failure = next(filter(None, found), None)
    if failure is None:
        return _without(conditions, "ReplicaFailure")
    return _with(machinery, conditions, "ReplicaFailure", failure["status"], failure["reason"], failure["message"])


def _put(machinery: Machinery, deployment: Any, status: str, reason: str, message: str) -> Any:
    conditions = _with(machinery, deployment.status.get("conditions", []), PROGRESSING, status, reason, message)
    return machinery.store.replace(deployment, status={**deployment.status, "conditions": conditions})


def _with(machinery: Machinery, conditions: list[JSON], type: str, status: str, reason: str, message: str) -> list[JSON]:
    """The conditions with one set, which also says when it was written."""
    after = with_condition(machinery, conditions, type, status, reason, message)
    if after is conditions:
        return conditions
    return [*after[:-1], after[-1] | {"lastUpdateTime": timestamp(machinery.settings, machinery.now)}]


def _without(conditions: list[JSON], type: str) -> list[JSON]:
    return [each for each in conditions if each["type"] != type]


def _condition(conditions: list[JSON], type: str) -> JSON:
    return next((each for each in conditions if each["type"] == type), {})
