"""How does kubectl run in a shell?  What it asks of the cluster is asked as other programs ask; `exec` runs another program in its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from playground.kube.errors import Refusal
from playground.terminal.kubectl import asks, configuring
from playground.terminal.kubectl.commands import kubectl as run
from playground.terminal.kubectl.errors import Wrong
from playground.terminal.programs.asks import GONE, Act, Begin, Echo, Interrupted, Look, Lookup, Program, Read, Send, Signal, Within
from playground.terminal.programs.call import Call
from playground.terminal.programs.container import Kubeconfig
from playground.terminal.programs.files import FileError

KILLED, CONFIG = 137, ".kube/config"
OUTSIDE = (Send, Lookup, Echo, Signal)


class Raised(msgspec.Struct, frozen=True):
    """What a question to the cluster raised."""

    error: Exception


def kubectl(call: Call) -> Program:
    running, answer = run(list(call.args), _config(call), call.terminal), None
    while True:
        try:
            ask = running.throw(answer) if isinstance(answer, BaseException) else running.send(answer)
        except StopIteration as stop:
            return int(stop.value)
        try:
            answer = yield from _asked(call, ask)
        except Interrupted as interrupted:
            answer = interrupted


def _config(call: Call) -> Kubeconfig:
    config = call.container.kubeconfig or Kubeconfig()
    path = f"{call.container.image.home}/{CONFIG}"
    return configuring.of_file(call.files.read(path), config) if call.files.is_file(path) else config


def _asked(call: Call, ask: asks.Ask) -> Any:
    """The answer to what kubectl asked, or the exception to raise there."""
    match ask:
        case asks.Look(question):
            found = yield Look(_guarded(question))
            return found.error if isinstance(found, Raised) else found
        case asks.Act(action):
            return (yield Act(lambda kube: action))
        case asks.File(path):
            return _file(call, path)
        case asks.Keep(text):
            return _keep(call, text)
        case asks.Inside():
            return (yield from _inside(ask))
        case _:
            return (yield ask)


def _file(call: Call, path: str) -> dict[str, str] | Wrong:
    full = call.path(path)
    try:
        if not call.files.is_directory(full):
            return {path: call.files.read(full)}
        below = [f"{path.rstrip('/')}/{name}" for name in call.files.within(full)]
        return {each: call.files.read(call.path(each)) for each in below if call.files.is_file(call.path(each))}
    except FileError:
        return Wrong(f'the path "{path}" does not exist')


def _keep(call: Call, text: str) -> Wrong | None:
    path = f"{call.container.image.home}/{CONFIG}"
    try:
        if not call.files.is_directory(path.rpartition("/")[0]):
            call.files.make_directory(path.rpartition("/")[0])
        call.files.write(path, text)
    except FileError as error:
        return Wrong(f"open {path}: {str(error).lower()}")
    return None


def _guarded(question: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def read(kube: Any) -> Any:
        try:
            return question(kube)
        except (Refusal, Wrong) as error:
            return Raised(error)

    return read


def _inside(ask: asks.Inside) -> Any:
    """Run a program in a container to its end: what it sends leaves from there. Its exit code, or why it could not begin."""
    begun = yield Begin(ask.namespace, ask.pod, ask.container, ask.argv, ask.tty)
    if isinstance(begun, Exception):
        return begun
    (running, place), answer = begun, None
    while True:
        try:
            inner = running.throw(answer) if isinstance(answer, Interrupted) else running.send(answer)
        except StopIteration as stop:
            return stop.value & 255
        try:
            if isinstance(inner, Read) and not ask.stdin:
                answer = None
                continue
            answer = yield Within(place, inner) if isinstance(inner, OUTSIDE) else inner
        except Interrupted as interrupted:
            answer = interrupted
        if answer is GONE:
            running.close()
            return KILLED
