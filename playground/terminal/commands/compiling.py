"""Which steps does a container's command take?  Its loops and conditions become jumps, and each command line between them is one step.

Known is a program that this playground has, or that the image surely lacks, with its arguments, or `sh -c` with a script of such programs;
what does nothing but wait is not worth a run. Whatever else stands in it, the container does what kube.kubelet.images guesses.
Source of `$(NAME)`: kubernetes.io "Define Dependent Environment Variables"; it is read before any shell runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from playground.kube.apiserver.objects import JSON
from playground.kube.kubelet.commands import Jump, Run, Step
from playground.kube.kubelet.files import mounts_of
from playground.kube.kubelet.images import image_name
from playground.terminal.commands.starting import NO_ENTRYPOINT
from playground.terminal.programs.files import NULL
from playground.terminal.programs.images import image_of, surely_lacks
from playground.terminal.programs.processes import EXIT, signal_name
from playground.terminal.sessions.table import DIRECTORIES, PROGRAMS
from playground.terminal.shell.builtins import BUILTINS
from playground.terminal.shell.grammar import parse
from playground.terminal.shell.tree import Chain, Command, For, Group, If, Literal, Pipeline, Redirect, Script, Simple, While, Word
from playground.terminal.shell.wording import BadSyntax

# What consists of these alone only waits, or says how it ends.
IDLE = frozenset("sleep true : exit".split())
SHELLS = frozenset("sh ash dash bash".split())
ENTRYPOINTS = {"curl": "curl"}
CLIENTS = frozenset("pg_isready mysqladmin mariadb-admin redis-cli valkey-cli".split())
NOT_HERE = frozenset("kubectl switchyard".split())
# What they do hangs on words that only the run knows, or on the shell's own arguments.
UNSEEN = frozenset("break command continue eval exec shift".split())
PREFIXES = frozenset("exec command".split())
OWN_VARIABLE = re.compile(r"\$\(([A-Z_][A-Z0-9_]*)\)")
NESTING, LONGEST = 20, 4_000
TRUE = Pipeline((Simple((), ((Literal("true"),),)),))


class Words(msgspec.Struct, frozen=True):
    """A program and its arguments, without a shell."""

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


Work = Words | Line | Gather | Next | Follow


class Unknown(Exception):
    """There is something that is not simulated: the message says what, as it was written."""


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


def unknown_in_probe(spec: JSON, slot: int, words: Sequence[str]) -> str | None:
    """What in the command of an exec probe is not simulated; None if it can be run."""
    container = (*spec.get("initContainers", ()), *spec.get("containers", ()))[slot]
    try:
        if not words:
            return ""
        _check_mounts(spec, slot, " ".join(words))
        check = _Check(str(container.get("image", "")))
        text = _script(words) if _name(words) in SHELLS else None
        if text is None:
            check.one(words)
        else:
            check.all(_parsed(text))
    except Unknown as error:
        return str(error)
    return None


def _steps(spec: JSON, slot: int) -> tuple[Step, ...]:
    container = (*spec.get("initContainers", ()), *spec.get("containers", ()))[slot]
    words = _words(container)
    if not words:
        return ()
    check, text = _Check(str(container.get("image", ""))), None
    if _name(words) in SHELLS:
        text = _script(words)
    if text is None:
        if _name(words) in SHELLS and len(words) == 1:
            return ()
        check.one(words)
        _check_mounts(spec, slot, " ".join(words))
        if follows(words):
            return () if words[-1] == NULL else (Run(Follow(0, tuple((Literal(word),) for word in words))), Jump(0))
        return () if _name(words) in IDLE else (Run(Words(words)),)
    script = _parsed(text)
    made = _Steps(check).of(script)
    _check_mounts(spec, slot, text)
    return made if any(_does(each) for each in _inside(script)) else ()


def _does(part: Any) -> bool:
    """It is more than waiting."""
    if not isinstance(part, Simple):
        return isinstance(part, Redirect)
    words = [_text(word) for word in part.words]
    return _said(part) not in IDLE and not (follows(words) and words[-1] == NULL)


def _name(words: Sequence[str]) -> str:
    return words[0].rpartition("/")[2]


def _words(container: JSON) -> tuple[str, ...]:
    """What the container runs: without a command its args, behind the entrypoint of its image if that has one; none where they are for that."""
    args = tuple(str(word) for word in container.get("args") or ())
    if container.get("command"):
        return (*map(str, container["command"]), *args)
    name = image_name(str(container.get("image", "")))
    if args and name in ENTRYPOINTS:
        return (ENTRYPOINTS[name], *args)
    return args if args and (name in NO_ENTRYPOINT or _name(args) in PROGRAMS) else ()


def _script(words: Sequence[str]) -> str | None:
    """The text after `-c`, with the options that stand before it set by itself; None where there is none. Raises Unknown."""
    letters = ""
    for place, word in enumerate(words[1:], 1):
        if not re.fullmatch(r"-[a-z]+", word):
            raise Unknown(" ".join((_name(words), word))[:LONGEST])
        letters += word[1:]
        if word.endswith("c"):
            if place + 1 >= len(words) or set(letters) - set("ceux"):
                raise Unknown(" ".join(words[: place + 1]))
            options = "".join(letter for letter in "eux" if letter in letters)
            return (f"set -{options}\n" if options else "") + OWN_VARIABLE.sub(r"${\1}", words[place + 1])
    return None


def _parsed(text: str) -> Script:
    if len(text) > LONGEST:
        raise Unknown("so long a script")
    try:
        return parse(text, NESTING)
    except BadSyntax as error:
        raise Unknown(error.said.partition(" are not")[0] or "its script") from None


def _check_mounts(spec: JSON, slot: int, text: str) -> None:
    """What volumes but emptyDir hold is not known here."""
    for mount in mounts_of(spec, slot):
        if not mount.shared and mount.path and mount.path in text:
            raise Unknown(f"the volume at {mount.path}")


class _Check:
    """Knows what is simulated of an image."""

    def __init__(self, image: str) -> None:
        self._image = image
        self._programs = image_of(image).programs

    def program(self, word: str) -> None:
        """It can be run from here. Raises Unknown."""
        directory, slash, name = word.rpartition("/")
        if slash and directory not in DIRECTORIES:
            raise Unknown(word)
        known = name in PROGRAMS and name not in SHELLS and name not in NOT_HERE and (name not in CLIENTS or name in self._programs)
        if not known and not surely_lacks(self._image, name):
            raise Unknown(word)

    def one(self, words: Sequence[str]) -> None:
        """A program and its arguments, without a shell. Raises Unknown."""
        self.program(words[0])

    def all(self, value: Any) -> None:
        """All of it is known, and ends by itself."""
        for each in _inside(value):
            if isinstance(each, While):
                if each.until or _said_first(each.condition) != "read":
                    raise Unknown("a loop that is part of a command line")
            elif isinstance(each, Simple) and each.words:
                self._simple(each)

    def _simple(self, command: Simple) -> None:
        name = _said(command)
        words = [_text(word) for word in command.words]
        if name in PREFIXES and len(words) > 1 and not words[1].startswith("-"):
            self._simple(Simple((), command.words[1:]))
        elif name == "trap":
            signals = [signal_name(word) for word in words[2:]]
            if not signals or EXIT in signals or "" in signals:
                raise Unknown("trap")
            self.all(_parsed(words[1]) if words[1].strip("- ") else ())
        elif name == "tail" and follows(words) and words[-1] != NULL:
            raise Unknown("tail -f")
        elif name == "command" and words[1:2] == ["-v"]:
            return
        elif name in UNSEEN or not name:
            raise Unknown(name or "$" + next((part.name for part in command.words[0] if hasattr(part, "name")), "(...)"))
        elif name not in BUILTINS:
            self.program(name)


class _Steps:
    """Jumps are put in when it is known where they lead."""

    def __init__(self, check: _Check) -> None:
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
        if alone and isinstance(command, Simple) and _said(command) in ("break", "continue"):
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
            raise Unknown(_said(command))
        top, holes = self._loops[-1]
        if _said(command) == "continue":
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


def follows(words: Sequence[str]) -> bool:
    """It is a tail that goes on for ever."""
    return bool(words) and _name(words) == "tail" and any(re.fullmatch(r"-\w*[fF]\w*", word) for word in words[1:])


def _is_followed(command: Simple) -> bool:
    """It is a tail that goes on printing."""
    words = [_text(word) for word in command.words]
    return follows(words) and words[-1] != NULL


def _said(command: Simple) -> str:
    """The name of what it runs, "" where only the run tells, ":" where it only assigns."""
    return _text(command.words[0]) if command.words else ":" if not command.assigns and not command.redirects else "="


def _said_first(script: Script) -> str:
    command = script.chains[0].first.commands[0] if script.chains else None
    return _said(command) if isinstance(command, Simple) else ""


def _text(word: Word) -> str:
    """A word that is written out, "" where only the run tells."""
    return "".join(part.text for part in word if isinstance(part, Literal)) if all(isinstance(part, Literal) for part in word) else ""


def _inside(value: Any) -> Iterator[Any]:
    """All that a part of a script is made of, itself included."""
    yield value
    parts = value if isinstance(value, tuple) else [getattr(value, name) for name in getattr(value, "__struct_fields__", ())]
    for part in parts:
        if isinstance(part, tuple | msgspec.Struct):
            yield from _inside(part)
