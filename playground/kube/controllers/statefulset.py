"""Which of its numbered Pods does a StatefulSet make or delete next?  One at a time and in order, unless it is Parallel.

Source: pkg/controller/statefulset/stateful_set_control.go, of 1.37, where maxUnavailable is on by default.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import JSON, Pod
from playground.kube.apiserver.pods import is_available, is_finished, is_running_and_ready
from playground.kube.apiserver.podtemplate import create_claim, create_pod
from playground.kube.clock import MILLISECOND, SECOND
from playground.kube.controllers.claims import Claims
from playground.kube.controllers.history import POD_LABEL, Histories, by_number
from playground.kube.controllers.priorityclasses import AwaitedClasses
from playground.kube.controllers.shortage import Shortage
from playground.kube.controllers.statefulpods import (
    claim_names,
    claim_owners,
    claims_of,
    most_unavailable,
    numbered,
    ordinals,
    pod_at,
    revision_for,
    rolling_update,
)
from playground.kube.controllers.tally import concerned
from playground.kube.controllers.writing import generation, without_zeros
from playground.kube.errors import Refusal
from playground.kube.queue import Key, WorkQueue

BY = "statefulset-controller"


class Revisions(msgspec.Struct, frozen=True):
    """`current` is what the set's Pods had before the rollout that is under way, `update` is of the present template."""

    current: Any
    update: Any
    collisions: int


