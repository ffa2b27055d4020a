"""How does a program that runs in a container get on?  A session steps it, and asks the cluster for what it asks."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from playground.kube import actions
from playground.kube.actions import Receipt, Reply
from playground.kube.apiserver.objects import Pod
from playground.kube.clock import SECOND
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.kube.kubelet.views import view
from playground.kube.network.asking import OK, code_of
from playground.kube.network.leaving import said, speaks_tls
from playground.kube.network.requests import Request
from playground.kube.network.targets import TCP, target
from playground.kube.network.words import answer
from playground.terminal.programs import asks, faults
from playground.terminal.programs.asks import Ask, Interrupted, NoProgram, Program, Sent
from playground.terminal.programs.call import Call
from playground.terminal.programs.container import Container, find, is_gone
from playground.terminal.programs.files import Files
from playground.terminal.programs.limits import Exhausted, Limits
from playground.terminal.sessions.keyboard import Keyboard
from playground.terminal.sessions.table import program
from playground.terminal.sessions.tries import Tries
from playground.terminal.sessions.written import Door, Written

KILLED, INTERRUPTED, BROKEN = 137, 130, 1
REST = 0.1
NO_REQUEST = Sent("timeout", "network")


class Wrote(msgspec.Struct, frozen=True):
    fd: int
    text: str


class Waits(msgspec.Struct, frozen=True):
    """`until` is virtual microseconds."""

    until: int


class Reads(msgspec.Struct, frozen=True):
    pass


class Opens(msgspec.Struct, frozen=True):
    """An object is to be shown in an editor."""

    kind: str
    namespace: str
    name: str


class Ended(msgspec.Struct, frozen=True):
    code: int


Step = Wrote | Opens | Waits | Reads | Ended


def start(
    kube: Cluster, namespace: str, pod: str, container: str, argv: list[str], tty: bool = False, limits: Limits | None = None
) -> Session:
    """Begin to run a command in a container, without a name in the Pod's first. Raises Refusal, NoProgram."""
    return Session(find(kube, namespace, pod, container, tty), argv, tty, limits or Limits())


def start_on(machine: Container, argv: list[str], tty: bool = False, limits: Limits | None = None) -> Session:
    """Begin to run a command on a Node or the workstation (`programs.machines`). Raises NoProgram."""
    return Session(machine, argv, tty, limits or Limits())


def begin(container: Container, argv: list[str], tty: bool, limits: Limits, files: Files) -> Program:
    """The program that these words name there, with the files there. Raises NoProgram."""
    words = argv or [""]
    lookup = partial(program, container.image)
    found = lookup(words[0])
    if found is None:
        raise NoProgram(words[0], f"{container.uid}/{container.slot}/{container.restarts}")
    home = container.image.home if container.kubeconfig is not None else container.cwd
    return found(Call(words[0].rpartition("/")[2], words[1:], dict(container.env), container, files, limits, lookup, home, tty))


