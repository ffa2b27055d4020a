"""Which steps does a container's command take?  Its loops and conditions become jumps, and each command line between them is one step.

Known is a program that this playground has, or that the image surely lacks, with its arguments, or `sh -c` with a script of such programs;
what does nothing but wait is not worth a run. Whatever else stands in it, the container does what kube.kubelet.images guesses.
Source of `$(NAME)`: kubernetes.io "Define Dependent Environment Variables"; it is read before any shell runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from playground.kube.apiserver.objects import JSON
from playground.kube.apiserver.pods import containers_of
from playground.kube.kubelet.commands import Jump, Run, Step
from playground.kube.kubelet.images import SHELLS, image_name
from playground.kube.kubelet.references import of_probe
from playground.terminal.commands.knowing import (
    Check,
    Unknown,
    follows,
    inside,
    name_of,
    parsed,
    said,
    script_of,
    text_of,
)
from playground.terminal.commands.references import read
from playground.terminal.commands.starting import NO_ENTRYPOINT
from playground.terminal.programs.files import NULL
from playground.terminal.programs.images import BUSYBOX, GNU, KNOWN, image_of
from playground.terminal.sessions.table import PROGRAMS
from playground.terminal.shell.tree import Chain, Command, For, Group, If, Literal, Pipeline, Redirect, Script, Simple, While, Word
from playground.terminal.shell.wording import BadSyntax, plain

# What consists of these alone only waits, or says how it ends.
IDLE = frozenset("sleep true : exit".split())
ENTRYPOINTS = {"curl": "curl"}
TRUE = Pipeline((Simple((), ((Literal("true"),),)),))


class Words(msgspec.Struct, frozen=True):
    """A program and its arguments, without a shell."""

    words: tuple[str, ...]


class Given(msgspec.Struct, frozen=True):
    """A program and its arguments, none of whose words is expanded."""

    words: tuple[str, ...]


class Line(msgspec.Struct, frozen=True):
    """A command line of a shell; a `tested` one may fail where the shell ends at failures."""

    pipeline: Pipeline
    tested: bool = False


class Gather(msgspec.Struct, frozen=True):
    """The words that the loop of this number goes through are read now."""

    loop: int
    words: tuple[Word, ...]


class Next(msgspec.Struct, frozen=True):
    """A variable takes the next of them; it fails where there is none."""

    loop: int
    name: str


class Follow(msgspec.Struct, frozen=True):
    """What was appended to the file that a tail follows is printed now, and then a second passes."""

    loop: int
    words: tuple[Word, ...]


class Wrong(msgspec.Struct, frozen=True):
    """The shell cannot read on."""

    error: BadSyntax


Work = Words | Given | Line | Gather | Next | Follow | Wrong


def steps(spec: JSON, slot: int) -> tuple[Step, ...]:
    """() where the command is not known to its end, or does nothing but wait."""
    try:
        return _steps(spec, slot)
    except Unknown:
        return ()


def unknown(spec: JSON, slot: int) -> str:
    """What in a command is not simulated, so that it has no steps; "" if that is not why."""
    try:
        _steps(spec, slot)
    except Unknown as error:
        return str(error)
    return ""


def arguments(spec: JSON, slot: int) -> tuple[str, ...]:
    """The name and the arguments that a container gives its shell, as they are written."""
    words = _words(containers_of(spec)[slot])
    try:
        found = script_of(words) if words and name_of(words) in SHELLS else None
    except Unknown:
        return ()
    return found[1] if found is not None else ()


def beside(spec: JSON, slot: int, words: Sequence[str]) -> tuple[tuple[Step, ...], str | None]:
    """Which steps the command of a hook takes, and what in it is not simulated, None if nothing."""
    check = Check(spec, slot, beside=not _is_known(spec, slot))
    try:
        found = script_of(words) if name_of(words) in SHELLS else None
        if found is not None and found[1]:
            raise Unknown("arguments of a hook's shell")
        if found is not None:
            return _read(check, found[0])[0], None
        check.one(words)
    except Unknown as error:
        return (), str(error)
    return (Run(Given(tuple(words))),), None


def unknown_in_probe(spec: JSON, slot: int, words: Sequence[str]) -> str | None:
    """What in the command of an exec probe is not simulated; None if it can be run."""
    check = Check(spec, slot, beside=not _is_known(spec, slot))
    words = of_probe(containers_of(spec)[slot], tuple(words))
    try:
        if not words:
            return ""
        found = script_of(words) if name_of(words) in SHELLS else None
        if found is None:
            check.one(words)
        else:
            check.all(parsed(found[0])[0])
    except Unknown as error:
        return str(error)
    return None


def _read(check: Check, text: str) -> tuple[tuple[Step, ...], bool]:
    """The steps of a script, and whether it does more than waiting."""
    script, wrong = parsed(text)
    made = _Steps(check).of(script)
    if wrong is not None:
        return (*made, Run(Wrong(wrong))), True
    return made, any(_does(each) for each in inside(script))


def _is_known(spec: JSON, slot: int) -> bool:
    """What a container does to its files is known: its command is, or it is the server of an image all of whose programs are."""
    container = containers_of(spec)[slot]
    image, words = image_of(str(container.get("image", ""))), _words(container)
    if not words:
        return image.complete or image.name in KNOWN
    return not unknown(spec, slot) or (image.complete and name_of(words) in image.programs - BUSYBOX - GNU)


def _steps(spec: JSON, slot: int) -> tuple[Step, ...]:
    container = containers_of(spec)[slot]
    written = _words(container)
    words = read(container, written)
    if not words or (name_of(words) in SHELLS and len(words) == 1):
        return ()
    check, found = Check(spec, slot), script_of(words) if name_of(words) in SHELLS else None
    if found is None:
        check.one(words)
        if follows(words):
            return () if words[-1] == NULL else (Run(Follow(0, tuple(plain(word) for word in words))), Jump(0))
        return () if name_of(words) in IDLE else (Run(Words(written)),)
    made, does = _read(check, found[0])
    return made if does else ()


def _does(part: Any) -> bool:
    """It is more than waiting."""
    if not isinstance(part, Simple):
        return isinstance(part, Redirect)
    words = [text_of(word) for word in part.words]
    return said(part) not in IDLE and not (follows(words) and words[-1] == NULL)


def _words(container: JSON) -> tuple[str, ...]:
    """What the container runs: without a command its args, behind the entrypoint of its image if that has one; none where they are for that."""
    args = tuple(str(word) for word in container.get("args") or ())
    if container.get("command"):
        return (*map(str, container["command"]), *args)
    name = image_name(str(container.get("image", "")))
    if args and name in ENTRYPOINTS:
        return (ENTRYPOINTS[name], *args)
    return args if args and (name in NO_ENTRYPOINT or name_of(args) in PROGRAMS) else ()


class _Steps:
    """Jumps are put in when it is known where they lead."""

    def __init__(self, check: Check) -> None:
        self._check = check
        self._steps: list[Step | None] = []
        self._loops: list[tuple[int, list[int]]] = []
        self._redirects: list[tuple[Redirect, ...]] = []
        self._tested = self._fors = 0

    def of(self, script: Script) -> tuple[Step, ...]:
        self._script(script)
        return tuple(step for step in self._steps if step is not None)

    def _run(self, pipeline: Pipeline) -> None:
        for redirects in reversed(self._redirects):
            pipeline = Pipeline((Group(Script((Chain(pipeline),)), False, redirects),))
        self._steps.append(Run(Line(pipeline, self._tested > 0)))

    def _hole(self) -> int:
        self._steps.append(None)
        return len(self._steps) - 1

    def _fill(self, hole: int, when: bool | None) -> None:
        self._steps[hole] = Jump(len(self._steps), when)

    def _script(self, script: Script) -> None:
        for chain in script.chains:
            pipelines = [("", chain.first), *chain.rest]
            for place, (op, pipeline) in enumerate(pipelines):
                hole = self._hole() if op else None
                tested = place < len(pipelines) - 1 or pipeline.negated
                self._tested += tested
                self._pipeline(pipeline)
                self._tested -= tested
                if hole is not None:
                    self._fill(hole, op == "||")

    def _condition(self, script: Script) -> None:
        self._tested += 1
        self._script(script)
        self._tested -= 1

    def _pipeline(self, pipeline: Pipeline) -> None:
        command = pipeline.commands[0]
        alone = len(pipeline.commands) == 1 and not pipeline.negated
        if alone and isinstance(command, Simple) and said(command) in ("break", "continue"):
            self._leave(command)
        elif alone and isinstance(command, Simple) and not command.redirects and _is_followed(command):
            self._fors += 1
            self._steps += [Run(Follow(self._fors, command.words)), Jump(len(self._steps))]
        elif alone and _is_stepped(command):
            self._compound(command)
        else:
            self._check.all(pipeline)
            self._run(pipeline)

    def _compound(self, command: Command) -> None:
        """What it writes into a file begins that anew, and then each of its lines goes on with it."""
        if command.redirects:
            self._check.all(command.redirects)
            self._run(Pipeline((Simple((), (), command.redirects),)))
            self._redirects.append(
                tuple(msgspec.structs.replace(each, op=">>" if each.op == ">" else each.op) for each in command.redirects)
            )
        if isinstance(command, Group):
            self._script(command.body)
        elif isinstance(command, While):
            self._while(command)
        elif isinstance(command, For):
            self._for(command)
        elif isinstance(command, If):
            self._if(command)
        if command.redirects:
            self._redirects.pop()

    def _while(self, command: While) -> None:
        """A loop that is left has ended well."""
        top = len(self._steps)
        self._condition(command.condition)
        self._turn(top, command.body, self._hole(), command.until)

    def _for(self, command: For) -> None:
        self._fors += 1
        loop = self._fors
        self._check.all(command.words)
        self._check.patterns(command.words or ())
        self._steps.append(Run(Gather(loop, command.words or ())))
        top = len(self._steps)
        self._steps.append(Run(Next(loop, command.name)))
        self._turn(top, command.body, self._hole(), False)

    def _turn(self, top: int, body: Script, out: int, when: bool) -> None:
        self._loops.append((top, []))
        self._script(body)
        self._steps.append(Jump(top))
        _, holes = self._loops.pop()
        self._fill(out, when)
        for hole in holes:
            self._fill(hole, None)
        self._run(TRUE)

    def _if(self, command: If) -> None:
        ends = []
        for condition, then in command.branches:
            self._condition(condition)
            otherwise = self._hole()
            self._script(then)
            ends.append(self._hole())
            self._fill(otherwise, False)
        if command.otherwise is not None:
            self._script(command.otherwise)
        else:
            self._run(TRUE)
        for hole in ends:
            self._fill(hole, None)

    def _leave(self, command: Simple) -> None:
        if not self._loops or len(command.words) > 1:
            raise Unknown(said(command))
        top, holes = self._loops[-1]
        if said(command) == "continue":
            self._steps.append(Jump(top))
        else:
            holes.append(self._hole())


def _is_stepped(command: Command) -> bool:
    """It is more than one step: no loop that reads a file to its end, and nothing in a shell of its own."""
    if isinstance(command, Group) and command.subshell:
        return False
    if any(each.op not in (">", ">>", ">&") for each in getattr(command, "redirects", ())):
        return False
    return isinstance(command, Group | While | If) or (isinstance(command, For) and command.words is not None)


def _is_followed(command: Simple) -> bool:
    """It is a tail that goes on printing."""
    words = [text_of(word) for word in command.words]
    return follows(words) and words[-1] != NULL