class StatefulSetController:
    """Reconciles StatefulSets by (namespace, name)."""

    name = "statefulset"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._claims = Claims(machinery, "StatefulSet", "Pod")
        self._histories = Histories(machinery, "StatefulSet")
        self._queue = WorkQueue(machinery.clock, self.name, 5 * MILLISECOND, self._reconcile)
        self._shortage = Shortage(machinery, self._queue)
        self._store.watch("StatefulSet", self._changed)
        self._store.watch("Pod", self._pod_changed)
        AwaitedClasses(machinery, "StatefulSet", self._queue)

    def _reconcile(self, key: Key) -> None:
        owner = self._store.get("StatefulSet", *key)
        if owner is None:
            return
        owned = self._store.owned(owner.uid)
        known = by_number(each for each in owned if each.kind == "ControllerRevision")
        if owner.deleting is not None and not known:
            return
        revisions, pods = self._revisions(owner, known), numbered(owner, owned)
        if owner.deleting is None:
            self._work(owner, pods, revisions)
            pods = numbered(owner, self._store.owned(owner.uid))
        self._write_status(owner, pods, revisions)
        live = [pod.labels.get(POD_LABEL, "") for pod in pods.values()]
        self._histories.truncate(owner, known, [revisions.current.name, revisions.update.name, *live])

    def _revisions(self, owner: Any, known: list[Any]) -> Revisions:
        update, collisions = self._histories.present(owner, known)
        current = next((each for each in known if each.name == owner.status.get("currentRevision")), update)
        return Revisions(current, update, collisions)

    def _work(self, owner: Any, pods: dict[int, Pod], revisions: Revisions) -> None:
        """Go through the Pods in order, and stop where one must be waited for. Of those that are to go only the lowest may be unwell."""
        parallel = owner.spec.get("podManagementPolicy") == "Parallel"
        wanted = ordinals(owner)
        for number, pod in pods.items():
            self._own_claims(owner, pod, number not in wanted)
        for number in wanted:
            if not self._settle(owner, number, pods.get(number), revisions) and not parallel:
                return
        condemned = [pods[number] for number in sorted(pods, reverse=True) if number not in wanted]
        unwell = [pod for pod in condemned if not self._is_well(owner, pod)]
        for pod in condemned:
            if pod.deleting is None and (parallel or pod not in unwell[:-1]):
                self._delete(owner, pod)
            if not parallel:
                return
        if owner.spec.get("updateStrategy", {}).get("type", "RollingUpdate") == "RollingUpdate":
            self._update(owner, pods, wanted, revisions.update.name)

    def _settle(self, owner: Any, number: int, pod: Pod | None, revisions: Revisions) -> bool:
        """See to it that a Pod exists; True if it is available, so that the next may follow."""
        if pod is None:
            self._create(owner, number, revision_for(owner, number, revisions.current, revisions.update))
            return False
        if is_finished(pod) and pod.deleting is None:
            self._delete(owner, pod)
            return False
        return self._is_well(owner, pod)

    def _update(self, owner: Any, pods: dict[int, Pod], wanted: range, revision: str) -> None:
        """Replace Pods of an older template, the last first, while fewer than maxUnavailable are missing or not available. Those that are not
        available already go too where the set is Parallel, and cost nothing."""
        present = [pods.get(number) for number in reversed(wanted)]
        unwell = [pod for pod in present if pod is None or not self._is_well(owner, pod)]
        allowed = most_unavailable(owner) - len(unwell)
        first = wanted.start + int(rolling_update(owner).get("partition", 0))
        old = [pods[each] for each in reversed(wanted) if each >= first and each in pods]
        old = [pod for pod in old if pod.labels.get(POD_LABEL) != revision and pod.deleting is None]
        if owner.spec.get("podManagementPolicy") == "Parallel":
            broken = [pod for pod in old if pod in unwell]
            old = broken + [pod for pod in old if pod not in broken]
            allowed = len(broken) + max(allowed, 0)
        for pod in old[: max(allowed, 0)]:
            self._delete(owner, pod)

    def _is_well(self, owner: Any, pod: Pod) -> bool:
        return pod.deleting is None and is_running_and_ready(pod) and is_available(pod, _least(owner), self._machinery.now)

    def _create(self, owner: Any, number: int, revision: Any) -> None:
        name = f"{owner.name}-{number}"
        if self._store.get("Pod", owner.namespace, name) is not None:
            self._shortage.begins(owner)
            said = f'create Pod {name} in StatefulSet {owner.name} failed error: pods "{name}" already exists'
            self._say(owner, "Warning", "FailedCreate", said)
            return
        try:
            self._create_claims(owner, number)
            create_pod(self._machinery, pod_at(self._machinery, owner, number, revision))
        except Refusal as refusal:
            self._shortage.begins(owner)
            self._say(owner, "Warning", "FailedCreate", f"create Pod {name} in StatefulSet {owner.name} failed error: {refusal.message}")
            return
        self._shortage.ends(owner.uid)
        self._say(owner, "Normal", "SuccessfulCreate", f"create Pod {name} in StatefulSet {owner.name} successful")

    def _create_claims(self, owner: Any, number: int) -> None:
        for claim in claims_of(self._machinery, owner, number):
            if self._store.get(claim.kind, *claim.key) is None:
                create_claim(self._machinery, claim)
                said = f"create Claim {claim.name} Pod {owner.name}-{number} in StatefulSet {owner.name} success"
                self._say(owner, "Normal", "SuccessfulCreate", said)

    def _own_claims(self, owner: Any, pod: Pod, leaves: bool) -> None:
        """See to it that a Pod's claims go with whom the retention policy says."""
        for name in claim_names(owner, pod.name):
            claim = self._store.get("PersistentVolumeClaim", owner.namespace, name)
            if claim is not None and claim.deleting is None:
                self._store.replace(claim, owners=claim_owners(owner, pod, leaves, claim))

    def _delete(self, owner: Any, pod: Pod) -> None:
        delete(self._machinery, pod)
        self._say(owner, "Normal", "SuccessfulDelete", f"delete Pod {pod.name} in StatefulSet {owner.name} successful")

    def _write_status(self, owner: Any, pods: dict[int, Pod], revisions: Revisions) -> None:
        present, now, least = list(pods.values()), self._machinery.now, _least(owner)
        current, update = revisions.current.name, revisions.update.name
        live = [pod for pod in present if pod.deleting is None]
        counts = {
            "readyReplicas": sum(map(is_running_and_ready, present)),
            "updatedReplicas": sum(pod.labels.get(POD_LABEL) == update for pod in live),
            "currentReplicas": sum(pod.labels.get(POD_LABEL) == current for pod in live),
        }
        if owner.deleting is None and _is_complete(owner, len(present), counts):
            current, counts["currentReplicas"] = update, counts["updatedReplicas"]
        status: JSON = {
            "replicas": len(present),
            "observedGeneration": generation(owner),
            "availableReplicas": sum(is_running_and_ready(pod) and is_available(pod, least, now) for pod in present),
            "collisionCount": revisions.collisions,
            "currentRevision": current,
            "updateRevision": update,
        }
        self._store.replace(owner, status=status | without_zeros(counts))
        waits = [pod.state.ready_since + least - now for pod in live if pod.state.ready and not is_available(pod, least, now)]
        if waits:
            self._queue.add_after(min(waits), *owner.key)

    def _say(self, owner: Any, type: str, reason: str, message: str) -> None:
        self._machinery.record(owner, type, reason, message, BY)

    def _changed(self, old: Any, new: Any) -> None:
        if new is None:
            self._shortage.ends(old.uid)
        elif old is None or old.spec is not new.spec or old.deleting != new.deleting:
            self._queue.add(*new.key)

    def _pod_changed(self, old: Any, new: Any) -> None:
        for key in concerned(old, new, "StatefulSet"):
            self._queue.add(*key)

    def state(self) -> list[Any]:
        return [self._queue.state(), self._shortage.state(), self._claims.state(), self._histories.state()]

    def restore(self, state: list[Any]) -> None:
        queue, short, claims, histories = state
        self._queue.restore(queue)
        self._shortage.restore(short)
        self._claims.restore(claims)
        self._histories.restore(histories)


def _is_complete(owner: Any, total: int, counts: dict[str, int]) -> bool:
    """A rolling update has reached every Pod, and all of them are ready."""
    wanted = int(owner.spec.get("replicas", 1))
    rolls = owner.spec.get("updateStrategy", {}).get("type", "RollingUpdate") == "RollingUpdate"
    return rolls and counts["updatedReplicas"] == counts["readyReplicas"] == total == wanted


def _least(owner: Any) -> int:
    return int(owner.spec.get("minReadySeconds", 0)) * SECOND
