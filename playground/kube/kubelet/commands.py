"""What does a container's own command do?  Step by step: between two steps only its place, its last status and what its shell remembers are kept.

The programs are not Kubernetes': who makes a cluster gives it a Software that knows them. A container whose command that
does not know, or any without one, does what images.py guesses.
What runs beside it, as a hook does, goes step by step too; what that prints is told when it ends.
Source of a connection's tries: the kernel sends a SYN that nobody answers again after 1, 3, 7, 15, ... seconds (tcp_syn_retries).
Source of signals: a shell runs a trap when the program in its foreground has ended (POSIX XCU 2.11); process 1 ignores a SIGTERM that it has
no trap for (pid_namespaces(7)).
Simplified: a step happens at one instant, and what it would have waited for passes after it; what nobody answered is done anew at each of
these times, as a request of its own; steps that send are at least PACE apart, and all commands of a cluster together take at most
`commands_per_second`; of a container the last PRINTED lines are kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import JSON, Pod
from playground.kube.apiserver.pods import containers_of
from playground.kube.clock import MILLISECOND, SECOND
from playground.kube.kubelet.files import Changes, Files
from playground.kube.kubelet.power import Power
from playground.kube.kubelet.prober import Prober
from playground.kube.kubelet.status import states
from playground.kube.kubelet.views import view

STEP = "kubelet.step"
PACE, AT_ONCE, LONGEST, PRINTED, HEARD = 100 * MILLISECOND, 1_000, 1e9, 100, 10_240
BROKEN = 1
Line = tuple[int, str]
Memory = tuple[Any, ...]
# When a SYN that nobody answers is sent again, in seconds after the first.
SENT_AGAIN = (1, 3, 7, 15, 31, 63, 127)
TERM = "TERM"


class Run(msgspec.Struct, frozen=True):
    """Let the programs of a command line run. What `work` is, only the Software knows."""

    work: Any


class Jump(msgspec.Struct, frozen=True):
    """Go on at another step: always, or only `when` the last status was (not) 0."""

    to: int
    when: bool | None = None


Step = Run | Jump


class Ran(msgspec.Struct, frozen=True):
    """What came of a Run: its status, how many seconds it took, what it printed, what the shell remembers then (plain data that only the
    Software reads), whether it ended the shell, whether it sent anything, whether nobody answered that, what it did to files, and what of the
    printed it complained of."""

    status: int
    seconds: float = 0.0
    printed: str = ""
    memory: Memory = ()
    over: bool = False
    sent: bool = False
    silence: bool = False
    changes: Changes = Changes()
    complaint: str = ""


class At(msgspec.Struct):
    """Where a command goes on: at the `place` of a step, with the status and what its shell knows; `since` is when that step was tried first.
    What the command of a `hook` has said and complained of is kept until its end."""

    place: int = 0
    status: int = 0
    memory: Memory = ()
    since: int | None = None
    hook: str = ""
    said: str = ""
    complaint: str = ""

    def saved(self) -> tuple[Any, ...]:
        """The fields, without those that only hooks have."""
        return msgspec.structs.astuple(self)[: 7 if self.hook else 4]


class Software(Protocol):
    """The programs that containers can run."""

    def steps(self, spec: JSON, slot: int) -> tuple[Step, ...]:
        """What a container of a Pod's spec does, () where that is not known or nothing but waiting."""

    def unknown(self, spec: JSON, slot: int) -> str:
        """What in a container's command is not simulated, so that there are no steps; "" if that is not why."""

    def complaint(self, spec: JSON, slot: int) -> str:
        """Why a container of a Pod's spec cannot be started, in runc's words; "" where it can be, or that is not sure."""

    def run(self, cluster: Any, pod: Pod, slot: int, work: Any, status: int, memory: Memory) -> Ran:
        """Do the work of a Run now, in a running container. Draws from the cluster's chance alone."""

    def trap(self, cluster: Any, pod: Pod, slot: int, signal: str, status: int, memory: Memory) -> Ran | None:
        """Do what the shell was told to do at a signal; None if it was told nothing."""

    def beside(self, spec: JSON, slot: int, command: tuple[str, ...]) -> tuple[tuple[Step, ...], str | None]:
        """What a hook's command does, and what in it is not simulated, None if it can be run."""

    def unstarted(self, spec: JSON, slot: int, command: tuple[str, ...]) -> str:
        """Why a command cannot be run in a container, in the container runtime's words; "" where it can be, or that is not sure."""

    def probes(self, spec: JSON, slot: int, command: tuple[str, ...]) -> str | None:
        """What in the command of an exec probe is not simulated; None if it can be run."""

    def probe(self, cluster: Any, pod: Pod, slot: int, command: tuple[str, ...]) -> Ran:
        """Run it now, beside what runs in the container. Raises Unstarted."""


