"""Are there as many Pods as the ReplicaSet wants?  It makes missing ones and deletes those that are too many.

Source: pkg/controller/replicaset/replica_set.go, pkg/controller/controller_utils.go (ActivePodsWithRanks, getPodsRankedByRelatedPodsOnSameNode).
Simplified: Pods are made all at once, without slow start; fullyLabeledReplicas is not kept; a Pod's age weighs as it is,
not on a logarithmic scale.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import JSON, Pod
from playground.kube.apiserver.pods import is_active, is_available, is_finished
from playground.kube.apiserver.podtemplate import create_pod, pod_of
from playground.kube.clock import MILLISECOND, SECOND
from playground.kube.controllers.claims import Claims
from playground.kube.controllers.priorityclasses import AwaitedClasses
from playground.kube.controllers.tally import Count, Tally, concerned
from playground.kube.controllers.writing import generation, with_condition, without_zeros
from playground.kube.errors import Refusal
from playground.kube.queue import Key, WorkQueue

BY = "replicaset-controller"
PHASES = {"Pending": 0, "Unknown": 1, "Running": 2}


class ReplicaSetController:
    """Reconciles ReplicaSets by (namespace, name)."""

    name = "replicaset"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._tally = Tally(machinery.store, "ReplicaSet")
        self._claims = Claims(machinery, "ReplicaSet", "Pod")
        self._short: dict[str, None] = {}
        self._queue = WorkQueue(machinery.clock, self.name, 5 * MILLISECOND, self._reconcile)
        self._store.watch("ReplicaSet", self._changed, of=("spec", "deleting"))
        self._store.watch("Pod", self._pod_changed, of=("owners", "state", "deleting"))
        AwaitedClasses(machinery, "ReplicaSet", self._queue)

    def _reconcile(self, key: Key) -> None:
        owner = self._store.get("ReplicaSet", *key)
        if owner is None:
            return
        failure = ""
        if owner.deleting is None:
            missing = int(owner.spec.get("replicas", 1)) - self._tally.of(owner.uid).active
            failure = self._create(owner, missing) if missing > 0 else ""
            if missing < 0:
                self._delete(owner, -missing)
        self._write_status(owner, failure)

    def _create(self, owner: Any, missing: int) -> str:
        """Make Pods; why not all of them could be made, if so. That is tried again when a Pod goes."""
        self._short.pop(owner.uid, None)
        template = owner.spec["template"]
        for _ in range(missing):
            try:
                pod = create_pod(self._machinery, pod_of(self._machinery, owner, template, self._free_name(owner)))
            except Refusal as refusal:
                self._short[owner.uid] = None
                self._machinery.record(owner, "Warning", "FailedCreate", f"Error creating: {refusal.message}", BY)
                return refusal.message
            self._machinery.record(owner, "Normal", "SuccessfulCreate", f"Created pod: {pod.name}", BY)
        return ""

    def _free_name(self, owner: Any) -> str:
        while True:
            name = f"{owner.name}-{self._machinery.chance.suffix()}"
            if self._store.get("Pod", owner.namespace, name) is None:
                return name

    def _delete(self, owner: Any, surplus: int) -> None:
        family = [pod for each in self._siblings(owner) for pod in self._active(each)]
        for pod in _dispensable(self._active(owner), Counter(pod.node for pod in family))[:surplus]:
            delete(self._machinery, pod)
            self._machinery.record(owner, "Normal", "SuccessfulDelete", f"Deleted pod: {pod.name}", BY)

    def _active(self, owner: Any) -> list[Pod]:
        return [pod for pod in self._store.owned(owner.uid) if pod.kind == "Pod" and is_active(pod)]

    def _siblings(self, owner: Any) -> list[Any]:
        """The ReplicaSets of the same controller, this one among them."""
        if owner.controller is None:
            return [owner]
        return [each for each in self._store.owned(owner.controller.uid) if each.kind == "ReplicaSet"]

    def _write_status(self, owner: Any, failure: str) -> None:
        count = self._tally.of(owner.uid)
        available = self._available(owner, count)
        status: JSON = {"replicas": count.active, "terminatingReplicas": count.terminating, "observedGeneration": generation(owner)}
        status |= without_zeros({"readyReplicas": count.ready, "availableReplicas": available})
        conditions = [each for each in owner.status.get("conditions", ()) if each["type"] != "ReplicaFailure"]
        if failure:
            conditions = with_condition(
                self._machinery, owner.status.get("conditions", []), "ReplicaFailure", "True", "FailedCreate", failure
            )
        self._store.replace(owner, status=status | ({"conditions": conditions} if conditions else {}))

    def _available(self, owner: Any, count: Count) -> int:
        """How many are ready for long enough; the next that will be asks for another look then."""
        least, now = int(owner.spec.get("minReadySeconds", 0)) * SECOND, self._machinery.now
        if not least:
            return count.ready
        ready = [pod for pod in self._active(owner) if pod.state.ready]
        waits = [pod.state.ready_since + least - now for pod in ready if not is_available(pod, least, now)]
        if waits:
            self._queue.add_after(min(waits), *owner.key)
        return len(ready) - len(waits)

    def _changed(self, old: Any, new: Any) -> None:
        if new is None:
            self._short.pop(old.uid, None)
        elif old is None or old.spec is not new.spec or old.deleting != new.deleting:
            self._queue.add(*new.key)

    def _pod_changed(self, old: Any, new: Any) -> None:
        if old is None or new is None or old.owners is not new.owners or _counts(old) != _counts(new):
            for key in concerned(old, new, "ReplicaSet"):
                self._queue.add(*key)
        if new is None:
            for owner in [self._store.by_uid(uid) for uid in self._short]:
                if owner is not None:
                    self._queue.add(*owner.key)

    def state(self) -> list[Any]:
        return [self._queue.state(), list(self._short), self._claims.state()]

    def restore(self, state: list[Any]) -> None:
        queue, short, claims = state
        self._queue.restore(queue)
        self._short = dict.fromkeys(short)
        self._claims.restore(claims)


def _counts(pod: Pod) -> tuple[bool, bool, bool]:
    return is_active(pod), is_finished(pod), pod.state.ready


def _cost(pod: Pod) -> int:
    """The annotation pod-deletion-cost; what is no number costs nothing."""
    said = pod.annotations.get("controller.kubernetes.io/pod-deletion-cost", "0")
    return int(said) if re.fullmatch(r"[+-]?[0-9]{1,10}", said) else 0


def _dispensable(pods: list[Pod], crowd: Mapping[str, int]) -> list[Pod]:
    """Those to delete first come first: without a Node, not running, not ready, cheap to delete, on a Node with a large
    `crowd` of Pods of the same Deployment, ready for the shortest time, restarted most, youngest."""

    def rank(pod: Pod) -> tuple[Any, ...]:
        state = pod.state
        cost = _cost(pod)
        restarts = max((each.restarts for each in state.containers), default=0)
        ready = -state.ready_since if state.ready else 0
        return bool(pod.node), PHASES.get(state.phase, 2), state.ready, cost, -crowd[pod.node], ready, -restarts, -pod.created, pod.name

    return sorted(pods, key=rank)
