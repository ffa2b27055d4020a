"""Is a Node still there?  One that has been silent for too long is Unknown, tainted, and its Pods are not ready.

Source: pkg/controller/nodelifecycle/node_lifecycle_controller.go.
Simplified: in a zone of more than 50 Nodes most of which are not ready, Nodes are tainted as fast as in any other.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.nodes import (
    NOT_READY,
    SILENCE,
    UNREACHABLE,
    UNSCHEDULABLE,
    boot_id,
    condition,
    is_ready,
    place,
    taints,
    with_taints,
)
from playground.kube.apiserver.objects import JSON, Object
from playground.kube.apiserver.timestamps import timestamp
from playground.kube.clock import MILLISECOND, SECOND
from playground.kube.controllers.nodezones import NodeZones
from playground.kube.queue import Key, WorkQueue

BY = "node-controller"
PACE = 10 * SECOND
OWN_TAINTS = (NOT_READY, UNREACHABLE, UNSCHEDULABLE)


class NodeLifecycleController:
    """Reconciles Nodes by (name,). Of its checks every five seconds only those are made that can find a silent Node. `_next` says
    when the next Node of a region and zone may be tainted with NoExecute."""

    name = "node-lifecycle"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._queue = WorkQueue(machinery.clock, self.name, 5 * MILLISECOND, self._reconcile)
        self._zones = NodeZones(machinery.store)
        self._moods = self._zones.moods()
        self._next: dict[tuple[str, str], int] = {}
        machinery.clock.on(SILENCE, self._silent)
        self._store.watch("Node", self._changed)

    def _silent(self, uid: str, boot: str) -> None:
        """Nothing was heard of a Node for more than the grace period, unless it has booted since."""
        node = self._store.by_uid(uid)
        if node is None or boot_id(node) != boot:
            return
        now = timestamp(self._machinery.settings, self._machinery.now)
        said = {
            "status": "Unknown",
            "reason": "NodeStatusUnknown",
            "message": "Kubelet stopped posting node status.",
            "lastTransitionTime": now,
        }
        conditions = [{**each, **said} if each["status"] != "Unknown" else each for each in node.status.get("conditions", ())]
        was_ready = is_ready(node)
        node = self._store.replace(node, status={**node.status, "conditions": conditions})
        if was_ready:
            self._machinery.record(node, "Normal", "NodeNotReady", f"Node {node.name} status is now: NodeNotReady", BY)

    def _reconcile(self, key: Key) -> None:
        node = self._store.get("Node", "", *key)
        if node is None:
            return
        self._store.replace(node, spec=with_taints(node, self._wanted_taints(node)))
        if condition(node, "Ready") and not is_ready(node):
            self._mark_pods(node)

    def _wanted_taints(self, node: Object) -> list[JSON]:
        present = taints(node)
        wanted = [each for each in present if each["key"] not in OWN_TAINTS]
        ready = condition(node, "Ready").get("status", "Unknown")
        key = {"True": "", "Unknown": UNREACHABLE}.get(ready, NOT_READY)
        pairs = [(key, "NoSchedule")] if key else []
        if key and self._evicts(node):
            pairs.append((key, "NoExecute"))
        if node.spec.get("unschedulable"):
            pairs.append((UNSCHEDULABLE, "NoSchedule"))
        added = timestamp(self._machinery.settings, self._machinery.now)
        for name, effect in pairs:
            known = next((each for each in present if each["key"] == name and each["effect"] == effect), None)
            wanted.append(known or {"key": name, "effect": effect, "timeAdded": added})
        return wanted

    def _evicts(self, node: Object) -> bool:
        """Its Pods are to leave a Node that is not ready: not if none is, nor if most of its zone are not, and one Node after the other."""
        if self._zones.lost:
            return False
        if any(each["key"] in (NOT_READY, UNREACHABLE) and each["effect"] == "NoExecute" for each in taints(node)):
            return True
        if self._zones.stopped(node):
            return False
        wait = self._next.get(place(node), 0) - self._machinery.now
        if wait > 0:
            self._queue.add_after(wait, node.name)
            return False
        self._next[place(node)] = self._machinery.now + PACE
        return True

    def _mark_pods(self, node: Object) -> None:
        for pod in self._store.find(self._machinery.pods_by_node, node.name):
            if pod.state.ready:
                marked = self._store.replace(pod, state=replace(pod.state, ready=False, ready_since=self._machinery.now))
                self._machinery.record(marked, "Warning", "NodeNotReady", "Node is not ready", BY)

    def _changed(self, old: Any, new: Any) -> None:
        if old is None:
            said = f"Node {new.name} event: Registered Node {new.name} in Controller"
            self._machinery.record(new, "Normal", "RegisteredNode", said, BY)
        elif new is None:
            said = f"Node {old.name} event: Removing Node {old.name} from Controller"
            self._machinery.record(old, "Normal", "RemovingNode", said, BY)
        if new is not None and (old is None or old.spec is not new.spec or old.status is not new.status):
            self._queue.add(new.name)
        if self._moods != self._zones.moods():
            self._moods = self._zones.moods()
            for node in self._store.list("Node"):
                if not is_ready(node):
                    self._queue.add(node.name)

    def state(self) -> list[Any]:
        return [self._queue.state(), [[*where, due] for where, due in self._next.items()]]

    def restore(self, state: list[Any]) -> None:
        queue, following = state
        self._queue.restore(queue)
        self._next = {(region, zone): due for region, zone, due in following}
        self._moods = self._zones.moods()
