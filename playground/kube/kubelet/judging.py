"""What becomes of a container when a probe's threshold is reached?  It has started, is ready or not, or is stopped.

Source: pkg/kubelet/prober/prober_manager.go (UpdatePodStatus), pkg/kubelet/kuberuntime/kuberuntime_manager.go (computePodActions).
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import ContainerState, Pod
from playground.kube.kubelet.prober import unhealthy
from playground.kube.kubelet.restarting import goes_on
from playground.kube.kubelet.status import states
from playground.kube.kubelet.views import view


class Judging:
    """Hears from the probes, and tells the Pod's lifecycle."""

    def __init__(self, machinery: Machinery, lifecycle: Any):
        self._machinery = machinery
        self._store = machinery.store
        self._lifecycle = lifecycle

    def probed(self, pod: Pod, slot: int, kind: str, passes: bool) -> None:
        """A probe that runs no command has reached its threshold."""
        if not passes:
            container, prober = view(pod).containers[slot], self._lifecycle.prober
            how = "hangs" if prober.hangs(pod, slot) else "answers" if prober.forced(pod, kind) is False else "refuses"
            self._say(pod, "Warning", "Unhealthy", unhealthy(kind, container.probes[kind], pod.ip, how), container.field)
        self.judge(pod, slot, kind, passes)

    def judge(self, pod: Pod, slot: int, kind: str, passes: bool) -> None:
        """A probe's threshold is reached."""
        container = view(pod).containers[slot]
        if kind == "readiness":
            self._put_ready(pod, slot, passes)
        elif kind == "startup" and passes:
            pod = self._started(pod, slot)
            if slot < view(pod).inits:
                self._lifecycle.run(pod)
        else:
            again = ", will be restarted" if goes_on(view(pod), slot) else ""
            self._say(pod, "Normal", "Killing", f"Container {container.name} failed {kind} probe{again}", container.field)
            self._lifecycle.stop_for_probe(pod, slot, container.probes[kind].grace)

    def _started(self, pod: Pod, slot: int) -> Pod:
        after = list(states(pod))
        ready = "readiness" not in view(pod).containers[slot].probes and self._lifecycle.prober.forced(pod, "readiness") is not False
        after[slot] = replace(after[slot], started=True, ready=ready)
        put: Pod = self._lifecycle.put(pod, tuple(after))
        self._lifecycle.probing.begin(put, slot, ("readiness", "liveness"))
        return put

    def _put_ready(self, pod: Pod, slot: int, ready: bool) -> None:
        present = states(pod)
        if present[slot].ready is not ready:
            self._lifecycle.put(pod, (*present[:slot], replace(present[slot], ready=ready), *present[slot + 1 :]))

    def force_ready(self, pod: Pod, passes: bool | None) -> None:
        """Containers without a readiness probe have no threshold to reach: they follow at once."""
        for slot, container in enumerate(view(pod).containers):
            state = states(pod)[slot] if states(pod) else ContainerState()
            if state.started and state.state == "running" and "readiness" not in container.probes:
                self._put_ready(pod, slot, passes is not False)
                pod = self._store.by_uid(pod.uid)

    def _say(self, pod: Pod, type: str, reason: str, message: str, field: str) -> None:
        self._machinery.record(pod, type, reason, message, "kubelet", field)
