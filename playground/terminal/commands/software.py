"""What do the programs of a container's command line hear, and say?  All at one instant, as the kubelet's simulation wants it.

The same programs run as in `kubectl exec`; here their packets are sent from within the simulation, so that no action of the log is needed.
Simplified: files that a command line writes are gone when the next one begins.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from functools import lru_cache, partial
from typing import Any

import msgspec

from playground.kube.apiserver.objects import JSON, Pod
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.kube.kubelet.commands import BROKEN, Ran, Step, Variables
from playground.kube.kubelet.envvars import expand
from playground.kube.kubelet.views import view
from playground.kube.network.targets import addressed, target
from playground.terminal.commands.compiling import Words, steps
from playground.terminal.programs import asks
from playground.terminal.programs.asks import Ask, NoProgram, Program, Sent
from playground.terminal.programs.call import Call
from playground.terminal.programs.container import Container, find
from playground.terminal.programs.files import Files
from playground.terminal.programs.limits import Exhausted, Limits
from playground.terminal.sessions.session import begin, heard
from playground.terminal.sessions.table import program
from playground.terminal.shell.shell import Shell
from playground.terminal.shell.state import Break, Exit, State

LIMITS = Limits(steps=1_000, packets=50, output=10_000, held=10_000, file=10_000, files=10)
NO_COMMAND = 127
KEPT = 1_000


class _Programs:
    """See kube.kubelet.commands.Software."""

    def steps(self, container: JSON) -> tuple[Step, ...]:
        if not (container.get("command") or container.get("args")):
            return ()
        return _steps(msgspec.json.encode([container.get(name) for name in ("image", "command", "args")]))

    def run(self, cluster: Cluster, pod: Pod, slot: int, work: Any, status: int, variables: Variables) -> Ran:
        place = find(cluster, pod.namespace, pod.name, view(pod).containers[slot].name)
        there = _There(cluster, pod, place)
        state = _state(place, status, variables)
        over = False
        try:
            status = there.run(_alone(place, work) if isinstance(work, Words) else Shell(state).pipeline(work))
        except Exit as exit_:
            status, over = exit_.code, True
        except NoProgram as missing:
            return Ran(NO_COMMAND, printed=f"{missing}\n")
        except (Exhausted, Break, Refusal) as error:
            there.say(f"switchyard: {error}\n")
            status = BROKEN
        changed = tuple((name, text) for name, text in state.variables.items() if state.call.env.get(name) != text)
        return Ran(
            status & 255, there.waited, there.printed, changed if len(str(changed)) <= KEPT else (), over, there.packets > 0, there.silence
        )


SOFTWARE = _Programs()


@lru_cache(maxsize=256)
def _steps(words: bytes) -> tuple[Step, ...]:
    image, command, args = msgspec.json.decode(words)
    return steps({"image": image, "command": command, "args": args})


def _alone(place: Container, work: Words) -> Program:
    known = dict(place.env)
    return begin(place, [expand(word, known) for word in work.words], False, LIMITS)


def _state(place: Container, status: int, variables: Variables) -> State:
    env = dict(place.env)
    call = Call("sh", [], env, place, Files(place, LIMITS), LIMITS, partial(program, place.image))
    return State(call, "sh", {**env, "PWD": "/", "IFS": " \t\n", **dict(variables)}, dict.fromkeys(env), [], status=status)


class _There:
    """Answers what a program asks, from its container, and counts what it takes."""

    def __init__(self, cluster: Cluster, pod: Pod, place: Container):
        self._cluster = cluster
        self._network = cluster.network
        self._pod = pod
        self._place = place
        self._texts: deque[str] = deque()
        self._steps = self._written = self.packets = 0
        self.waited = 0.0
        self.silence = False

    @property
    def printed(self) -> str:
        return "".join(self._texts)

    def say(self, text: str) -> None:
        self._written += len(text)
        if self._written > LIMITS.output:
            raise Exhausted(LIMITS, "output", "so much was written")
        self._texts.append(text)

    def run(self, running: Generator[Ask, Any, int]) -> int:
        answer: Any = None
        while True:
            try:
                ask = running.send(answer)
            except StopIteration as stop:
                return int(stop.value)
            answer = self._answer(ask)

    def _answer(self, ask: Ask) -> Any:
        match ask:
            case asks.Write(_, text):
                self.say(text)
            case asks.Wait(seconds):
                self.waited += seconds
            case asks.Now():
                return self._cluster.now + round(self.waited * SECOND)
            case asks.Turn(work):
                self._steps += work
                if self._steps > LIMITS.steps:
                    raise Exhausted(LIMITS, "steps", "so many commands were run")
            case asks.Look(read):
                return read(self._cluster)
            case asks.Send(to, header):
                return self._send(to, header)
            case asks.Lookup(name, type, server):
                self._count()
                return self._network.look_up(self._pod, name, type, server)
            case asks.Echo(address):
                self._count()
                return self._network.ping(self._pod, address)
        return None

    def _send(self, to: str, header: str) -> Sent:
        try:
            aim = addressed(target(to), header)
        except Refusal:
            return Sent("nxdomain", "dns")
        self._count()
        request = self._network.ask(self._pod, aim)
        self.silence = request.outcome == "timeout" and request.where in ("network", "proxy")
        return heard(request, self._cluster)

    def _count(self) -> None:
        self.packets += 1
        if self.packets > LIMITS.packets:
            raise Exhausted(LIMITS, "packets", "so many requests were sent")
