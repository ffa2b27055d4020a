"""Who ended a Pod that its own workload did not end?  The condition DisruptionTarget says it while the Pod is there.

Source: pkg/registry/core/pod/storage/eviction.go and pkg/controller/tainteviction/taint_eviction.go (addConditionAndDeletePod),
pkg/controller/podgc/gc_controller.go (gcOrphaned), pkg/api/v1/pod/util.go (UpdatePodCondition).
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Pod
from playground.kube.apiserver.timestamps import timestamp

TYPE = "DisruptionTarget"
BY_EVICTION = "EvictionByEvictionAPI"
BY_TAINTS = "DeletionByTaintManager"
BY_COLLECTION = "DeletionByPodGC"
MESSAGES = {
    BY_EVICTION: "Eviction API: evicting",
    BY_TAINTS: "Taint manager: deleting due to NoExecute taint",
    BY_COLLECTION: "PodGC: node no longer exists",
}


def disrupted(machinery: Machinery, pod: Pod, reason: str, **state: Any) -> Pod:
    """The Pod as it is stored once the condition is set, and this of its state; a condition that was there keeps its time, and gets the reason."""
    before = next((each for each in pod.state.conditions if each["type"] == TYPE), None)
    since = timestamp(machinery.settings, machinery.now) if before is None else before["lastTransitionTime"]
    said = {
        "lastProbeTime": None,
        "lastTransitionTime": since,
        "message": MESSAGES[reason],
        "reason": reason,
        "status": "True",
        "type": TYPE,
    }
    others = [each for each in pod.state.conditions if each is not before]
    marked: Pod = machinery.store.replace(pod, state=replace(pod.state, conditions=(*others, said), **state))
    return marked
