"""Whose Pods could not be made for want of a PriorityClass?  Their controllers try again when it comes.

Source: client-go util/workqueue (a sync that failed is tried again, after 5 ms, then twice as long each time, at most 1,000 s).
Simplified: of all these tries only the one is made that finds the class there, at once.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.priority import KIND
from playground.kube.queue import WorkQueue


class AwaitedClasses:
    """Puts the workloads of a kind into their controller's queue when the class comes that their template names."""

    def __init__(self, machinery: Machinery, kind: str, queue: WorkQueue):
        self._store = machinery.store
        self._kind = kind
        self._queue = queue
        self._store.watch(KIND, self._changed, of=())

    def _changed(self, old: Any, new: Any) -> None:
        if old is not None or new is None:
            return
        for owner in self._store.list(self._kind):
            if owner.spec["template"]["spec"].get("priorityClassName") == new.name:
                self._queue.add(*owner.key)
