"""When does a probe change something?  Probes are evaluated at their true instants, but only those whose answer can change anything.

When the first probe of a container is due says probing.py; the others follow a period apart. While its answer stays the same, only the instant
at which the threshold is reached can change anything, so only that one is made due; when the answer changes between two instants, the count starts
again at the next one, just as if every probe had been made.
Probes whose command is run stand in execprobes.py.
Source: pkg/kubelet/prober/{worker,prober_manager}.go.
Simplified: an answer comes at once, also that of a timeout.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import ContainerState, Pod
from playground.kube.kubelet.power import Power
from playground.kube.kubelet.status import states
from playground.kube.kubelet.views import Probe, view

DUE = "kubelet.probe"
# A process that stands still does not matter to a connection alone, nor to another process beside it.
ANSWERED_BY_KERNEL = ("tcpSocket", "exec")


class Run(msgspec.Struct, array_like=True):
    """Probes of one kind on one run of a container. `base` is the time of probe 0; the answer is `answer` from probe
    `first` on; the probes before, from `seen_first`, all answered `seen` (None: there were none)."""

    base: int
    answer: bool
    first: int
    seen: bool | None = None
    seen_first: int = 0
    number: int = 0

    def change(self, answer: bool, following: int) -> None:
        """The answer is another from probe `following` on."""
        if self.first < following and self.answer != self.seen:
            self.seen, self.seen_first = self.answer, self.first
        self.answer, self.first = answer, following
        self.number += 1

    def begins(self) -> int:
        """The first probe of the row of equal answers that is going on."""
        return self.seen_first if self.seen == self.answer else self.first


class Prober:
    """`changed(pod, slot, kind, passes)` is called when a threshold is reached."""

    def __init__(self, machinery: Machinery, power: Power, changed: Callable[[Pod, int, str, bool], None]):
        self._clock = machinery.clock
        self._power = power
        self._changed = changed
        self._runs: dict[str, dict[tuple[int, str], Run]] = {}
        self._forced: dict[str, dict[str, bool]] = {}
        self._quiet: dict[str, dict[int, None]] = {}
        self._hanging: dict[str, dict[int, None]] = {}
        power.on(DUE, self._due)

    # --- what is asked

    def begin(self, pod: Pod, slot: int, kind: str, base: int) -> None:
        """A container has come so far that this probe is made from now on, every period from `base` on."""
        probe = view(pod).containers[slot].probes[kind]
        run = Run(base, self._answer(pod, slot, kind), 0)
        run.first = _following(run, probe, self._clock.now)
        self._runs.setdefault(pod.uid, {})[slot, kind] = run
        self._plan(pod, slot, kind, run)

    def end(self, pod: Pod, slot: int) -> None:
        """A run of a container is over."""
        self._drop(pod, lambda each, _: each == slot)
        for memory in (self._quiet, self._hanging):
            slots = memory.get(pod.uid)
            if slots is not None and slot in slots:
                del slots[slot]
                if not slots:
                    del memory[pod.uid]

    def terminate(self, pod: Pod) -> None:
        """The Pod is on its way out: only readiness is still asked."""
        self._drop(pod, lambda _, kind: kind != "readiness")

    def stop_listening(self, pod: Pod, slot: int) -> None:
        """A container has got its SIGTERM and answers no more."""
        self._quiet.setdefault(pod.uid, {})[slot] = None
        self._shift(pod)

    def hang(self, pod: Pod, slots: list[int]) -> None:
        """The processes of these containers stand still, until they end; all others go on."""
        self._hanging.pop(pod.uid, None)
        if slots:
            self._hanging[pod.uid] = dict.fromkeys(slots)
        self._shift(pod)

    def hangs(self, pod: Pod, slot: int) -> bool:
        return slot in self._hanging.get(pod.uid, ())

    def hanging(self, pod: Pod) -> bool:
        return pod.uid in self._hanging

    def listens(self, pod: Pod, slot: int) -> bool:
        """The container takes connections, provided it runs."""
        return slot not in self._quiet.get(pod.uid, ())

    def force(self, pod: Pod, kind: str, passes: bool | None) -> None:
        """Make all containers of a Pod answer a probe so, or (None) by themselves."""
        forced = self._forced.setdefault(pod.uid, {})
        forced.pop(kind, None)
        if passes is not None:
            forced[kind] = passes
        if not forced:
            del self._forced[pod.uid]
        self._shift(pod)

    def forced(self, pod: Pod, kind: str) -> bool | None:
        return self._forced.get(pod.uid, {}).get(kind)

    def forget(self, pod: Pod) -> None:
        for memory in (self._runs, self._forced, self._quiet, self._hanging):
            memory.pop(pod.uid, None)

    # --- what is due

    def _answer(self, pod: Pod, slot: int, kind: str) -> bool:
        forced = self.forced(pod, kind)
        if forced is not None:
            return forced
        container = view(pod).containers[slot]
        probe = container.probes[kind]
        if self.hangs(pod, slot) and probe.how not in ANSWERED_BY_KERNEL:
            return False
        return self.listens(pod, slot) and (probe.port is None or (probe.port, "TCP") in container.process.listens)

    def _plan(self, pod: Pod, slot: int, kind: str, run: Run) -> None:
        """Make the probe due that reaches a threshold which changes something; of what was never ready, the first that fails, to be told."""
        probe, state = view(pod).containers[slot].probes[kind], states(pod)[slot]
        told_only = run.answer == _holds(state, kind)
        if told_only and (run.answer or kind != "readiness"):
            return
        needed = 1 if told_only else probe.success if run.answer else probe.failure
        number = max(run.begins() + needed - 1, run.first)
        self._power.after(run.base + number * probe.period - self._clock.now, DUE, pod, slot, state.restarts, kind, run.number)

    def _shift(self, pod: Pod) -> None:
        for (slot, kind), run in list(self._runs.get(pod.uid, {}).items()):
            answer = self._answer(pod, slot, kind)
            if answer != run.answer:
                run.change(answer, _following(run, view(pod).containers[slot].probes[kind], self._clock.now))
                self._plan(pod, slot, kind, run)

    def _due(self, pod: Pod, slot: int, restarts: int, kind: str, number: int) -> None:
        run = self._runs.get(pod.uid, {}).get((slot, kind))
        state = states(pod)[slot]
        if run is not None and run.number == number and state.restarts == restarts and state.state == "running":
            self._changed(pod, slot, kind, run.answer)

    def _drop(self, pod: Pod, unwanted: Callable[[int, str], bool]) -> None:
        runs = self._runs.get(pod.uid)
        if runs is None:
            return
        kept = {key: run for key, run in runs.items() if not unwanted(*key)}
        if kept:
            self._runs[pod.uid] = kept
        else:
            del self._runs[pod.uid]

    # --- saving

    def state(self) -> list[Any]:
        runs = [[uid, slot, kind, run] for uid, found in self._runs.items() for (slot, kind), run in found.items()]
        silent = [{uid: list(slots) for uid, slots in memory.items()} for memory in (self._quiet, self._hanging)]
        return [msgspec.to_builtins(runs), self._forced, *silent]

    def restore(self, state: list[Any]) -> None:
        runs, forced, quiet, hanging = state
        for uid, slot, kind, run in runs:
            self._runs.setdefault(uid, {})[slot, kind] = msgspec.convert(run, Run)
        self._forced = {uid: dict(each) for uid, each in forced.items()}
        self._quiet, self._hanging = ({uid: dict.fromkeys(slots) for uid, slots in memory.items()} for memory in (quiet, hanging))


def _holds(state: ContainerState, kind: str) -> bool | None:
    """What the probe's last outcome was; startup has none until it passes."""
    if kind == "readiness":
        return state.ready
    return True if kind == "liveness" else None


def _following(run: Run, probe: Probe, now: int) -> int:
    """The number of the first probe at or after a time."""
    return max(0, -(-(now - run.base) // probe.period))


def unhealthy(kind: str, probe: Probe, ip: str, how: str) -> str:
    """What the event of a probe that failed says: its program `answers` that it is not well, `refuses`, or `hangs`.

    Source: pkg/probe/http/http.go, pkg/probe/tcp/tcp.go, pkg/probe/grpc/grpc.go.
    """
    to = address(ip, probe.port or 0)
    late = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
    url = f'Get "{probe.scheme}://{to}{probe.path}": '
    said = {
        "httpGet": {"answers": "HTTP probe failed with statuscode: 503", "hangs": url + late, "refuses": url + refused(to)}[how],
        "tcpSocket": refused(to),
        "grpc": 'service unhealthy (responded with "NOT_SERVING")'
        if how == "answers"
        else f'failed to connect service "{to}" within 1s: context deadline exceeded',
    }
    return f"{kind.capitalize()} probe failed: {said.get(probe.how, 'command failed')}"


def address(ip: str, port: int) -> str:
    return f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"


def refused(to: str) -> str:
    """What Go says where nobody listens."""
    return f"dial tcp {to}: connect: connection refused"
