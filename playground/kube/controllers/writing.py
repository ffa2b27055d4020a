"""How does a controller write?  A changed spec gets a new generation, a status that says the same is not written again.

Source: staging/src/k8s.io/apiserver/pkg/registry/generic (generation), pkg/controller/deployment/util/deployment_util.go (SetDeploymentCondition),
pkg/controller/replicaset/replica_set_utils.go (SetCondition).
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import JSON
from playground.kube.apiserver.timestamps import timestamp


def generation(thing: Any) -> int:
    return int(thing.meta.get("generation", 1))


def respec(machinery: Machinery, thing: Any, **changes: Any) -> Any:
    """Put these fields into an object's spec, or (None) take them out; its generation moves if that changes anything."""
    spec = {key: value for key, value in {**thing.spec, **changes}.items() if value is not None}
    if spec == thing.spec:
        return thing
    return machinery.store.replace(thing, spec=spec, meta={**thing.meta, "generation": generation(thing) + 1})


def with_condition(machinery: Machinery, conditions: list[JSON], type: str, status: str, reason: str, message: str) -> list[JSON]:
    """The conditions with one set, behind the others; nothing moves if it has this status and reason, and its transition time only with its status."""
    old = next((each for each in conditions if each["type"] == type), None)
    if old is not None and (old["status"], old.get("reason")) == (status, reason):
        return conditions
    now = timestamp(machinery.settings, machinery.now)
    since = old["lastTransitionTime"] if old is not None and old["status"] == status else now
    new = {"type": type, "status": status, "lastTransitionTime": since, "reason": reason, "message": message}
    return [*(each for each in conditions if each is not old), new]


def without_zeros(status: JSON) -> JSON:
    """Counts that are 0 do not appear in a status."""
    return {key: value for key, value in status.items() if value != 0}
