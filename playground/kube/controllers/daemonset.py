"""Does each Node that should have a daemon's Pod have one?  Node by node, as Nodes and Pods come and go.

Source: pkg/controller/daemon/{daemon_controller,update}.go, util/daemonset_util.go (AddOrUpdateDaemonPodTolerations).
Simplified: no ControllerRevision is stored; maxSurge is not simulated.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.memo import Memo
from playground.kube.apiserver.nodes import NOT_READY, UNREACHABLE, UNSCHEDULABLE, taints
from playground.kube.apiserver.objects import JSON, Object, Pod
from playground.kube.apiserver.placement import Placement, placement_of, selects, untolerated
from playground.kube.apiserver.pods import is_available, is_finished
from playground.kube.apiserver.podtemplate import create_pod, pod_of
from playground.kube.clock import MILLISECOND, SECOND
from playground.kube.controllers.claims import Claims
from playground.kube.controllers.hashing import template_hash
from playground.kube.controllers.rolling import resolve
from playground.kube.controllers.tally import concerned
from playground.kube.controllers.writing import generation, without_zeros
from playground.kube.errors import Refusal
from playground.kube.queue import Key, WorkQueue

BY = "daemonset-controller"
REVISION = "controller-revision-hash"
PRESSURES = tuple(f"node.kubernetes.io/{each}" for each in ("disk-pressure", "memory-pressure", "pid-pressure"))


class DaemonSetController:
    """Reconciles DaemonSets by (namespace, name)."""

    name = "daemonset"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._claims = Claims(machinery, "DaemonSet", "Pod")
        self._queue = WorkQueue(machinery.clock, self.name, 5 * MILLISECOND, self._reconcile)
        self._store.watch("DaemonSet", self._changed)
        self._store.watch("Pod", self._pod_changed)
        self._store.watch("Node", self._node_changed)

    def _reconcile(self, key: Key) -> None:
        owner = self._store.get("DaemonSet", *key)
        if owner is None:
            return
        pods = self._pods(owner)
        wanted = [node for node in self._store.list("Node") if _should_run(owner, node)]
        if owner.deleting is None:
            self._work(owner, wanted, pods)
            pods = self._pods(owner)
        self._write_status(owner, wanted, pods)

    def _work(self, owner: Any, wanted: list[Any], pods: dict[str, list[Pod]]) -> None:
        for node in wanted:
            present = pods.get(node.name, [])
            for pod in present:
                if is_finished(pod) and pod.deleting is None:
                    self._delete(owner, pod)
            if not present:
                self._create(owner, node)
            for extra in [pod for pod in present if pod.deleting is None][1:]:
                self._delete(owner, extra)
        names = {node.name for node in wanted}
        for name in sorted(pods.keys() - names):
            for pod in pods[name]:
                if (
                    pod.deleting is None
                    and self._store.get("Node", "", name) is not None
                    and not _may_stay(owner, self._store.get("Node", "", name))
                ):
                    self._delete(owner, pod)
        if owner.spec.get("updateStrategy", {}).get("type", "RollingUpdate") == "RollingUpdate":
            self._update(owner, wanted, pods)

    def _update(self, owner: Any, wanted: list[Any], pods: dict[str, list[Pod]]) -> None:
        """Delete Pods of older templates: those that are not available, and others as far as maxUnavailable allows."""
        revision, now = _revision(owner), self._machinery.now
        allowed = resolve(
            (owner.spec.get("updateStrategy", {}).get("rollingUpdate") or {}).get("maxUnavailable", 1), len(wanted), round_up=True
        )
        running = [pod for node in wanted for pod in pods.get(node.name, [])]
        well = [pod for pod in running if pod.deleting is None and is_available(pod, _least(owner), now)]
        budget = allowed - (len(wanted) - len(well))
        for pod in running:
            if pod.deleting is not None or pod.labels.get(REVISION) == revision:
                continue
            if pod in well:
                if budget <= 0:
                    continue
                budget -= 1
            self._delete(owner, pod)

    def _create(self, owner: Any, node: Object) -> None:
        pod = pod_of(self._machinery, owner, owner.spec["template"], self._free_name(owner))
        spec = _pinned({**pod.spec, "tolerations": _tolerations(pod.spec)}, node.name)
        try:
            made = create_pod(self._machinery, replace(pod, labels={**pod.labels, REVISION: _revision(owner)}, spec=spec))
        except Refusal as refusal:
            self._say(owner, "Warning", "FailedCreate", f"Error creating: {refusal.message}")
            return
        self._say(owner, "Normal", "SuccessfulCreate", f"Created pod: {made.name}")

    def _delete(self, owner: Any, pod: Pod) -> None:
        delete(self._machinery, pod)
        self._say(owner, "Normal", "SuccessfulDelete", f"Deleted pod: {pod.name}")

    def _free_name(self, owner: Any) -> str:
        while True:
            name = f"{owner.name}-{self._machinery.chance.suffix()}"
            if self._store.get("Pod", owner.namespace, name) is None:
                return name

    def _pods(self, owner: Any) -> dict[str, list[Pod]]:
        """Its Pods by the Node they are on or meant for."""
        found: dict[str, list[Pod]] = {}
        for pod in self._store.owned(owner.uid):
            if pod.kind == "Pod":
                found.setdefault(pod.node or _placements.of(pod.spec).only, []).append(pod)
        return found

    def _write_status(self, owner: Any, wanted: list[Any], pods: dict[str, list[Pod]]) -> None:
        least, now, revision = _least(owner), self._machinery.now, _revision(owner)
        here = [found[0] for node in wanted if (found := [pod for pod in pods.get(node.name, []) if pod.deleting is None])]
        enough = sum(is_available(pod, least, now) for pod in here)
        status: JSON = {
            "desiredNumberScheduled": len(wanted),
            "currentNumberScheduled": len(here),
            "numberMisscheduled": sum(map(len, pods.values())) - sum(len(pods.get(node.name, [])) for node in wanted),
            "numberReady": sum(pod.state.ready for pod in here),
            "observedGeneration": generation(owner),
        }
        status |= without_zeros({"numberAvailable": enough, "numberUnavailable": len(wanted) - enough})
        status |= without_zeros({"updatedNumberScheduled": sum(pod.labels.get(REVISION) == revision for pod in here)})
        self._store.replace(owner, status=status)
        waits = [pod.state.ready_since + least - now for pod in here if pod.state.ready and not is_available(pod, least, now)]
        if waits:
            self._queue.add_after(min(waits), *owner.key)

    def _say(self, owner: Any, type: str, reason: str, message: str) -> None:
        self._machinery.record(owner, type, reason, message, BY)

    def _changed(self, old: Any, new: Any) -> None:
        if new is not None and (old is None or old.spec is not new.spec or old.deleting != new.deleting):
            self._queue.add(*new.key)

    def _pod_changed(self, old: Any, new: Any) -> None:
        for key in concerned(old, new, "DaemonSet"):
            self._queue.add(*key)

    def _node_changed(self, old: Any, new: Any) -> None:
        if old is None or new is None or old.spec is not new.spec or old.labels is not new.labels:
            for owner in self._store.list("DaemonSet"):
                self._queue.add(*owner.key)

    def state(self) -> list[Any]:
        return [self._queue.state(), self._claims.state()]

    def restore(self, state: list[Any]) -> None:
        queue, claims = state
        self._queue.restore(queue)
        self._claims.restore(claims)


def _should_run(owner: Any, node: Object) -> bool:
    placement = _daemons.of(owner.spec["template"]["spec"])
    return selects(placement, node) and untolerated(placement, taints(node)) is None


def _may_stay(owner: Any, node: Object) -> bool:
    """A Pod that runs already leaves only for labels, and for taints that evict."""
    placement = _daemons.of(owner.spec["template"]["spec"])
    return selects(placement, node) and untolerated(placement, taints(node), ("NoExecute",)) is None


def _tolerations(spec: JSON) -> list[JSON]:
    """The template's tolerations with those that every daemon has."""
    own = [each for each in spec.get("tolerations", []) if each.get("key") not in (NOT_READY, UNREACHABLE)]
    stays = [{"key": key, "operator": "Exists", "effect": "NoExecute"} for key in (NOT_READY, UNREACHABLE)]
    network = ["node.kubernetes.io/network-unavailable"] if spec.get("hostNetwork") else []
    comes = [{"key": key, "operator": "Exists", "effect": "NoSchedule"} for key in (*PRESSURES, UNSCHEDULABLE, *network)]
    return [*own, *(each for each in stays + comes if each not in own)]


def _pinned(spec: JSON, node: str) -> JSON:
    """The spec with node affinity to this one Node, in place of required affinity that the controller has looked at."""
    affinity = spec.get("affinity", {})
    term = {"matchFields": [{"key": "metadata.name", "operator": "In", "values": [node]}]}
    required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}
    return {**spec, "affinity": {**affinity, "nodeAffinity": {**affinity.get("nodeAffinity", {}), **required}}}


def _read(spec: JSON) -> Placement:
    return placement_of({**spec, "tolerations": _tolerations(spec)})


def _revision(owner: Any) -> str:
    return template_hash(owner.spec["template"])


def _least(owner: Any) -> int:
    return int(owner.spec.get("minReadySeconds", 0)) * SECOND


_placements: Memo[Placement] = Memo(placement_of)
_daemons: Memo[Placement] = Memo(_read)
