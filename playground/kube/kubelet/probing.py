"""Who makes which probe of a container, and from when on?  One that runs a command which can be run is made each time, of the others only what
can change something.

Source: pkg/kubelet/prober/worker.go (run: the ticker and the manual trigger; doProbe: an initial delay that is not over), prober_manager.go (UpdatePodStatus).
"""

from __future__ import annotations

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Pod
from playground.kube.kubelet.execprobes import ExecProbes
from playground.kube.kubelet.prober import Prober
from playground.kube.kubelet.status import states
from playground.kube.kubelet.views import Probe, view


class Probing:
    """Both of them, begun and ended together."""

    def __init__(self, machinery: Machinery, prober: Prober, execs: ExecProbes):
        self._machinery = machinery
        self._prober = prober
        self._execs = execs

    def begin(self, pod: Pod, slot: int, kinds: tuple[str, ...]) -> None:
        """A container has come so far that these probes are made from now on, as far as it has them."""
        for kind in kinds:
            probe = view(pod).containers[slot].probes.get(kind)
            if probe is None:
                continue
            base = self._first(pod, kind, probe, states(pod)[slot].since)
            if self._execs.takes(pod, slot, kind):
                self._execs.begin(pod, slot, kind, base)
            else:
                self._prober.begin(pod, slot, kind, base)

    def _first(self, pod: Pod, kind: str, probe: Probe, since: int) -> int:
        """The first instant of a probe's clock at which the container, which runs `since` then, has run for its initial delay. The clock goes from when
        the kubelet took the Pod; that of readiness is set anew, and asked at once, where a container that has started is not ready, as now."""
        now = self._machinery.now
        base, earliest = (now, now) if kind == "readiness" else (pod.state.started or 0, now + 1)
        earliest = max(earliest, since + probe.delay)
        return base + -(-(earliest - base) // probe.period) * probe.period

    def end(self, pod: Pod, slot: int) -> None:
        """A run of a container is over."""
        self._prober.end(pod, slot)
        self._execs.drop(pod, lambda each, _: each == slot)

    def terminate(self, pod: Pod) -> None:
        """The Pod is on its way out: only readiness is still asked."""
        self._prober.terminate(pod)
        self._execs.drop(pod, lambda _, kind: kind != "readiness")

    def forget(self, pod: Pod) -> None:
        self._prober.forget(pod)
        self._execs.drop(pod, lambda *_: True)
