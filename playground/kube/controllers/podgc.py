"""Which Pods does nobody look after?  Those of a Node that is gone, after a quarantine.

Source: pkg/controller/podgc/gc_controller.go (gcOrphaned).
Simplified: finished Pods are not collected, since the threshold of 12,500 is far beyond a playground.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.disrupting import BY_COLLECTION, disrupted
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Pod
from playground.kube.apiserver.pods import is_finished
from playground.kube.clock import SECOND

CHECK = "podgc.check"
PERIOD = 20 * SECOND
QUARANTINE = 40 * SECOND


class PodGarbageController:
    """Its checks come every PERIOD; only those that can find something are made."""

    name = "podgc"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._suspected: dict[str, None] = {}
        machinery.clock.on(CHECK, self._check)
        self._store.watch("Node", self._node_changed, of=())
        self._store.watch("Pod", self._pod_changed, of=("node",))

    def _suspect(self, node: str) -> None:
        """The check that finds the Node missing starts its quarantine; the first one after that ends it."""
        if node not in self._suspected:
            self._suspected[node] = None
            self._machinery.clock.at(-(-self._machinery.now // PERIOD) * PERIOD + QUARANTINE, CHECK, node)

    def _check(self, node: str) -> None:
        self._suspected.pop(node, None)
        if self._store.get("Node", "", node) is not None:
            return
        for pod in self._store.find(self._machinery.pods_by_node, node):
            self._collect(pod)

    def _collect(self, pod: Pod) -> None:
        if not is_finished(pod):
            pod = disrupted(self._machinery, pod, BY_COLLECTION, phase="Failed", ready=False, ready_since=self._machinery.now)
        said = f"PodGC: node no longer exists, deleting Pod {pod.namespace}/{pod.name}"
        self._machinery.record(pod, "Normal", "DeletingOrphanedPod", said, "pod-garbage-collector")
        delete(self._machinery, pod, grace=0)

    def _node_changed(self, old: Any, new: Any) -> None:
        if new is None and self._machinery.pods_by_node.count(old.name):
            self._suspect(old.name)

    def _pod_changed(self, old: Any, new: Any) -> None:
        if new is not None and new.node and (old is None or old.node != new.node) and self._store.get("Node", "", new.node) is None:
            self._suspect(new.node)

    def state(self) -> list[Any]:
        return list(self._suspected)

    def restore(self, state: list[Any]) -> None:
        self._suspected = dict.fromkeys(state)
