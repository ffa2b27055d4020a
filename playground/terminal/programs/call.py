"""With what is a program called?  Its words, its variables, the container and the files of the session; and the small things all programs do."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from typing import Any

import msgspec

from playground.terminal.programs.asks import Ask, Program, Read, Turn, Write
from playground.terminal.programs.container import Container, absolute
from playground.terminal.programs.files import Files
from playground.terminal.programs.limits import Exhausted, Limits

WORK_OF_A_TURN = 1_000


class Call(msgspec.Struct):
    """`name` is what it was called by, `args` the words after it; `lookup` finds the programs of its image. `terminal`: its
    output is a terminal. `title` is how it begins a complaint, if not with its name."""

    name: str
    args: list[str]
    env: dict[str, str]
    container: Container
    files: Files
    limits: Limits
    lookup: Lookup
    cwd: str = "/"
    terminal: bool = False
    title: str = ""

    @property
    def busybox(self) -> bool:
        return self.container.image.busybox

    def words(self, gnu: str, busybox: str) -> str:
        """The sentence of whose tools the image has."""
        return busybox if self.busybox else gnu

    def path(self, name: str) -> str:
        return absolute(self.cwd, name)


Lookup = Callable[[str], Callable[[Call], Program] | None]


def out(text: str) -> Generator[Ask, Any, None]:
    if text:
        yield Write(1, text)


def complain(call: Call, text: str, code: int = 1) -> Program:
    """Say what is wrong as `name: ...`, and end with a code."""
    yield Write(2, f"{call.title or call.name}: {text}\n")
    return code


def misuse(call: Call, text: str, code: int = 1) -> Program:
    """Say what is wrong with the words it was given; GNU's programs then say where help is."""
    return complain(call, text if call.busybox else f"{text}\nTry '{call.name} --help' for more information.", code)


def work(amount: int) -> Generator[Ask, Any, None]:
    """So many characters were looked at, or steps of that size made."""
    if amount >= WORK_OF_A_TURN:
        yield Turn(amount // WORK_OF_A_TURN)


def read_all(call: Call) -> Generator[Ask, Any, str]:
    """All of standard input."""
    parts: list[str] = []
    size = 0
    while (text := (yield Read())) is not None:
        size += len(text)
        if size > call.limits.held:
            raise Exhausted(call.limits, "held", "too much text to hold at once")
        parts.append(text)
    yield from work(size)
    return "".join(parts)


def read_lines(call: Call) -> Generator[Ask, Any, list[str]]:
    """All of standard input in lines, without their ends."""
    return lines_of((yield from read_all(call)))


def lines_of(text: str) -> list[str]:
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def whole_lines(text: str) -> list[str]:
    """The lines of a text with their ends."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


class Lines:
    """Standard input line by line, as it comes: for programs that need not wait for its end."""

    def __init__(self, call: Call) -> None:
        self._held = ""
        self._most = call.limits.held
        self._limits = call.limits
        self._over = False
        self._taken = 0

    def next(self) -> Generator[Ask, Any, str | None]:
        """The next line with its end, or None."""
        while "\n" not in self._held and not self._over:
            text = yield Read()
            self._over = text is None
            self._held += text or ""
            self._taken += len(text or "")
            if self._taken >= WORK_OF_A_TURN:
                yield from work(self._taken)
                self._taken = 0
            if len(self._held) > self._most:
                raise Exhausted(self._limits, "held", "one line is too long")
        line, newline, self._held = self._held.partition("\n")
        return line + newline or None


def number_of(text: str) -> int | None:
    """A whole number of at most nine digits, or None."""
    digits = text.removeprefix("-").removeprefix("+")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None
