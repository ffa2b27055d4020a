"""What do the programs of a container's command line hear, and say?  All at one instant, as the kubelet's simulation wants it.

The same programs run as in `kubectl exec`; here their packets are sent from within the simulation, so that no action of the log is needed.
Simplified: of a file that becomes too long the end is kept; a shell that knows too much forgets it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from functools import partial
from typing import Any

import msgspec

from playground.kube.apiserver.memo import Memo
from playground.kube.apiserver.objects import JSON, Pod
from playground.kube.apiserver.pods import containers_of
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.kube.kubelet.commands import BROKEN, Memory, Ran, Step, Unstarted
from playground.kube.kubelet.envvars import expand
from playground.kube.kubelet.references import of_probe as put_in
from playground.kube.network.targets import addressed, target
from playground.terminal.commands.compiling import (
    Follow,
    Gather,
    Given,
    Line,
    Next,
    Words,
    Wrong,
    arguments,
    beside,
    steps,
    unknown,
    unknown_in_probe,
)
from playground.terminal.commands.starting import complaint, of_probe
from playground.terminal.programs import asks, faults
from playground.terminal.programs.asks import Ask, NoProgram, Program, Sent, Wait, Write
from playground.terminal.programs.call import Call, out
from playground.terminal.programs.container import container_of
from playground.terminal.programs.files import Files
from playground.terminal.programs.limits import Exhausted, Limits
from playground.terminal.programs.texts import AGAIN, appended, of_tail
from playground.terminal.sessions.session import begin, heard
from playground.terminal.sessions.table import program
from playground.terminal.shell.shell import BAD_SYNTAX, Shell
from playground.terminal.shell.state import Break, Exit, State, flavour_of, surroundings

LIMITS = Limits(steps=1_000, packets=50, output=10_000, held=10_000)
NO_COMMAND, ERRORS = 127, 2
KEPT = 2_000
OPTIONS = ("errexit", "nounset", "xtrace", "pipefail")


class Remembered(msgspec.Struct, array_like=True):
    """What a shell knows from one command line to the next: the variables that are not the container's own, the names that it exports or
    does so no more, where it stands, which options are set, what it does at which signal, the words that its loops have yet to go
    through, and its arguments where they were set."""

    variables: dict[str, str] = {}
    exported: list[str] = []
    hidden: list[str] = []
    cwd: str = ""
    options: list[str] = []
    traps: dict[str, str] = {}
    loops: dict[str, list[str]] = {}
    words: list[str] | None = None


class _Programs:
    """See kube.kubelet.commands.Software."""

    def steps(self, spec: JSON, slot: int) -> tuple[Step, ...]:
        return _compiled.of(spec)[slot][0]

    def unknown(self, spec: JSON, slot: int) -> str:
        return _compiled.of(spec)[slot][1]

    def complaint(self, spec: JSON, slot: int) -> str:
        return _compiled.of(spec)[slot][2]

    def run(self, cluster: Cluster, pod: Pod, slot: int, work: Any, status: int, memory: Memory) -> Ran:
        there = _There(cluster, pod, slot)
        if isinstance(work, Words):
            return there.ran(lambda: there.alone([expand(word, there.given) for word in work.words]), None)
        if isinstance(work, Given):
            return there.ran(lambda: there.alone(list(work.words)), None)
        shell = Shell(there.shell(status, _remembered(memory)))
        return there.ran(lambda: _do(shell, there.loops, work), shell)

    def trap(self, cluster: Cluster, pod: Pod, slot: int, signal: str, status: int, memory: Memory) -> Ran | None:
        there = _There(cluster, pod, slot)
        shell = Shell(there.shell(status, _remembered(memory)))
        return there.ran(lambda: shell.signalled(signal), shell) if signal in shell.state.traps else None

    def beside(self, spec: JSON, slot: int, command: tuple[str, ...]) -> tuple[tuple[Step, ...], str | None]:
        return _beside.of(spec, slot, command)

    def unstarted(self, spec: JSON, slot: int, command: tuple[str, ...]) -> str:
        why = of_probe(containers_of(spec)[slot], command[0])
        return f"OCI runtime exec failed: exec failed: unable to start container process: {why}: unknown" if why else ""

    def probes(self, spec: JSON, slot: int, command: tuple[str, ...]) -> str | None:
        return _probes.of(spec, slot, command)

    def probe(self, cluster: Cluster, pod: Pod, slot: int, command: tuple[str, ...]) -> Ran:
        words = list(put_in(containers_of(pod.spec)[slot], command))
        why = self.unstarted(pod.spec, slot, tuple(words))
        if why:
            raise Unstarted(why)
        there = _There(cluster, pod, slot, drawn=False)
        return there.ran(lambda: there.alone(words), None)


SOFTWARE = _Programs()


Compiled = tuple[tuple[tuple[Step, ...], str, str, tuple[str, ...]], ...]


def _compile(spec: JSON) -> Compiled:
    """Of each container its steps, what keeps it from having some, why it cannot be started, and its shell's arguments."""
    return tuple(
        (steps(spec, slot), unknown(spec, slot), complaint(each), arguments(spec, slot)) for slot, each in enumerate(containers_of(spec))
    )


