"""Which of its numbered Pods does a StatefulSet make or delete next?  One at a time and in order, unless it is Parallel.

Source: pkg/controller/statefulset/{stateful_set_control,stateful_set_utils}.go.
Simplified: no ControllerRevision is stored, so a Pod that is made again always has the newest template; a Pod names its volume
claims, but they are not made.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import JSON, Pod
from playground.kube.apiserver.pods import is_available, is_finished, is_running_and_ready
from playground.kube.apiserver.podtemplate import create_pod, pod_of
from playground.kube.clock import MILLISECOND, SECOND
from playground.kube.controllers.claims import Claims
from playground.kube.controllers.hashing import template_hash
from playground.kube.controllers.tally import concerned
from playground.kube.controllers.writing import generation, without_zeros
from playground.kube.errors import Refusal
from playground.kube.queue import Key, WorkQueue

BY = "statefulset-controller"
REVISION = "controller-revision-hash"


class StatefulSetController:
    """Reconciles StatefulSets by (namespace, name)."""

    name = "statefulset"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._claims = Claims(machinery, "StatefulSet", "Pod")
        self._short: dict[str, None] = {}
        self._queue = WorkQueue(machinery.clock, self.name, 5 * MILLISECOND, self._reconcile)
        self._store.watch("StatefulSet", self._changed)
        self._store.watch("Pod", self._pod_changed)

    def _reconcile(self, key: Key) -> None:
        owner = self._store.get("StatefulSet", *key)
        if owner is None:
            return
        if owner.deleting is None:
            self._short.pop(owner.uid, None)
            self._work(owner)
        self._write_status(owner)

    def _work(self, owner: Any) -> None:
        """Go through the Pods in order, and stop where one must be waited for."""
        parallel = owner.spec.get("podManagementPolicy") == "Parallel"
        pods = self._pods(owner)
        first = int(owner.spec.get("ordinals", {}).get("start", 0))
        wanted = range(first, first + int(owner.spec.get("replicas", 1)))
        for number in wanted:
            if not self._settle(owner, number, pods.get(number)) and not parallel:
                return
        for number in sorted((number for number in pods if number not in wanted), reverse=True):
            if pods[number].deleting is None:
                self._delete(owner, pods[number])
            if not parallel:
                return
        if owner.spec.get("updateStrategy", {}).get("type", "RollingUpdate") == "RollingUpdate":
            self._update(owner, pods, wanted)

    def _settle(self, owner: Any, number: int, pod: Pod | None) -> bool:
        """See to it that a Pod exists; True if it runs and is ready, so that the next may follow."""
        if pod is None:
            self._create(owner, number)
            return False
        if is_finished(pod) and pod.deleting is None:
            self._delete(owner, pod)
            return False
        return pod.deleting is None and is_running_and_ready(pod) and is_available(pod, _least(owner), self._machinery.now)

    def _update(self, owner: Any, pods: dict[int, Pod], wanted: range) -> None:
        """Replace the last Pod of an older template, once all behind it are well."""
        least = wanted.start + int((owner.spec.get("updateStrategy", {}).get("rollingUpdate") or {}).get("partition", 0))
        revision = _revision(owner)
        for number in reversed(wanted):
            pod = pods.get(number)
            if pod is None or number < least:
                return
            if pod.labels.get(REVISION) != revision and pod.deleting is None:
                self._delete(owner, pod)
                return
            if not is_running_and_ready(pod) or pod.deleting is not None:
                return

    def _create(self, owner: Any, number: int) -> None:
        name = f"{owner.name}-{number}"
        if self._store.get("Pod", owner.namespace, name) is not None:
            self._say(
                owner,
                "Warning",
                "FailedCreate",
                f'create Pod {name} in StatefulSet {owner.name} failed error: pods "{name}" already exists',
            )
            return
        pod = pod_of(self._machinery, owner, owner.spec["template"], name)
        identity = {REVISION: _revision(owner), "statefulset.kubernetes.io/pod-name": name, "apps.kubernetes.io/pod-index": str(number)}
        spec = {**pod.spec, "hostname": name}
        if owner.spec.get("serviceName"):
            spec["subdomain"] = owner.spec["serviceName"]
        spec |= _claimed(owner, name, spec.get("volumes", []))
        try:
            create_pod(self._machinery, replace(pod, labels={**pod.labels, **identity}, spec=spec))
        except Refusal as refusal:
            self._short[owner.uid] = None
            self._say(owner, "Warning", "FailedCreate", f"create Pod {name} in StatefulSet {owner.name} failed error: {refusal.message}")
            return
        self._say(owner, "Normal", "SuccessfulCreate", f"create Pod {name} in StatefulSet {owner.name} successful")

    def _delete(self, owner: Any, pod: Pod) -> None:
        delete(self._machinery, pod)
        self._say(owner, "Normal", "SuccessfulDelete", f"delete Pod {pod.name} in StatefulSet {owner.name} successful")

    def _pods(self, owner: Any) -> dict[int, Pod]:
        """Its Pods by number."""
        found = {}
        for pod in self._store.owned(owner.uid):
            number = pod.name.removeprefix(f"{owner.name}-")
            if pod.kind == "Pod" and number.isdecimal():
                found[int(number)] = pod
        return found

    def _write_status(self, owner: Any) -> None:
        pods, revision, now = list(self._pods(owner).values()), _revision(owner), self._machinery.now
        live = [pod for pod in pods if pod.deleting is None]
        updated = sum(pod.labels.get(REVISION) == revision for pod in live)
        least = _least(owner)
        status: JSON = {
            "replicas": len(pods),
            "observedGeneration": generation(owner),
            "availableReplicas": sum(is_running_and_ready(pod) and is_available(pod, least, now) for pod in pods),
            "collisionCount": 0,
            "currentRevision": revision if updated == len(pods) else owner.status.get("currentRevision", revision),
            "updateRevision": revision,
        }
        status |= without_zeros({"readyReplicas": sum(map(is_running_and_ready, pods)), "updatedReplicas": updated})
        status |= without_zeros({"currentReplicas": sum(pod.labels.get(REVISION) == status["currentRevision"] for pod in live)})
        self._store.replace(owner, status=status)
        waits = [pod.state.ready_since + least - now for pod in live if pod.state.ready and not is_available(pod, least, now)]
        if waits:
            self._queue.add_after(min(waits), *owner.key)

    def _say(self, owner: Any, type: str, reason: str, message: str) -> None:
        self._machinery.record(owner, type, reason, message, BY)

    def _changed(self, old: Any, new: Any) -> None:
        if new is None:
            self._short.pop(old.uid, None)
        elif old is None or old.spec is not new.spec or old.deleting != new.deleting:
            self._queue.add(*new.key)

    def _pod_changed(self, old: Any, new: Any) -> None:
        for key in concerned(old, new, "StatefulSet"):
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


def _revision(owner: Any) -> str:
    return f"{owner.name}-{template_hash(owner.spec['template'])}"


def _least(owner: Any) -> int:
    return int(owner.spec.get("minReadySeconds", 0)) * SECOND


def _claimed(owner: Any, pod: str, volumes: list[JSON]) -> JSON:
    """The Pod's volumes, with one for each of the set's claims, which takes the place of another of its name."""
    names = [each.get("metadata", {}).get("name", "") for each in owner.spec.get("volumeClaimTemplates", ())]
    claimed = [{"name": name, "persistentVolumeClaim": {"claimName": f"{name}-{pod}"}} for name in names]
    return {"volumes": claimed + [each for each in volumes if each["name"] not in names]} if names else {}
