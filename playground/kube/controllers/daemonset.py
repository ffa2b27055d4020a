"""Does each Node that should have a daemon's Pod have one?  Node by node, as Nodes and Pods come and go.

Source: pkg/controller/daemon/{daemon_controller,update}.go, util/daemonset_util.go (AddOrUpdateDaemonPodTolerations).
Simplified: a Pod that has failed is replaced at once, without back-off.
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
from playground.kube.apiserver.templategeneration import pod_labels
from playground.kube.clock import MILLISECOND, SECOND
from playground.kube.controllers.claims import Claims
from playground.kube.controllers.daemonpods import Available, bounds, eldest_first, spare, surges, to_delete, to_surge
from playground.kube.controllers.hashing import template_hash
from playground.kube.controllers.history import POD_LABEL, Histories, by_number
from playground.kube.controllers.priorityclasses import AwaitedClasses
from playground.kube.controllers.shortage import Shortage
from playground.kube.controllers.tally import concerned
from playground.kube.controllers.writing import generation, without_zeros
from playground.kube.errors import Refusal
from playground.kube.queue import Key, WorkQueue

BY = "daemonset-controller"
Crowds = dict[str, list[Pod]]
PRESSURES = tuple(f"node.kubernetes.io/{each}" for each in ("disk-pressure", "memory-pressure", "pid-pressure"))


class DaemonSetController:
    """Reconciles DaemonSets by (namespace, name)."""

    name = "daemonset"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._claims = Claims(machinery, "DaemonSet", "Pod")
        self._histories = Histories(machinery, "DaemonSet")
        self._queue = WorkQueue(machinery.clock, self.name, 5 * MILLISECOND, self._reconcile)
        self._shortage = Shortage(machinery, self._queue)
        self._store.watch("DaemonSet", self._changed)
        self._store.watch("Pod", self._pod_changed)
        self._store.watch("Node", self._node_changed)
        AwaitedClasses(machinery, "DaemonSet", self._queue)

    def _reconcile(self, key: Key) -> None:
        owner = self._store.get("DaemonSet", *key)
        if owner is None:
            return
        known, pods = self._owned(owner)
        wanted = [node for node in self._store.list("Node") if _should_run(owner, node)]
        if owner.deleting is not None:
            collisions = int(owner.status.get("collisionCount", 0))
            self._write_status(owner, wanted, pods, template_hash(owner.spec["template"], collisions), collisions)
            return
        revision, collisions = self._histories.present(owner, known)
        hash = revision.labels.get(POD_LABEL, revision.name)
        self._manage(owner, wanted, pods, hash)
        known, pods = self._owned(owner)
        if owner.spec.get("updateStrategy", {}).get("type", "RollingUpdate") == "RollingUpdate":
            self._update(owner, wanted, pods, hash)
            pods = self._owned(owner)[1]
        live = dict.fromkeys(pod.labels.get(POD_LABEL, "") for found in pods.values() for pod in found)
        self._histories.truncate(
            owner, known, [each.name for each in known if each.labels.get(POD_LABEL) in live or each.uid == revision.uid]
        )
        self._write_status(owner, wanted, pods, hash, collisions)

    def _manage(self, owner: Any, wanted: list[Any], pods: Crowds, hash: str) -> None:
        """One Pod on each Node that should have one, and none where none may stay."""
        surging, available = surges(owner), self._available(owner)
        for node in wanted:
            present = pods.get(node.name, [])
            for pod in present:
                if is_finished(pod) and pod.deleting is None:
                    self._replace_finished(owner, pod)
            if not present:
                self._create(owner, node.name, hash)
            for extra in spare(present, hash, surging, available):
                self._delete(owner, extra)
        names = {node.name for node in wanted}
        for name in sorted(pods.keys() - names):
            node = self._store.get("Node", "", name)
            if node is not None and not _may_stay(owner, node):
                for pod in pods[name]:
                    if pod.deleting is None:
                        self._delete(owner, pod)

    def _update(self, owner: Any, wanted: list[Any], pods: Crowds, hash: str) -> None:
        """Replace Pods of older templates: by new ones beside them as far as maxSurge allows, or once they are gone as far as maxUnavailable does.
        Those on Nodes where they may only stay, as on one that is not ready, count too."""
        names = {node.name: None for node in wanted}
        crowd = [(name, pods.get(name, [])) for name in (*names, *(name for name in sorted(pods) if name not in names))]
        surge, unavailable = bounds(owner, len(wanted))
        if surge:
            done, nodes = to_surge(crowd, names, hash, surge, self._available(owner))
        else:
            done, nodes = to_delete(crowd, hash, unavailable, self._available(owner)), []
        for pod in done:
            self._delete(owner, pod)
        for name in nodes:
            self._create(owner, name, hash)

    def _available(self, owner: Any) -> Available:
        least, now = _least(owner), self._machinery.now
        return lambda pod: is_available(pod, least, now)

    def _replace_finished(self, owner: Any, pod: Pod) -> None:
        where = f"daemon pod {pod.namespace}/{pod.name} on node {pod.node}"
        if pod.state.phase == "Failed":
            self._say(owner, "Warning", "FailedDaemonPod", f"Found failed {where}, will try to kill it")
        else:
            self._say(owner, "Normal", "SucceededDaemonPod", f"Found succeeded {where}, will try to delete it")
        self._delete(owner, pod)

    def _create(self, owner: Any, node: str, hash: str) -> None:
        pod = _counted(pod_of(self._machinery, owner, owner.spec["template"], self._free_name(owner)), owner)
        spec = _pinned({**pod.spec, "tolerations": _tolerations(pod.spec)}, node)
        try:
            made = create_pod(self._machinery, replace(pod, labels={**pod.labels, POD_LABEL: hash}, spec=spec), f"{owner.name}-")
        except Refusal as refusal:
            self._shortage.begins(owner)
            self._say(owner, "Warning", "FailedCreate", f"Error creating: {refusal.message}")
            return
        self._shortage.ends(owner.uid)
        self._say(owner, "Normal", "SuccessfulCreate", f"Created pod: {made.name}")

    def _delete(self, owner: Any, pod: Pod) -> None:
        delete(self._machinery, pod)
        self._say(owner, "Normal", "SuccessfulDelete", f"Deleted pod: {pod.name}")

    def _free_name(self, owner: Any) -> str:
        while True:
            name = f"{owner.name}-{self._machinery.chance.suffix()}"
            if self._store.get("Pod", owner.namespace, name) is None:
                return name

    def _owned(self, owner: Any) -> tuple[list[Any], Crowds]:
        """Its ControllerRevisions, oldest first, and its Pods by the Node they are on or meant for."""
        revisions, pods = [], Crowds()
        for each in self._store.owned(owner.uid):
            if each.kind == "Pod":
                pods.setdefault(each.node or _placements.of(each.spec).only, []).append(each)
            elif each.kind == "ControllerRevision":
                revisions.append(each)
        return by_number(revisions), pods

    def _write_status(self, owner: Any, wanted: list[Any], pods: Crowds, hash: str, collisions: int) -> None:
        """Of each Node that should have a Pod its eldest counts, also when it is on its way out."""
        least, now = _least(owner), self._machinery.now
        here = [eldest_first(found)[0] for node in wanted if (found := pods.get(node.name))]
        enough = sum(is_available(pod, least, now) for pod in here)
        names = {node.name for node in wanted}
        status: JSON = {
            "desiredNumberScheduled": len(wanted),
            "currentNumberScheduled": len(here),
            "numberMisscheduled": len([name for name in pods if name not in names and self._store.get("Node", "", name) is not None]),
            "numberReady": sum(pod.state.ready for pod in here),
            "observedGeneration": generation(owner),
        }
        status |= without_zeros({"numberAvailable": enough, "numberUnavailable": len(wanted) - enough, "collisionCount": collisions})
        status |= without_zeros({"updatedNumberScheduled": sum(pod.labels.get(POD_LABEL) == hash for pod in here)})
        self._store.replace(owner, status=status)
        self._wait(owner, [pod for found in pods.values() for pod in found])

    def _wait(self, owner: Any, pods: list[Pod]) -> None:
        """Look again when the next Pod has been ready for long enough."""
        least, now = _least(owner), self._machinery.now
        waits = [pod.state.ready_since + least - now for pod in pods if pod.state.ready and not is_available(pod, least, now)]
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
        for key in concerned(old, new, "DaemonSet"):
            self._queue.add(*key)

    def _node_changed(self, old: Any, new: Any) -> None:
        if old is None or new is None or old.spec is not new.spec or old.labels is not new.labels:
            for owner in self._store.list("DaemonSet"):
                self._queue.add(*owner.key)

    def state(self) -> list[Any]:
        return [self._queue.state(), self._shortage.state(), self._claims.state(), self._histories.state()]

    def restore(self, state: list[Any]) -> None:
        queue, short, claims, histories = state
        self._queue.restore(queue)
        self._shortage.restore(short)
        self._claims.restore(claims)
        self._histories.restore(histories)


def _should_run(owner: Any, node: Object) -> bool:
    placement = _daemons.of(owner.spec["template"]["spec"])
    return selects(placement, node) and untolerated(placement, taints(node)) is None


def _may_stay(owner: Any, node: Object) -> bool:
    """A Pod that runs already leaves only for labels, and for taints that evict."""
    placement = _daemons.of(owner.spec["template"]["spec"])
    return selects(placement, node) and untolerated(placement, taints(node), ("NoExecute",)) is None


def _counted(pod: Pod, owner: Any) -> Pod:
    """The Pod with the label that says how often the template has changed."""
    return replace(pod, labels={**pod.labels, **pod_labels(owner.annotations)})


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


def _least(owner: Any) -> int:
    return int(owner.spec.get("minReadySeconds", 0)) * SECOND


_placements: Memo[Placement] = Memo(placement_of)
_daemons: Memo[Placement] = Memo(_read)
