"""Which Pods does nobody look after?  Those of a Node that is gone, after a quarantine, and those that are to go from a lost Node that is out of service.

Source: pkg/controller/podgc/gc_controller.go (gcOrphaned, gcTerminating).
Simplified: finished Pods are not collected, since the threshold of 12,500 is far beyond a playground.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.disrupting import BY_COLLECTION, disrupted
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.nodes import OUT_OF_SERVICE, is_ready, taints
from playground.kube.apiserver.pods import is_finished
from playground.kube.clock import SECOND

CHECK, TERMINATING = "podgc.check", "podgc.terminating"
PERIOD = 20 * SECOND
QUARANTINE = 40 * SECOND


class PodGarbageController:
    """Its checks come every PERIOD; only those that can find something are made. `_suspected` are Nodes that may be gone, `_lost` those
    that are out of service."""

    name = "podgc"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._suspected: dict[str, None] = {}
        self._lost: dict[str, None] = {}
        machinery.clock.on(CHECK, self._check)
        machinery.clock.on(TERMINATING, self._check_terminating)
        self._store.watch("Node", self._node_changed)
        self._store.watch("Pod", self._pod_changed, of=("node", "deleting"))

    def _suspect(self, node: str) -> None:
        """The check that finds the Node missing starts its quarantine; the first one after that ends it."""
        if node not in self._suspected:
            self._suspected[node] = None
            self._machinery.clock.at(self._next_check() + QUARANTINE, CHECK, node)

    def _check(self, node: str) -> None:
        self._suspected.pop(node, None)
        if self._store.get("Node", "", node) is not None:
            return
        for pod in self._store.find(self._machinery.pods_by_node, node):
            marked = pod if is_finished(pod) else disrupted(self._machinery, pod, BY_COLLECTION, **self._failed())
            delete(self._machinery, marked, grace=0)

    def _give_up(self, node: str) -> None:
        """The next check takes away what is to go from a Node that is out of service."""
        if node not in self._lost and _is_lost(self._store.get("Node", "", node)):
            self._lost[node] = None
            self._machinery.clock.at(self._next_check(), TERMINATING, node)

    def _check_terminating(self, node: str) -> None:
        self._lost.pop(node, None)
        if not _is_lost(self._store.get("Node", "", node)):
            return
        for pod in self._store.find(self._machinery.pods_by_node, node):
            if pod.deleting is not None:
                marked = pod if is_finished(pod) else self._store.replace(pod, state=replace(pod.state, **self._failed()))
                delete(self._machinery, marked, grace=0)

    def _failed(self) -> dict[str, Any]:
        """What changes in the state of a Pod that nobody ends."""
        return {"phase": "Failed", "ready": False, "ready_since": self._machinery.now}

    def _next_check(self) -> int:
        return -(-self._machinery.now // PERIOD) * PERIOD

    def _node_changed(self, old: Any, new: Any) -> None:
        if new is not None:
            self._give_up(new.name)
        elif self._machinery.pods_by_node.count(old.name):
            self._suspect(old.name)

    def _pod_changed(self, old: Any, new: Any) -> None:
        if new is None or not new.node:
            return
        if (old is None or old.node != new.node) and self._store.get("Node", "", new.node) is None:
            self._suspect(new.node)
        elif new.deleting is not None:
            self._give_up(new.node)

    def state(self) -> list[Any]:
        return [list(self._suspected), list(self._lost)]

    def restore(self, state: list[Any]) -> None:
        self._suspected, self._lost = (dict.fromkeys(names) for names in state)


def _is_lost(node: Any) -> bool:
    """Somebody has said of a Node that is not ready that it is out of service."""
    return node is not None and not is_ready(node) and any(each["key"] == OUT_OF_SERVICE for each in taints(node))