_compiled: Memo[Compiled] = Memo(_compile)
_beside: Memo[tuple[tuple[Step, ...], str | None]] = Memo(beside)
_probes: Memo[str | None] = Memo(unknown_in_probe)


def _remembered(memory: Memory) -> Remembered:
    return msgspec.convert(memory, Remembered) if memory else Remembered()


def _do(shell: Shell, loops: dict[str, list[str]], work: Line | Gather | Next | Follow | Wrong) -> Program:
    """One step of a script."""
    state = shell.state
    if isinstance(work, Wrong):
        yield Write(2, state.wrong_syntax(work.error))
        raise Exit(BAD_SYNTAX)
    if isinstance(work, Gather):
        loops[str(work.loop)] = yield from shell.words(work.words)
        return 0
    if isinstance(work, Follow):
        return (yield from _follow(shell, loops, work))
    if isinstance(work, Next):
        left = loops.pop(str(work.loop), [])
        if not left:
            return 1
        state.variables[work.name] = left[0]
        loops[str(work.loop)] = left[1:]
        return state.status
    state.tested = int(work.tested)
    status = yield from shell.pipeline(work.pipeline)
    if status and state.errexit and not work.tested:
        raise Exit(status)
    return status


def _follow(shell: Shell, loops: dict[str, list[str]], work: Follow) -> Program:
    call, known = shell.call((yield from shell.words(work.words))), loops.get(str(work.loop))
    found = of_tail(call.args)
    text, seen = appended(call, call.path(found.rest[-1]), found.of("n", default="10"), (int(known[0]), known[1]) if known else None)
    loops[str(work.loop)] = [str(seen[0]), seen[1]] if seen else []
    yield from out(text)
    yield Wait(AGAIN)
    return 0


