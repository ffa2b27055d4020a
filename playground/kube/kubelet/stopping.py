"""How does a container come to its end?  preStop hook, SIGTERM, and SIGKILL when its grace is over.

Source: content/en/docs/concepts/workloads/pods/pod-lifecycle.md (Termination of Pods), pkg/kubelet/kuberuntime/kuberuntime_container.go (killContainer).
Simplified: the sidecars of a Pod are stopped together with its other containers.
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
from playground.kube.kubelet.views import view

TERMINATE, SIGTERM, SIGKILL = "kubelet.terminate", "kubelet.sigterm", "kubelet.sigkill"
STOP_TIME = SECOND
LAST_RESORT = 2 * SECOND
KILLED = 137


class Stopping:
    """Ends containers: those of a Pod that is deleted, and those that a probe has found dead."""

    def __init__(self, machinery: Machinery, power: Power, lifecycle: Lifecycle):
        self._machinery = machinery
        self._power = power
        self._lifecycle = lifecycle
        self._under_way: dict[str, int] = {}
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
        running = _running(pod)
        if not running:
            self._finish(pod)
            return
        deadline = pod.deleting or 0
        known = self._under_way.get(pod.uid)
        self._under_way[pod.uid] = deadline
        if known is None:
            self._lifecycle.probing.terminate(pod)
            for slot in running:
                self._say(pod, slot)
                self._hook(pod, slot, deadline)
        elif known != deadline:
            for slot in running:
                self._kill_at(deadline, pod, slot)

    def stop(self, pod: Pod, slot: int, grace: int | None = None) -> None:
        """Stop one container of a Pod that stays, within a grace in microseconds or (None) the Pod's own."""
        own = int(pod.spec.get("terminationGracePeriodSeconds", 30)) * SECOND
        self._hook(pod, slot, self._machinery.now + (own if grace is None else grace))

    def _hook(self, pod: Pod, slot: int, deadline: int) -> None:
        """Run the preStop hook, which counts against the grace; if it takes all of it, two seconds are left for the rest."""
        hook, left = view(pod).containers[slot].pre_stop, max(0, deadline - self._machinery.now)
        self._power.after(min(hook, left), SIGTERM, pod, slot, states(pod)[slot].restarts)
        self._kill_at(deadline if hook < left else deadline + LAST_RESORT, pod, slot)

    def _kill_at(self, deadline: int, pod: Pod, slot: int) -> None:
        self._power.after(max(0, deadline - self._machinery.now), SIGKILL, pod, slot, states(pod)[slot].restarts)

    def _sigterm(self, pod: Pod, slot: int, restarts: int) -> None:
        state, process = states(pod)[slot], view(pod).containers[slot].process
        if state.state != "running" or state.restarts != restarts or self._lifecycle.prober.hangs(pod, slot):
            return
        if self._lifecycle.commands.runs(pod, slot):
            self._lifecycle.commands.signal(pod, slot)
            return
        if process.deaf:
            return
        if not process.lingers:
            self._lifecycle.prober.stop_listening(pod, slot)
        self._lifecycle.exit_after(process.lingers or STOP_TIME, pod, slot, 0)

    def _sigkill(self, pod: Pod, slot: int, restarts: int) -> None:
        state = states(pod)[slot]
        if state.state == "running" and state.restarts == restarts:
            self._lifecycle.end(pod, slot, KILLED)

    def ended(self, pod: Pod) -> None:
        """A container of a Pod that is deleted has ended."""
        if not _running(pod):
            self._finish(pod)

    def _finish(self, pod: Pod) -> None:
        pod = self._lifecycle.put_final(pod)
        delete(self._machinery, pod, grace=0)

    def _say(self, pod: Pod, slot: int) -> None:
        container = view(pod).containers[slot]
        self._machinery.record(pod, "Normal", "Killing", f"Stopping container {container.name}", "kubelet", container.field)

    def forget(self, pod: Pod) -> None:
        self._under_way.pop(pod.uid, None)

    def state(self) -> Any:
        return self._under_way

    def restore(self, state: Any) -> None:
        self._under_way = dict(state)


def _running(pod: Pod) -> list[int]:
    return [slot for slot, state in enumerate(states(pod)) if state.state == "running"]