class Unstarted(Exception):
    """A program cannot be started; the message is the container runtime's."""


def not_executed(what: str, why: str) -> str:
    """What the kubelet hears of a program that could not be started beside a container's own; `what` tells one try from all others."""
    id = hashlib.sha256(what.encode()).hexdigest()
    return f'rpc error: code = Unknown desc = failed to exec in container: failed to start exec "{id}": {why}'


class Commands:
    """Steps the commands of running containers; `end` is told of the slot whose command has ended."""

    def __init__(self, machinery: Machinery, power: Power, prober: Prober, files: Files, end: Callable[[Pod, int, int], None]):
        self._machinery = machinery
        self._power = power
        self._prober = prober
        self._files = files
        self._end = end
        self._software: Software | None = None
        self._cluster: Any = None
        self._printed: dict[str, dict[int, list[tuple[int, int, str]]]] = {}
        self._signalled: dict[str, dict[int, None]] = {}
        self.beside_ended: Callable[[Pod, int, str, Ran | str], None] | None = None
        self.lines = 0
        self._second = self._taken = 0
        power.on(STEP, self._step)

    def install(self, software: Software | None, cluster: Any) -> None:
        """From now on containers can run these programs, in this cluster."""
        self._software, self._cluster = software, cluster

    def runs(self, pod: Pod, slot: int) -> bool:
        """Whether the container's command is run, rather than guessed at."""
        return bool(self._steps(pod, slot))

    def complaint(self, pod: Pod, slot: int) -> str:
        """Why the container's command cannot be started, "" where it can be."""
        return "" if self._software is None else self._software.complaint(pod.spec, slot)

    def begin(self, pod: Pod, slot: int) -> None:
        self._power.after(PACE, STEP, pod, slot, states(pod)[slot].restarts, *At().saved())

    def begin_beside(self, pod: Pod, slot: int, hook: str) -> None:
        """The command of a hook begins, which can be run; `beside_ended` is told of its end."""
        self._power.after(PACE, STEP, pod, slot, states(pod)[slot].restarts, *At(hook=hook).saved())

    def printed(self, pod: Pod, slot: int, after: int = 0) -> list[Line]:
        """What the container's command has printed since there were `after` lines in all: virtual microseconds, and a line without its end."""
        return [(time, line) for number, time, line in self._printed.get(pod.uid, {}).get(slot, ()) if number > after]

    def signal(self, pod: Pod, slot: int) -> None:
        """The container has got its SIGTERM."""
        self._signalled.setdefault(pod.uid, {})[slot] = None

    def end(self, pod: Pod, slot: int) -> None:
        """A container has ended."""
        slots = self._signalled.get(pod.uid, {})
        if slot in slots:
            del slots[slot]
            if not slots:
                del self._signalled[pod.uid]

    def forget(self, pod: Pod) -> None:
        self._printed.pop(pod.uid, None)
        self._signalled.pop(pod.uid, None)

    def _steps(self, pod: Pod, slot: int, hook: str = "") -> tuple[Step, ...]:
        """() where it is guessed at: also of a server, and of what waits until somebody attaches to its input."""
        if hook and self._software is not None:
            return self._software.beside(pod.spec, slot, view(pod).containers[slot].hooks[hook].command)[0]
        waits = containers_of(pod.spec)[slot].get("stdin")
        if self._software is None or view(pod).containers[slot].process.listens or waits:
            return ()
        return self._software.steps(pod.spec, slot)

    def _step(self, pod: Pod, slot: int, restarts: int, *where: Any) -> None:
        """Go on from a place, to where time has to pass; `where` are the fields of an At."""
        at, state = At(*where), states(pod)[slot]
        if state.state != "running" or state.restarts != restarts or self._software is None:
            return
        if at.hook and not at.place and at.since is None and self._is_unstarted(pod, slot, at.hook):
            return
        steps = self._steps(pod, slot, at.hook)
        wait = SECOND if not at.hook and self._prober.hangs(pod, slot) else self._turn()
        for _ in range(AT_ONCE):
            if wait:
                break
            trapped = self._trapped(pod, slot, at)
            if trapped is None and at.place >= len(steps):
                self._ended(pod, slot, at)
                return
            step = steps[at.place] if trapped is None else None
            if isinstance(step, Jump):
                at.place = step.to if step.when is None or step.when is (at.status == 0) else at.place + 1
            elif trapped is not None:
                wait = self._take(
                    pod, slot, at, trapped, len(steps) if trapped.over else at.place, trapped.status if trapped.over else at.status
                )
            elif step is not None:
                ran = self._software.run(self._cluster, pod, slot, step.work, at.status, at.memory)
                again = self._again(at, ran)
                wait = again or self._take(pod, slot, at, ran, len(steps) if ran.over else at.place + 1, ran.status)
        self._power.after(wait or SECOND, STEP, pod, slot, restarts, *at.saved())

    def _again(self, at: At, ran: Ran) -> int:
        """How long until what nobody answers is sent once more; 0 where it is not, or was answered."""
        tried = self._tried(at)
        again = next((each * SECOND - tried for each in SENT_AGAIN if each * SECOND > tried), 0)
        if not ran.silence or not again or self._left(at, ran) <= again:
            return 0
        at.since = self._machinery.now - tried
        return again

    def _take(self, pod: Pod, slot: int, at: At, ran: Ran, place: int, status: int) -> int:
        """What was run has come to this, and goes on at a place; how long it took from now on."""
        wait = max(self._left(at, ran), PACE if ran.sent else 0)
        if at.hook:
            at.said, at.complaint = (at.said + ran.printed)[:HEARD], (at.complaint + ran.complaint)[:HEARD]
        else:
            self._print(pod, slot, ran.printed)
        self._files.change(pod, slot, ran.changes)
        at.place, at.status, at.memory, at.since = place, status, ran.memory, None
        return wait

    def _tried(self, at: At) -> int:
        """For how long the step has been tried."""
        return 0 if at.since is None else self._machinery.now - at.since

    def _left(self, at: At, ran: Ran) -> int:
        return round(min(ran.seconds, LONGEST) * SECOND) - self._tried(at)

    def _ended(self, pod: Pod, slot: int, at: At) -> None:
        if not at.hook:
            self._end(pod, slot, at.status)
        elif self.beside_ended is not None:
            self.beside_ended(pod, slot, at.hook, Ran(at.status, printed=at.said, complaint=at.complaint))

    def _is_unstarted(self, pod: Pod, slot: int, hook: str) -> bool:
        """The runtime cannot start what a hook runs."""
        assert self._software is not None
        assert self.beside_ended is not None
        why = self._software.unstarted(pod.spec, slot, view(pod).containers[slot].hooks[hook].command)
        if why:
            self.beside_ended(pod, slot, hook, not_executed(f"{pod.uid}/{slot}/{hook}/{states(pod)[slot].restarts}", why))
        return bool(why)

    def _trapped(self, pod: Pod, slot: int, at: At) -> Ran | None:
        """What the shell does at the signal that it got, None where there was none or it ignores that."""
        if at.hook or at.since is not None or self._software is None or slot not in self._signalled.get(pod.uid, ()):
            return None
        self.end(pod, slot)
        return self._software.trap(self._cluster, pod, slot, TERM, at.status, at.memory)

    # --- beside the command

    def unknown(self, spec: JSON, slot: int) -> str:
        """What in a container's command is not simulated, so that it is guessed at; "" if that is not why."""
        return "" if self._software is None else self._software.unknown(spec, slot)

    def unknown_beside(self, spec: JSON, slot: int, command: tuple[str, ...]) -> str | None:
        """What in the command of a hook is not simulated; None if it can be run."""
        return "" if self._software is None else self._software.beside(spec, slot, command)[1]

    def probes(self, spec: JSON, slot: int, command: tuple[str, ...]) -> str | None:
        """What in the command of an exec probe is not simulated; None if it can be run."""
        return "" if self._software is None else self._software.probes(spec, slot, command)

    def probe(self, pod: Pod, slot: int, command: tuple[str, ...]) -> Ran:
        """Run the command of an exec probe, which can be, now. Raises Unstarted."""
        assert self._software is not None
        ran = self._software.probe(self._cluster, pod, slot, command)
        self._files.change(pod, slot, ran.changes)
        return ran

    def _turn(self) -> int:
        """How long to wait for the next turn, where others have taken all of this second."""
        second = self._machinery.now // SECOND
        if second != self._second:
            self._second, self._taken = second, 0
        self._taken += 1
        return 0 if self._taken <= self._machinery.settings.limits.commands_per_second else (second + 1) * SECOND - self._machinery.now

    def _print(self, pod: Pod, slot: int, text: str) -> None:
        if text:
            kept = self._printed.setdefault(pod.uid, {}).setdefault(slot, [])
            for line in text.splitlines():
                self.lines += 1
                kept.append((self.lines, self._machinery.now, line))
            del kept[:-PRINTED]

    def state(self) -> list[Any]:
        printed = {uid: [[slot, lines] for slot, lines in found.items()] for uid, found in self._printed.items()}
        return [printed, self.lines, self._second, self._taken, {uid: list(slots) for uid, slots in self._signalled.items()}]

    def restore(self, state: list[Any]) -> None:
        printed, self.lines, self._second, self._taken, signalled = state
        self._signalled = {uid: dict.fromkeys(slots) for uid, slots in signalled.items()}
        self._printed = {uid: {slot: [tuple(line) for line in lines] for slot, lines in found} for uid, found in printed.items()}