class _There:
    """Answers what a program asks, from its container, and counts what it takes. What is not `drawn` leaves no request behind."""

    def __init__(self, cluster: Cluster, pod: Pod, slot: int, drawn: bool = True):
        self._cluster = cluster
        self._network = cluster.network
        self._pod = pod
        self._drawn = drawn
        self.place = container_of(cluster, pod, slot)
        self.given = dict(cluster.kubelet.environment(pod, self.place.name))
        allowed = cluster.settings.limits
        self._limits = msgspec.structs.replace(LIMITS, file=allowed.file, files=allowed.files)
        self._files = Files(self.place, self._limits, lambda: cluster.kubelet.files(pod, slot), rolls=True)
        self._texts: deque[str] = deque()
        self._complaints: list[str] = []
        self._steps = self._written = self._packets = 0
        self._waited = 0.0
        self._silence = False
        self.loops: dict[str, list[str]] = {}

    def ran(self, begins: Callable[[], Program], shell: Shell | None) -> Ran:
        """Let it run to its end."""
        over = False
        try:
            status = self._run(begins())
        except Exit as exit_:
            status, over = exit_.code, True
        except NoProgram as missing:
            self._texts, status = deque((f"{missing.runtime}\n",)), NO_COMMAND
        except (*faults.FORESEEN, Break) as error:
            self._texts.append(f"switchyard: {error}\n")
            status = BROKEN
        except faults.UNFORESEEN as fault:
            self._texts.append(faults.said(fault))
            status = BROKEN
        memory = self._memory(shell.state) if shell is not None else ()
        texts, changes = "".join(self._texts), self._files.changes()
        return Ran(
            status & 255,
            self._waited,
            texts,
            memory,
            over,
            self._packets > 0 and self._drawn,
            self._silence,
            changes,
            "".join(self._complaints),
        )

    def alone(self, words: list[str]) -> Program:
        """A program without a shell."""
        return begin(self.place, words, False, self._limits, self._files)

    def shell(self, status: int, known: Remembered) -> State:
        """A shell as it was after the last command line."""
        env, cwd = dict(self.place.env), known.cwd or self.place.cwd
        call = Call("sh", [], env, self.place, self._files, self._limits, partial(program, self.place.image), cwd)
        begun = surroundings(env, cwd, flavour_of(call))
        variables = {**begun, "IFS": " \t\n", **known.variables}
        exported = dict.fromkeys(name for name in (*begun, *known.exported) if name not in known.hidden)
        self.loops = dict(known.loops)
        name, *words = self._arguments() or ["sh"]
        state = State(
            call,
            name,
            variables,
            exported,
            words if known.words is None else list(known.words),
            cwd,
            status,
            traps=dict(known.traps),
            given=self.given,
        )
        for option in known.options:
            setattr(state, option, True)
        return state

    def _arguments(self) -> list[str]:
        return [expand(word, self.given) for word in _compiled.of(self._pod.spec)[self.place.slot][3]]

    def _memory(self, state: State) -> Memory:
        env = surroundings(state.call.env, state.cwd, state.flavour)
        own = {**env, "IFS": " \t\n"}
        known = Remembered(
            {name: text for name, text in state.variables.items() if own.get(name) != text},
            [name for name in state.exported if name not in env],
            [name for name in env if name not in state.exported],
            state.cwd if state.cwd != self.place.cwd else "",
            [option for option in OPTIONS if getattr(state, option)],
            state.traps,
            {loop: words for loop, words in self.loops.items() if words},
            state.words if state.words != self._arguments()[1:] else None,
        )
        if known == Remembered():
            return ()
        memory: Memory = tuple(msgspec.to_builtins(known))
        if len(str(memory)) > KEPT:
            self._say(
                f"switchyard: this playground keeps {KEPT} characters of what a shell knows from one line to the next, and forgets it here\n"
            )
            return ()
        return memory

    def _say(self, text: str) -> None:
        self._written += len(text)
        if self._written > self._limits.output:
            raise Exhausted(self._limits, "output", "so much was written")
        self._texts.append(text)

    def _run(self, running: Generator[Ask, Any, int]) -> int:
        answer: Any = None
        while True:
            try:
                ask = running.send(answer)
            except StopIteration as stop:
                return int(stop.value)
            answer = self._answer(ask)

    def _answer(self, ask: Ask) -> Any:
        match ask:
            case asks.Write(fd, text):
                self._say(text)
                if fd == ERRORS:
                    self._complaints.append(text)
            case asks.Wait(seconds):
                self._waited += seconds
            case asks.Now():
                return self._cluster.now + round(self._waited * SECOND)
            case asks.Turn(work):
                self._steps += work
                if self._steps > self._limits.steps:
                    raise Exhausted(self._limits, "steps", "so many commands were run")
            case asks.Look(read):
                return read(self._cluster)
            case asks.Ready():
                return True
            case asks.Send(to, _, header, asked):
                return self._send(to, header, asked)
            case asks.Lookup(name, type, server):
                self._count()
                return self._network.look_up(self._pod, name, type, server, self._drawn)
            case asks.Echo(address):
                self._count()
                return self._network.ping(self._pod, address)
        return None

    def _send(self, to: str, header: str, asked: str) -> Sent:
        try:
            aim = addressed(target(to), header, asked)
        except Refusal:
            return Sent("nxdomain", "dns")
        self._count()
        request = self._network.ask(self._pod, aim) if self._drawn else self._network.decide(self._pod, aim)
        sent = heard(request, self._cluster)
        self._silence = sent.unheard
        return sent

    def _count(self) -> None:
        self._packets += 1
        if self._packets > self._limits.packets:
            raise Exhausted(self._limits, "packets", "so many requests were sent")