class Session:
    """See the package's own words for how to drive it. `page`: a page shows it, which has an
    editor, and shows what goes wrong apart, also on a terminal."""

    def __init__(self, container: Container, argv: list[str], tty: bool, limits: Limits, page: bool = False) -> None:
        self.container = container
        self.page = page
        self._limits = limits
        self._written = Written(limits)
        self._running: Program = begin(container, argv, tty, limits, self._written.of(container))
        self._answer: Any = None
        self._said: deque[Step] = deque()
        self._keyboard = Keyboard(tty)
        self._asked: Ask | None = None
        self._wake: int | None = None
        self._tries: Tries | None = None
        self._interrupted = False
        self._ended: Ended | None = None
        self._steps = self._packets = self._said_so_far = self._restless = 0

    # --- for whoever drives it

    def feed(self, text: str) -> None:
        """Input: any text, or with a tty raw keys."""
        echo = self._keyboard.type(text)
        if echo:
            self._said.append(Wrote(1, echo))
        if self._keyboard.interrupted():
            self.interrupt()

    def close_input(self) -> None:
        """No more input will come."""
        self._keyboard.close()

    def interrupt(self) -> None:
        """Ctrl-C."""
        self._interrupted = True

    def step(self, door: Door) -> Step:
        """Go on until there is something to do outside."""
        self._written.door = door
        while True:
            if self._said:
                return self._said.popleft()
            if self._ended is not None:
                return self._ended
            step = self._go_on(door)
            if step is not None:
                return step

    # --- one ask after the other

    def _go_on(self, door: Door) -> Step | None:
        """Answer what was asked, if it can be answered now, and let the program ask the next thing."""
        self._written.look_again()
        try:
            if self._interrupted:
                self._interrupted, self._asked, self._wake, self._tries = False, None, None, None
                self._asked = self._running.throw(Interrupted())
            elif self._asked is None:
                self._asked = self._running.send(self._answer)
            if not isinstance(self._asked, asks.Write | asks.Turn):
                self._written.keep(door)
            step = self._take(self._asked, door)
            if step is None:
                self._asked = None
            return step
        except StopIteration as stop:
            self._finish(stop.value & 255, door)
        except Interrupted:
            self._finish(INTERRUPTED, door)
        except faults.FORESEEN as error:
            self._end(faults.said(error), BROKEN)
        except faults.UNFORESEEN as fault:
            self._end(faults.said(fault), BROKEN)
        return None

    def _finish(self, code: int, door: Door) -> None:
        """The program has ended by itself, and what it wrote stays."""
        try:
            self._written.keep(door)
        except Refusal as error:
            self._end(faults.said(error), BROKEN)
        else:
            self._ended = Ended(code)

    def _take(self, ask: Ask, door: Door) -> Step | None:
        """Do what was asked: None if it is done, else what it takes first."""
        self._answer = None
        match ask:
            case asks.Write(fd, text):
                self._write(fd, text)
            case asks.Open(kind, namespace, name):
                self._answer = self.page
                if self.page:
                    self._said.append(Opens(kind, namespace, name))
            case asks.Read():
                return self._read(door)
            case asks.Ready():
                self._answer = not self._keyboard.waits()
            case asks.Wait(seconds):
                return self._wait(seconds, door)
            case asks.Turn(work):
                return self._turn(work, door)
            case asks.Within(container, inner):
                return self._reach(inner, door, container)
            case _:
                return self._reach(ask, door, self.container)
        return None

    def _write(self, fd: int, text: str) -> None:
        self._said_so_far += len(text)
        if self._said_so_far > self._limits.output:
            raise Exhausted(self._limits, "output", "so much was written")
        where, shown = self._keyboard.shown(fd, text)
        self._said.append(Wrote(fd if self.page else where, shown))

    def _read(self, door: Door) -> Step | None:
        """Input, if some has come; what waits for it ends with its container."""
        if self._keyboard.waits():
            with door.look() as kube:
                if is_gone(kube, self.container):
                    self._end("", KILLED)
                    return None
            return Reads()
        self._answer = self._keyboard.take()
        return None

    def _wait(self, seconds: float, door: Door) -> Step | None:
        """Until the time has come; the container may end before."""
        with door.look() as kube:
            if is_gone(kube, self.container):
                self._end("", KILLED)
                return None
            if self._wake is None:
                self._wake = kube.now + round(seconds * SECOND)
            if kube.now < self._wake:
                return Waits(self._wake)
        self._wake, self._restless = None, 0
        return None

    def _turn(self, work: int, door: Door) -> Step | None:
        """A shell on its own makes about a thousand turns a second; one that never waits must not stop the world."""
        if self._wake is None:
            self._steps += work
            self._restless += work
            if self._steps > self._limits.steps:
                raise Exhausted(self._limits, "steps", "so many commands were run")
        if self._restless < self._limits.turns_without_rest:
            return None
        self._written.keep(door)
        return self._wait(REST, door)

    def _reach(self, ask: Ask, door: Door, place: Container) -> Step | None:
        """Ask the cluster, from a place. What runs in a container that has ended meanwhile ends with it."""
        with door.look() as kube:
            if is_gone(kube, place):
                self._answer = asks.GONE
                if place is self.container:
                    self._end("", KILLED)
                return None
            if isinstance(ask, asks.Now):
                self._answer = kube.now
            elif isinstance(ask, asks.Look):
                self._answer = _or_refusal(ask.read, kube)
            elif isinstance(ask, asks.Begin):
                self._answer = _or_refusal(self._begin, ask, kube)
        if isinstance(ask, asks.Send):
            return self._send_on(ask, door, place)
        if isinstance(ask, asks.Lookup):
            self._answer = self._look_up(ask, door, place)
        elif isinstance(ask, asks.Say):
            self._answer = self._say(ask, door)
        elif isinstance(ask, asks.Echo):
            self._answer = self._ping(ask, door, place)
        elif isinstance(ask, asks.Act):
            self._answer = _or_refusal(self._act, ask, door)
        elif isinstance(ask, asks.Signal):
            door.act(actions.Crash(place.pod, place.namespace, place.name, ask.exit_code))
        return None

    def _begin(self, ask: asks.Begin, kube: Cluster) -> tuple[Program, Container] | NoProgram:
        place = find(kube, ask.namespace, ask.pod, ask.container, ask.tty)
        try:
            return begin(place, ask.argv, ask.tty, self._limits, self._written.of(place)), place
        except NoProgram as missing:
            return missing

    def _act(self, ask: asks.Act, door: Door) -> Receipt:
        self._count()
        with door.look() as kube:
            action = ask.make(kube)
        return door.act(action)

    def _send_on(self, ask: asks.Send, door: Door, place: Container) -> Step | None:
        """Send a request, and what nobody answers again at the kernel's moments, each time to the same address, as a request of its own."""
        if self._wake is not None:
            step = self._wait(0, door)
            if step is not None or self._ended is not None:
                return step
        tries = self._tries = self._tries or Tries()
        with door.look() as kube:
            now = kube.now
        heard = tries.heard(self._send(tries.aim(ask.to), tries.header(ask), ask.asked, door, place), now, ask.patience)
        if isinstance(heard, int):
            self._wake = heard
            return Waits(heard)
        self._tries, self._answer = None, heard
        return None

    def _send(self, to: str, header: str, asked: str, door: Door, place: Container) -> Sent:
        try:
            target(to)
        except Refusal:
            if "/" in to:  # of a protocol that the network does not know
                raise
            return Sent("nxdomain", "dns")
        self._count()
        number = door.act(actions.Send(place.source, to, header=header, asked=asked)).first_request
        return _heard_of(number, door)

    def _say(self, ask: asks.Say, door: Door) -> Sent:
        return _heard_of(door.act(actions.Say(ask.number, ask.asked)).first_request, door)

    def _look_up(self, ask: asks.Lookup, door: Door, place: Container) -> Reply | None:
        self._count()
        return door.act(actions.Lookup(place.source, ask.name, ask.type, ask.server)).reply

    def _ping(self, ask: asks.Echo, door: Door, place: Container) -> str:
        self._count()
        reply = door.act(actions.Ping(place.source, ask.address)).reply
        return reply.outcome if reply is not None else "timeout"

    def _count(self) -> None:
        self._packets += 1
        if self._packets > self._limits.packets:
            raise Exhausted(self._limits, "packets", "so many requests were sent")

    def _end(self, text: str, code: int) -> None:
        self._running.close()
        if text:
            self._said.append(Wrote(*self._keyboard.shown(2, text)))
        self._ended = Ended(code)


