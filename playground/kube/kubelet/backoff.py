"""How long does a container that has ended wait for its next start?  The first time not at all, then twice as long each time.

Source: pkg/kubelet/kuberuntime/kuberuntime_manager.go (SyncPod, doBackOff), client-go util/flowcontrol/backoff.go, pkg/kubelet/kubelet.go
(10 s to 300 s, forgiven after 10 minutes).
Simplified: no jitter of the kubelet's workers (pkg/kubelet/pod_workers.go, completeWork) is added, and the state says CrashLoopBackOff at once,
which a real kubelet writes when it looks at the Pod again.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.objects import Ended, Pod
from playground.kube.clock import SECOND

FIRST, LAST, FORGIVEN_AFTER = 10 * SECOND, 300 * SECOND, 600 * SECOND
START_ERROR = "StartError"


class BackOffs:
    """By Pod and slot how often a container has ended without having run for long, and which are being stopped for a probe."""

    def __init__(self) -> None:
        self._ends: dict[str, dict[int, int]] = {}
        self._stopped: dict[str, dict[int, None]] = {}

    def stops(self, pod: Pod, slot: int) -> None:
        """A container is being stopped to be started again, as its probe has failed."""
        self._stopped.setdefault(pod.uid, {})[slot] = None

    def is_stopped(self, pod: Pod, slot: int) -> bool:
        return slot in self._stopped.get(pod.uid, {})

    def delay(self, pod: Pod, slot: int, ended: Ended, before: Ended | None) -> int:
        """In microseconds; 0 is as soon as it can be. Counts this end; `before` is that of the run before. One that was stopped for a probe is started in
        the same go, which knows of that one only."""
        stopped = self.is_stopped(pod, slot)
        self._stopped.get(pod.uid, {}).pop(slot, None)
        ends = self._ends.setdefault(pod.uid, {})
        if ended.reason != START_ERROR and ended.finished - ended.started >= FORGIVEN_AFTER:
            ends.pop(slot, None)
        if stopped and before is None:
            return 0
        count = ends[slot] = ends.get(slot, 0) + 1
        delay = min(FIRST << min(count - 2, 10), LAST) if count > 1 else 0
        return 0 if stopped and before is not None and ended.finished - before.finished >= delay else delay

    def forgive(self, pod: Pod, slot: int) -> None:
        self._ends.get(pod.uid, {}).pop(slot, None)
        self._stopped.get(pod.uid, {}).pop(slot, None)

    def forget(self, pod: Pod) -> None:
        self._ends.pop(pod.uid, None)
        self._stopped.pop(pod.uid, None)

    def state(self) -> list[Any]:
        ends = {uid: [[slot, count] for slot, count in found.items()] for uid, found in self._ends.items()}
        return [ends, {uid: list(slots) for uid, slots in self._stopped.items() if slots}]

    def restore(self, state: list[Any]) -> None:
        ends, stopped = state
        self._ends = {uid: dict(found) for uid, found in ends.items()}
        self._stopped = {uid: dict.fromkeys(slots) for uid, slots in stopped.items()}


def sentences(delay: int, container: str, pod: Pod) -> tuple[str, str]:
    """The message of the state of a container that waits so long, and that of the event."""
    state = f"back-off {duration(delay)} restarting failed container={container} pod={where(pod)}"
    return state, f"Back-off restarting failed container {container} in pod {where(pod)}"


def where(pod: Pod) -> str:
    """A Pod as the kubelet names it (pkg/kubelet/util/format)."""
    return f"{pod.name}_{pod.namespace}({pod.uid})"


def duration(time: int) -> str:
    """Microseconds as Go writes them, in whole seconds, up to an hour."""
    minutes, seconds = divmod(time // SECOND, 60)
    return f"{minutes}m{seconds}s" if minutes else f"{seconds}s"
