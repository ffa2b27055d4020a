"""Which Pods must leave a tainted Node, and when?  Those that do not tolerate a NoExecute taint at once, others when their tolerationSeconds are over.

Source: pkg/controller/tainteviction/taint_eviction.go.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.disrupting import BY_TAINTS, disrupted
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.memo import Memo
from playground.kube.apiserver.nodes import taints
from playground.kube.apiserver.objects import JSON, Pod
from playground.kube.apiserver.placement import Placement, placement_of, tolerated_seconds
from playground.kube.clock import MILLISECOND, SECOND
from playground.kube.queue import Key, WorkQueue

DUE = "taint-eviction.due"


class TaintEvictionController:
    """Reconciles Nodes by (name,), and Pods by (Node's name, uid). `_since` says when each taint of a Node was first seen,
    `_waiting` which of its Pods are to leave later."""

    name = "taint-eviction"

    def __init__(self, machinery: Machinery):
        self._machinery = machinery
        self._store = machinery.store
        self._since: dict[str, dict[str, int]] = {}
        self._waiting: dict[str, dict[str, None]] = {}
        self._queue = WorkQueue(machinery.clock, self.name, 5 * MILLISECOND, self._reconcile)
        machinery.clock.on(DUE, self._due)
        self._store.watch("Node", self._node_changed)
        self._store.watch("Pod", self._pod_changed, of=("node", "spec"))

    def _reconcile(self, key: Key) -> None:
        name, *uids = key
        node = self._store.get("Node", "", name)
        if node is None:
            return
        if uids:
            self._plan([pod for uid in uids if (pod := self._store.by_uid(uid)) is not None])
            return
        before = self._since.pop(name, {})
        present = {_word(each): before.get(_word(each), self._machinery.now) for each in taints(node) if each["effect"] == "NoExecute"}
        if present:
            self._since[name] = present
        if present.keys() - before.keys():
            self._plan(self._store.find(self._machinery.pods_by_node, name))
        elif before.keys() - present.keys():
            self._plan([pod for uid in list(self._waiting.get(name, ())) if (pod := self._store.by_uid(uid)) is not None])

    def _plan(self, pods: list[Pod]) -> None:
        for pod in pods:
            if pod.deleting is not None:
                continue
            deadline = self._deadline(pod)
            if deadline is None:
                self._cancel(pod)
            elif deadline <= self._machinery.now:
                self._evict(pod)
            else:
                self._waiting.setdefault(pod.node, {})[pod.uid] = None
                self._machinery.clock.at(deadline, DUE, pod.uid)

    def _due(self, uid: str) -> None:
        pod = self._store.by_uid(uid)
        if pod is None:
            return
        if pod.deleting is not None:
            self._forget(pod)
            return
        deadline = self._deadline(pod)
        if deadline is not None and deadline <= self._machinery.now:
            self._evict(pod)

    def _deadline(self, pod: Pod) -> int | None:
        """When the Pod must leave for one of its Node's taints, or None."""
        node = self._store.get("Node", "", pod.node)
        since, deadlines = self._since.get(pod.node, {}), []
        for taint in taints(node) if node is not None else ():
            seconds = tolerated_seconds(_placements.of(pod.spec), taint) if _word(taint) in since else None
            if seconds is not None:
                deadlines.append(max(since[_word(taint)], pod.state.scheduled or 0) + seconds * SECOND)
        return min(deadlines, default=None)

    def _cancel(self, pod: Pod) -> None:
        """It need not leave, though it was to."""
        if self._forget(pod):
            self._say(pod, f"Cancelling deletion of Pod {pod.namespace}/{pod.name}")

    def _forget(self, pod: Pod) -> bool:
        """Whether it was to leave later."""
        waiting = self._waiting.get(pod.node, {})
        if pod.uid not in waiting:
            return False
        del waiting[pod.uid]
        if not waiting:
            del self._waiting[pod.node]
        return True

    def _evict(self, pod: Pod) -> None:
        self._forget(pod)
        self._say(pod, f"Marking for deletion Pod {pod.namespace}/{pod.name}")
        delete(self._machinery, disrupted(self._machinery, pod, BY_TAINTS))

    def _say(self, pod: Pod, message: str) -> None:
        self._machinery.record(pod, "Normal", "TaintManagerEviction", message, "taint-eviction-controller")

    def _node_changed(self, old: Any, new: Any) -> None:
        if new is None:
            self._since.pop(old.name, None)
            self._waiting.pop(old.name, None)
        elif new.name in self._since or any(each["effect"] == "NoExecute" for each in taints(new)):
            self._queue.add(new.name)

    def _pod_changed(self, old: Any, new: Any) -> None:
        """A Pod came to a tainted Node, its tolerations changed there, or it is gone before its time."""
        if new is None:
            self._cancel(old)
        elif new.node in self._since and (old is None or old.node != new.node or old.spec is not new.spec):
            self._queue.add(new.node, new.uid)

    def state(self) -> list[Any]:
        return [self._queue.state(), self._since, {node: list(uids) for node, uids in self._waiting.items()}]

    def restore(self, state: list[Any]) -> None:
        queue, since, waiting = state
        self._queue.restore(queue)
        self._since = {node: dict(found) for node, found in since.items()}
        self._waiting = {node: dict.fromkeys(uids) for node, uids in waiting.items()}


def _word(taint: JSON) -> str:
    return f"{taint['key']}={taint.get('value', '')}:{taint['effect']}"


_placements: Memo[Placement] = Memo(placement_of)
