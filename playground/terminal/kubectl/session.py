"""How does a run of kubectl get on?  Driven as a session in a container is, with the same steps."""

from __future__ import annotations

from collections import deque
from typing import Any

from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.terminal.kubectl.asks import Act, Ask, Inside, Look, Program
from playground.terminal.kubectl.call import Config
from playground.terminal.kubectl.commands import kubectl
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.programs import asks
from playground.terminal.programs.asks import Interrupted
from playground.terminal.sessions import session as sessions
from playground.terminal.sessions.keyboard import Keyboard
from playground.terminal.sessions.session import INTERRUPTED, Door, Ended, NoProgram, Reads, Session, Step, Waits, Wrote


def start(words: list[str], config: Config | None = None) -> KubectlSession:
    """Begin to run kubectl with the words after its name."""
    return KubectlSession(kubectl(words, config or Config()))


class KubectlSession:
    """`step`, `feed`, `close_input` and `interrupt` are those of any session. What runs in a container by `exec` takes them over."""

    def __init__(self, program: Program) -> None:
        self._running = program
        self._asked: Ask | None = None
        self._answer: Any = None
        self._raised: BaseException | None = None
        self._said: deque[Step] = deque()
        self._keyboard = Keyboard(False)
        self._inside: Session | None = None
        self._takes_input = False
        self._wake: int | None = None
        self._ended: Ended | None = None

    def feed(self, text: str) -> None:
        if self._inside is not None and self._takes_input:
            self._inside.feed(text)
        else:
            self._keyboard.type(text)

    def close_input(self) -> None:
        self._keyboard.close()
        if self._inside is not None:
            self._inside.close_input()

    def interrupt(self) -> None:
        if self._inside is not None:
            self._inside.interrupt()
        else:
            self._raised = Interrupted()

    def step(self, door: Door) -> Step:
        while True:
            if self._said:
                return self._said.popleft()
            if self._ended is not None:
                return self._ended
            step = self._go_on(door)
            if step is not None:
                return step

    def _go_on(self, door: Door) -> Step | None:
        """Take one thing that was asked: None if it is done, else what it takes first."""
        try:
            if self._asked is None or self._raised is not None:
                self._asked = self._next()
        except StopIteration as stop:
            self._ended = Ended(stop.value)
            return None
        except Interrupted:
            self._ended = Ended(INTERRUPTED)
            return None
        try:
            step = self._take(self._asked, door)
        except (Refusal, NoProgram, Wrong) as error:
            self._raised = error
            return None
        if step is None:
            self._asked = None
        return step

    def _next(self) -> Ask:
        if self._raised is not None:
            raised, self._raised = self._raised, None
            self._wake = None
            return self._running.throw(raised)
        answer, self._answer = self._answer, None
        return self._running.send(answer)

    def _take(self, ask: Ask, door: Door) -> Step | None:
        match ask:
            case asks.Write(fd, text):
                self._said.append(Wrote(fd, text))
            case asks.Read():
                if self._keyboard.waits():
                    return Reads()
                self._answer = self._keyboard.take()
            case asks.Wait(seconds):
                return self._wait(seconds, door)
            case Look(question):
                with door.look() as kube:
                    self._answer = question(kube)
            case Act(action):
                self._answer = door.act(action)
            case Inside():
                return self._run_inside(ask, door)
        return None

    def _wait(self, seconds: float, door: Door) -> Step | None:
        with door.look() as kube:
            if self._wake is None:
                self._wake = kube.now + round(seconds * SECOND)
            if kube.now < self._wake:
                return Waits(self._wake)
        self._wake = None
        return None

    def _run_inside(self, ask: Inside, door: Door) -> Step | None:
        if self._inside is None:
            with door.look() as kube:
                self._inside = self._begin(kube, ask)
        step = self._inside.step(door)
        if not isinstance(step, Ended):
            return step
        self._inside, self._answer = None, step.code
        return None

    def _begin(self, kube: Cluster, ask: Inside) -> Session:
        inside = sessions.start(kube, ask.namespace, ask.pod, ask.container, ask.argv, ask.tty)
        self._takes_input = ask.stdin
        if not ask.stdin:
            inside.close_input()
            return inside
        while not self._keyboard.waits():
            text = self._keyboard.take()
            if text is None:
                inside.close_input()
                break
            inside.feed(text)
        return inside
