"""Which owners lack Pods that were refused?  They try again when a Pod goes, and when the ServiceAccount comes that they waited for.

Source: client-go util/workqueue/default_rate_limiters.go (DefaultTypedControllerRateLimiter: after 5 ms, then twice as long each time, at most
1,000 s), pkg/controller/replicaset/replica_set.go (processNextWorkItem).
Simplified: of all these tries only the one is made that finds something changed, so no event counts the others.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver import accounts
from playground.kube.apiserver.machinery import Machinery
from playground.kube.clock import SECOND
from playground.kube.queue import WorkQueue

LONGEST = 1_000 * SECOND


class Shortage:
    """By uid, since when each owner of a kind lacks Pods; `queue` is where it asks for another try."""

    def __init__(self, machinery: Machinery, queue: WorkQueue):
        self._machinery = machinery
        self._store = machinery.store
        self._queue = queue
        self._since: dict[str, int] = {}
        self._store.watch("Pod", self._pod_changed, of=())
        self._store.watch("ServiceAccount", self._account_changed, of=())

    def begins(self, owner: Any) -> None:
        self._since.setdefault(owner.uid, self._machinery.now)

    def ends(self, uid: str) -> None:
        self._since.pop(uid, None)

    def _pod_changed(self, old: Any, new: Any) -> None:
        if new is None:
            for owner in self._owners():
                self._queue.add(*owner.key)

    def _account_changed(self, old: Any, new: Any) -> None:
        if new is None:
            return
        for owner in self._owners():
            if owner.namespace == new.namespace and accounts.name_in(owner.spec["template"]["spec"]) == new.name:
                longest = min(self._machinery.now - self._since[owner.uid], LONGEST)
                self._queue.add_after(self._machinery.chance.between(0, longest), *owner.key)

    def _owners(self) -> list[Any]:
        return [owner for owner in map(self._store.by_uid, self._since) if owner is not None]

    def state(self) -> dict[str, int]:
        return self._since

    def restore(self, state: dict[str, int]) -> None:
        self._since = state
