"""Which steps does a container's command take?  Its loops and conditions become jumps, and each command line between them is one step.

Known is a program that this playground has, with its arguments, or `sh -c` with a script of such programs; and only what asks the network or
says something is worth a run. Whatever else stands in it, the container does what kube.kubelet.images guesses.
Source of `$(NAME)`: kubernetes.io "Define Dependent Environment Variables"; it is read before any shell runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from playground.kube.apiserver.objects import JSON
from playground.kube.kubelet.commands import Jump, Run, Step
from playground.kube.kubelet.images import image_name
from playground.terminal.sessions.table import PROGRAMS
from playground.terminal.shell.builtins import BUILTINS
from playground.terminal.shell.grammar import parse
from playground.terminal.shell.tree import Command, For, Group, If, Literal, Pipeline, Script, Simple, While, Word
from playground.terminal.shell.wording import BadSyntax

WORTH_A_RUN = frozenset("curl dig getent host nc nslookup ping ping6 wget cat date echo env hostname id printenv printf uname".split())
SHELLS = frozenset("sh ash dash bash".split())
ENTRYPOINTS = {"curl": "curl"}
# They would have to be remembered from one step to the next.
NOT_HERE = frozenset("alias kubectl switchyard cd command eval exec export read set shift type unset".split())
KNOWN = (PROGRAMS.keys() | BUILTINS.keys()) - SHELLS - NOT_HERE
OWN_VARIABLE = re.compile(r"\$\(([A-Z_][A-Z0-9_]*)\)")
NESTING, LONGEST, TURNS = 20, 4_000, 100
TRUE = Pipeline((Simple((), ((Literal("true"),),)),))


class Words(msgspec.Struct, frozen=True):
    """A program and its arguments, without a shell."""

    words: tuple[str, ...]


class Unknown(Exception):
    """There is something that is not simulated."""


def steps(container: JSON) -> tuple[Step, ...]:
    """() where the command is not known to its end, or asks nothing of the network."""
    words = _words(container)
    name = words[0].rpartition("/")[2] if words else ""
    if name not in SHELLS:
        return (Run(Words(words)),) if name in WORTH_A_RUN else ()
    text = _script(words)
    if text is None or len(text) > LONGEST:
        return ()
    try:
        script = parse(text, NESTING)
        if not any(each in WORTH_A_RUN for each in _programs(script)):
            return ()
        return _Steps().of(script)
    except (BadSyntax, Unknown):
        return ()


def _words(container: JSON) -> tuple[str, ...]:
    """What the container runs: without a command its args, behind the entrypoint of its image if that has one."""
    args = tuple(str(word) for word in container.get("args") or ())
    if container.get("command"):
        return (*map(str, container["command"]), *args)
    own = ENTRYPOINTS.get(image_name(str(container.get("image", ""))))
    return (own, *args) if own and args else args


def _script(words: Sequence[str]) -> str | None:
    """The text after `-c`."""
    for place, word in enumerate(words[1:], 1):
        if not re.fullmatch(r"-[a-z]*", word):
            return None
        if word.endswith("c"):
            return OWN_VARIABLE.sub(r"${\1}", words[place + 1]) if place + 1 < len(words) and not set(word) - set("-cx") else None
    return None


class _Steps:
    """Jumps are put in when it is known where they lead."""

    def __init__(self) -> None:
        self._steps: list[Step | None] = []
        self._loops: list[tuple[int, list[int]]] = []

    def of(self, script: Script) -> tuple[Step, ...]:
        self._script(script)
        return tuple(step for step in self._steps if step is not None)

    def _run(self, pipeline: Pipeline) -> None:
        self._steps.append(Run(pipeline))

    def _hole(self) -> int:
        self._steps.append(None)
        return len(self._steps) - 1

    def _fill(self, hole: int, when: bool | None) -> None:
        self._steps[hole] = Jump(len(self._steps), when)

    def _script(self, script: Script) -> None:
        for chain in script.chains:
            self._pipeline(chain.first)
            for op, pipeline in chain.rest:
                hole = self._hole()
                self._pipeline(pipeline)
                self._fill(hole, op == "||")

    def _pipeline(self, pipeline: Pipeline) -> None:
        command = pipeline.commands[0]
        if len(pipeline.commands) == 1 and not isinstance(command, Simple) and not pipeline.negated and not command.redirects:
            self._compound(command)
        elif len(pipeline.commands) == 1 and isinstance(command, Simple) and _said(command) in ("break", "continue"):
            self._leave(command)
        else:
            _check(pipeline)
            self._run(pipeline)

    def _compound(self, command: Command) -> None:
        if isinstance(command, Group) and not command.subshell:
            self._script(command.body)
        elif isinstance(command, While):
            self._while(command)
        elif isinstance(command, For):
            self._for(command)
        elif isinstance(command, If):
            self._if(command)
        else:
            raise Unknown

    def _while(self, command: While) -> None:
        """A loop that is left has ended well."""
        top = len(self._steps)
        self._script(command.condition)
        out = self._hole()
        self._loops.append((top, []))
        self._script(command.body)
        self._steps.append(Jump(top))
        _, holes = self._loops.pop()
        self._fill(out, command.until)
        for hole in holes:
            self._fill(hole, None)
        self._run(TRUE)

    def _for(self, command: For) -> None:
        """Turn by turn, each with its word."""
        words = [_literal(word) for word in command.words or ()]
        if len(words) > TURNS or self._loops:
            raise Unknown
        for word in words:
            self._run(Pipeline((Simple(((command.name, (Literal(word, True),)),), ()),)))
            self._script(command.body)

    def _if(self, command: If) -> None:
        ends = []
        for condition, then in command.branches:
            self._script(condition)
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
            raise Unknown
        top, holes = self._loops[-1]
        if _said(command) == "continue":
            self._steps.append(Jump(top))
        else:
            holes.append(self._hole())


def _said(command: Simple) -> str:
    """The name of what it runs, "" where only the run tells."""
    word = command.words[0] if command.words else ()
    return "".join(part.text for part in word if isinstance(part, Literal)) if all(isinstance(part, Literal) for part in word) else ""


def _literal(word: Word) -> str:
    if not all(isinstance(part, Literal) for part in word):
        raise Unknown
    return "".join(part.text for part in word if isinstance(part, Literal))


def _check(pipeline: Pipeline) -> None:
    """All of it is known, and ends by itself."""
    for each in _inside(pipeline):
        if isinstance(each, While | For):
            raise Unknown
        if isinstance(each, Simple) and each.words and _said(each) not in KNOWN:
            raise Unknown


def _programs(script: Script) -> Iterator[str]:
    return (_said(each) for each in _inside(script) if isinstance(each, Simple))


def _inside(value: Any) -> Iterator[Any]:
    """All that a part of a script is made of, itself included."""
    yield value
    parts = value if isinstance(value, tuple) else [getattr(value, name) for name in getattr(value, "__struct_fields__", ())]
    for part in parts:
        if isinstance(part, tuple | msgspec.Struct):
            yield from _inside(part)