def _or_refusal(work: Callable[..., Any], *args: Any) -> Any:
    try:
        return work(*args)
    except Refusal as refusal:
        return refusal


def _heard_of(number: int | None, door: Door) -> Sent:
    with door.look() as kube:
        request = kube.network.request(number) if number is not None else None
        return heard(request, kube) if request is not None else NO_REQUEST


def heard(request: Request, kube: Cluster) -> Sent:
    """What a program hears of a request."""
    resolution = request.resolution
    waited, gave_up = (resolution.waited / SECOND, resolution.gave_up) if resolution is not None else (0.0, False)
    addresses = resolution.addresses if resolution is not None else ()
    both = [request] if request.other is None else sorted((request, request.other), key=lambda each: ":" not in each.address)
    tried = tuple((each.address, each.outcome) for each in both)
    if request.outcome != "ok":
        return Sent(request.outcome, request.where, request.address, "", "", 200, waited, gave_up, addresses, tried)
    passage, pod, abroad = request.passage, request.pod, said(request)
    if abroad is not None and request.beyond is not None:
        site, tls = request.beyond.site.name, speaks_tls(request)
        return Sent(
            "ok", request.where, request.address, abroad.text, "", abroad.code, waited, False, addresses, tried, site=site, speaks_tls=tls
        )
    image = _image(pod, passage.port) if pod is not None and passage is not None else ""
    code = passage.health.code if passage is not None and passage.health is not None else _code(request) if pod is not None else 0
    said_ = answer(request, kube.kubelet)
    return Sent("ok", request.where, request.address, said_, image, code, waited, False, addresses, tried, number=request.number)


def _code(request: Request) -> int:
    return code_of(request.target.asked) if request.target.protocol == TCP and request.target.asked else OK


def _image(pod: Pod, port: int) -> str:
    """The image of the container that listens there."""
    seen = view(pod)
    slots = next((slots for (number, _), slots in seen.ports.items() if number == port), ())
    return seen.containers[slots[0]].image if slots else ""
