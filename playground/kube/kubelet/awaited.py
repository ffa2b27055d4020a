"""Which Pods wait for a ConfigMap or Secret that is missing?  They try again when it comes or changes.

Source: pkg/kubelet/pod_workers.go (completeWork: a failed sync is tried again after 10 to 15 s), pkg/util/goroutinemap/exponentialbackoff
(a volume that could not be mounted: after half a second, then twice as long each time, at most 2 min 2 s).
Simplified: of all these tries only the one is made that finds something changed, so no event counts the others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Pod

KINDS = ("ConfigMap", "Secret")
Place = tuple[str, str, str]


class Awaited:
    """By the kind, namespace and name of what is missing, the uids of the Pods that wait; `changed` is called with each of these Pods."""

    def __init__(self, machinery: Machinery, changed: Callable[[Pod], None]):
        self._store = machinery.store
        self._changed = changed
        self._waiting: dict[Place, dict[str, None]] = {}
        self._places: dict[str, dict[Place, None]] = {}
        for kind in KINDS:
            self._store.watch(kind, self._object_changed)

    def wait(self, pod: Pod, kind: str, name: str) -> None:
        place = kind, pod.namespace, name
        self._waiting.setdefault(place, {})[pod.uid] = None
        self._places.setdefault(pod.uid, {})[place] = None

    def forget(self, pod: Pod) -> None:
        """The Pod waits for nothing any more."""
        for place in self._places.pop(pod.uid, ()):
            del self._waiting[place][pod.uid]
            if not self._waiting[place]:
                del self._waiting[place]

    def _object_changed(self, old: Any, new: Any) -> None:
        if new is None:
            return
        for uid in list(self._waiting.get((new.kind, *new.key), ())):
            pod = self._store.by_uid(uid)
            if pod is not None:
                self.forget(pod)
                self._changed(pod)

    def state(self) -> Any:
        return {uid: list(places) for uid, places in self._places.items()}

    def restore(self, state: Any) -> None:
        for uid, places in state.items():
            for kind, namespace, name in places:
                self._waiting.setdefault((kind, namespace, name), {})[uid] = None
                self._places.setdefault(uid, {})[kind, namespace, name] = None
