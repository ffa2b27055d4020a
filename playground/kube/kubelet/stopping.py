"""How does a container come to its end?  preStop hook, SIGTERM, and SIGKILL when its grace is over.

Source: content/en/docs/concepts/workloads/pods/pod-lifecycle.md (Termination of Pods), pkg/kubelet/kuberuntime/kuberuntime_container.go
(killContainer), kuberuntime_termination_order.go: a sidecar gets its SIGTERM when all that was started after it has ended.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.deletion import delete
from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Pod
from playground.kube.clock import SECOND
from playground.kube.kubelet.lifecycle import Lifecycle
from playground.kube.kubelet.power import Power
from playground.kube.kubelet.status import states
from playground.kube.kubelet.views import PRE_STOP, view

TERMINATE, SIGTERM, SIGKILL = "kubelet.terminate", "kubelet.sigterm", "kubelet.sigkill"
STOP_TIME = SECOND
LAST_RESORT = 2 * SECOND
KILLED = 137


class Stopping:
    """Ends containers: those of a Pod that is deleted or done, and those that a probe has found dead. `_under_way` holds until when each
    Pod has time, `_waiting` the sidecars whose turn has not come."""

    def __init__(self, machinery: Machinery, power: Power, lifecycle: Lifecycle):
        self._machinery = machinery
        self._power = power
        self._lifecycle = lifecycle
        self._under_way: dict[str, int] = {}
        self._waiting: dict[str, list[int]] = {}
        power.on(TERMINATE, self._terminate)
        power.on(SIGTERM, self._sigterm)
        power.on(SIGKILL, self._sigkill)

    def terminate_after(self, delay: int, pod: Pod) -> None:
        """The Pod was marked as deleted, or its grace was shortened."""
        self._power.after(delay, TERMINATE, pod)

    def revive(self, pod: Pod) -> None:
        """The Node of a Pod that is deleted has power again: nothing of it runs any more."""
        self._finish(pod)

    def _terminate(self, pod: Pod) -> None:
        if not _running(pod):
            self._finish(pod)
            return
        known, deadline = self._under_way.get(pod.uid), pod.deleting or 0
        self._lifecycle.probing.terminate(pod)
        if known is None:
            self._stop_all(pod, deadline)
        elif known != deadline:
            self._shorten(pod, deadline)

    def stop_rest(self, pod: Pod) -> None:
        """Stop what still runs of a Pod that stays: the sidecars of one that has finished, or all of one whose time is over."""
        if pod.uid not in self._under_way and _running(pod):
            self._stop_all(pod, self._machinery.now + _grace(pod))
        self._next(pod)

    def _stop_all(self, pod: Pod, deadline: int) -> None:
        self._under_way[pod.uid] = deadline
        self._lifecycle.hooks.cancel(pod)
        for slot in _running(pod):
            self._say(pod, slot)
            self._hook(pod, slot, deadline)

    def _shorten(self, pod: Pod, deadline: int) -> None:
        """There is less time than was said first."""
        self._under_way[pod.uid] = deadline
        for slot in _running(pod):
            if slot in self._waiting.get(pod.uid, ()):
                self._sigterm_at(deadline, pod, slot, deadline)
            else:
                self._kill_at(deadline, pod, slot)

    def stop(self, pod: Pod, slot: int, grace: int | None = None) -> None:
        """Stop one container of a Pod that stays, within a grace in microseconds or (None) the Pod's own."""
        self._hook(pod, slot, self._machinery.now + (_grace(pod) if grace is None else grace))

    def _hook(self, pod: Pod, slot: int, deadline: int) -> None:
        """Run the preStop hook, which counts against the grace, if there is any."""
        now = self._machinery.now
        if PRE_STOP in view(pod).containers[slot].hooks and deadline > now:
            self._lifecycle.hooks.begin(pod, slot, PRE_STOP, deadline)
        else:
            self._sigterm_at(now, pod, slot, deadline)

    def hooked(self, pod: Pod, slot: int, deadline: int) -> None:
        """The preStop hook is over, or has no more time."""
        self._sigterm(pod, slot, states(pod)[slot].restarts, deadline)

    def _sigterm_at(self, time: int, pod: Pod, slot: int, deadline: int) -> None:
        self._power.after(max(0, time - self._machinery.now), SIGTERM, pod, slot, states(pod)[slot].restarts, deadline)

    def _kill_at(self, deadline: int, pod: Pod, slot: int) -> None:
        self._power.after(max(0, deadline - self._machinery.now), SIGKILL, pod, slot, states(pod)[slot].restarts)

    def _sigterm(self, pod: Pod, slot: int, restarts: int, deadline: int) -> None:
        """A sidecar that has to wait is told at the deadline. Whoever is told late still has two seconds."""
        state = states(pod)[slot]
        if state.state != "running" or state.restarts != restarts:
            return
        if self._machinery.now < deadline and self._must_wait(pod, slot):
            self._waiting.setdefault(pod.uid, []).append(slot)
            self._sigterm_at(deadline, pod, slot, deadline)
            return
        self._kill_at(max(deadline, self._machinery.now + LAST_RESORT), pod, slot)
        self._tell(pod, slot)

    def _tell(self, pod: Pod, slot: int) -> None:
        """What a process does with its SIGTERM."""
        process = view(pod).containers[slot].process
        if self._lifecycle.prober.hangs(pod, slot):
            return
        if self._lifecycle.commands.runs(pod, slot):
            self._lifecycle.commands.signal(pod, slot)
            return
        if process.deaf:
            return
        if not process.lingers:
            self._lifecycle.prober.stop_listening(pod, slot)
        self._lifecycle.exit_after(process.lingers or STOP_TIME, pod, slot, 0)

    def _must_wait(self, pod: Pod, slot: int) -> bool:
        """A sidecar of a Pod that ends: for the containers, and for the sidecars that were started after it."""
        seen = view(pod)
        if pod.uid not in self._under_way or slot >= seen.inits or not seen.containers[slot].sidecar:
            return False
        return any(other >= seen.inits or (other > slot and seen.containers[other].sidecar) for other in _running(pod))

    def _next(self, pod: Pod) -> None:
        """Sidecars whose turn has come are told."""
        for slot in [each for each in self._waiting.get(pod.uid, ()) if not self._must_wait(pod, each)]:
            self._waiting[pod.uid].remove(slot)
            now = self._machinery.now
            self._sigterm_at(now, pod, slot, max(now, self._under_way[pod.uid]))

    def _sigkill(self, pod: Pod, slot: int, restarts: int) -> None:
        state = states(pod)[slot]
        if state.state == "running" and state.restarts == restarts:
            self._lifecycle.end(pod, slot, KILLED)

    def ended(self, pod: Pod) -> None:
        """A container of a Pod that is deleted has ended."""
        if _running(pod):
            self._next(pod)
        else:
            self._finish(pod)

    def _finish(self, pod: Pod) -> None:
        pod = self._lifecycle.put_final(pod)
        delete(self._machinery, pod, grace=0)

    def _say(self, pod: Pod, slot: int) -> None:
        container = view(pod).containers[slot]
        self._machinery.record(pod, "Normal", "Killing", f"Stopping container {container.name}", "kubelet", container.field)

    def forget(self, pod: Pod) -> None:
        self._under_way.pop(pod.uid, None)
        self._waiting.pop(pod.uid, None)

    def state(self) -> Any:
        return [self._under_way, self._waiting]

    def restore(self, state: Any) -> None:
        under_way, waiting = state
        self._under_way, self._waiting = dict(under_way), {uid: list(slots) for uid, slots in waiting.items()}


def _running(pod: Pod) -> list[int]:
    return [slot for slot, state in enumerate(states(pod)) if state.state == "running"]


def _grace(pod: Pod) -> int:
    return int(pod.spec.get("terminationGracePeriodSeconds", 30)) * SECOND
