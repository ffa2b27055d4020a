"""What comes of probes that run a command?  Each is made at its instant: what it finds may depend on anything.

Source: pkg/kubelet/prober/worker.go (doProbe: counts, thresholds, on hold once a container is to be restarted; the result of a probe that
errored is thrown away), prober.go, pkg/probe/exec/exec.go (10 KB of what it said; a timeout is a failure);
k8s.io/cri-client pkg/remote_runtime.go (the words of a timeout).
Simplified: an answer comes at once, also that of a timeout; a connection that a probe's command makes is not drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Pod
from playground.kube.clock import SECOND
from playground.kube.kubelet.backoff import duration
from playground.kube.kubelet.commands import HEARD, Commands, Unstarted, not_executed
from playground.kube.kubelet.power import Power
from playground.kube.kubelet.status import states
from playground.kube.kubelet.views import Probe, view

DUE = "kubelet.execprobe"


class Row(msgspec.Struct, array_like=True):
    """Probes of one kind on one run of a container: the time of probe 0, the number of the next one, and how many in a row ended so."""

    base: int
    number: int
    passed: bool | None = None
    count: int = 0


class ExecProbes:
    """`changed(pod, slot, kind, passes)` is called when a threshold is reached, `forced` says how a probe is made to answer."""

    def __init__(
        self,
        machinery: Machinery,
        power: Power,
        commands: Commands,
        forced: Callable[[Pod, str], bool | None],
        changed: Callable[[Pod, int, str, bool], None],
    ):
        self._machinery = machinery
        self._power = power
        self._commands = commands
        self._forced = forced
        self._changed = changed
        self._rows: dict[str, dict[tuple[int, str], Row]] = {}
        power.on(DUE, self._due)

    def takes(self, pod: Pod, slot: int, kind: str) -> bool:
        """It runs a command, and one that can be run."""
        probe = view(pod).containers[slot].probes[kind]
        return probe.how == "exec" and self._commands.probes(pod.spec, slot, probe.command) is None

    def begin(self, pod: Pod, slot: int, kind: str, base: int) -> None:
        """From now on, every period from `base` on."""
        period = view(pod).containers[slot].probes[kind].period
        row = Row(base, max(0, -(-(self._machinery.now - base) // period)))
        self._rows.setdefault(pod.uid, {})[slot, kind] = row
        self._plan(pod, slot, kind, row)

    def drop(self, pod: Pod, unwanted: Callable[[int, str], bool]) -> None:
        """Those of these slots and kinds are made no more."""
        kept = {key: row for key, row in self._rows.pop(pod.uid, {}).items() if not unwanted(*key)}
        if kept:
            self._rows[pod.uid] = kept

    def _plan(self, pod: Pod, slot: int, kind: str, row: Row) -> None:
        probe = view(pod).containers[slot].probes[kind]
        due = row.base + row.number * probe.period
        self._power.after(max(0, due - self._machinery.now), DUE, pod, slot, states(pod)[slot].restarts, kind, row.number)

    def _due(self, pod: Pod, slot: int, restarts: int, kind: str, number: int) -> None:
        row, state = self._rows.get(pod.uid, {}).get((slot, kind)), states(pod)[slot]
        if row is None or row.number != number or state.restarts != restarts or state.state != "running":
            return
        row.number += 1
        self._plan(pod, slot, kind, row)
        probe = view(pod).containers[slot].probes[kind]
        passes = self._answer(pod, slot, kind, probe, number)
        if passes is None:
            return
        row.count = row.count + 1 if row.passed is passes else 1
        row.passed = passes
        if row.count < (probe.success if passes else probe.failure):
            return
        if kind == "startup" or (kind == "liveness" and not passes):
            self.drop(pod, lambda *key: key == (slot, kind))
        if kind != "liveness" or not passes:
            self._changed(pod, slot, kind, passes)

    def _answer(self, pod: Pod, slot: int, kind: str, probe: Probe, number: int) -> bool | None:
        """Whether it passes; None where that cannot be told."""
        forced = self._forced(pod, kind)
        if forced is not None:
            return forced or self._failed(pod, slot, kind, "command failed")
        try:
            ran = self._commands.probe(pod, slot, probe.command)
        except Unstarted as error:
            why = not_executed(f"{pod.uid}/{slot}/{kind}/{number}", str(error))
            self._say(pod, slot, f"{kind.capitalize()} probe errored and resulted in unknown state: {why}")
            return None
        if ran.seconds * SECOND > probe.timeout:
            command = msgspec.json.encode(" ".join(probe.command)).decode()
            return self._failed(pod, slot, kind, f"command timed out: {command} timed out after {duration(probe.timeout)}")
        return ran.status == 0 or self._failed(pod, slot, kind, ran.printed[:HEARD])

    def _failed(self, pod: Pod, slot: int, kind: str, output: str) -> bool:
        self._say(pod, slot, f"{kind.capitalize()} probe failed: {output}")
        return False

    def _say(self, pod: Pod, slot: int, message: str) -> None:
        self._machinery.record(pod, "Warning", "Unhealthy", message, "kubelet", view(pod).containers[slot].field)

    def state(self) -> list[Any]:
        return [[uid, slot, kind, msgspec.to_builtins(row)] for uid, found in self._rows.items() for (slot, kind), row in found.items()]

    def restore(self, state: list[Any]) -> None:
        for uid, slot, kind, row in state:
            self._rows.setdefault(uid, {})[slot, kind] = msgspec.convert(row, Row)
