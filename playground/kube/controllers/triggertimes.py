"""When did that happen which a Service's endpoints follow?  The annotation of EndpointSlices from which the delay of the network is measured.

Source: k8s.io/endpointslice util/trigger_time_tracker.go (ComputeEndpointLastChangeTriggerTime), utils.go (addTriggerTimeAnnotation).
Simplified: of each Service one time is kept, that of its last sync, and not that of each Pod: a Pod that becomes ready and unready within a
second counts as changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from playground.kube.apiserver.objects import Object, Pod
from playground.kube.queue import Key

TRIGGERED = "endpoints.kubernetes.io/last-change-trigger-time"


class TriggerTimes:
    """By (namespace, name), when each Service was synced last."""

    def __init__(self) -> None:
        self._synced: dict[Key, int] = {}

    def of(self, service: Object, pods: Iterable[tuple[Pod, bool]], now: int) -> int | None:
        """The time that the slices which are written now are to tell, or None; `pods` are those looked at, and whether each is an endpoint already."""
        before, self._synced[service.key] = self._synced.get(service.key), now
        if before is None:
            return service.created
        turned = [(_turned(pod), known) for pod, known in pods]
        return min((time for time, known in turned if not known or time > before), default=None)

    def forget(self, key: Key) -> None:
        self._synced.pop(key, None)

    def state(self) -> list[tuple[Key, int]]:
        return list(self._synced.items())

    def restore(self, state: list[tuple[Key, int]]) -> None:
        self._synced = {tuple(key): time for key, time in state}


def annotated(annotations: dict[str, str], told: str) -> dict[str, str]:
    """An object's annotations with this time told, or with none ("")."""
    others = {key: value for key, value in annotations.items() if key != TRIGGERED}
    if not told:
        return others
    return {**others, TRIGGERED: told} if others else _only(told)


def _turned(pod: Pod) -> int:
    """The last transition of the Pod's condition Ready."""
    return max(pod.state.ready_since, pod.state.started or 0)


@lru_cache(maxsize=1_000)
def _only(told: str) -> dict[str, str]:
    """The annotations of all slices that tell this time and have no others: one value."""
    return {TRIGGERED: told}
