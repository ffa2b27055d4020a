"""Where do a command's output and input go?  Into other descriptors, files, another program, or a variable.

All of them stand between a program and whoever runs it, take the asks that concern them, and pass the others on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from typing import Any

from playground.terminal.programs.asks import Ask, Program, Read, Ready, Write
from playground.terminal.programs.files import Files
from playground.terminal.programs.limits import Exhausted, Limits

Sink = int | str  # a descriptor of the outside, or the path of a file
CLOSED = ""


def redirected(inner: Program, sinks: dict[int, Sink], source: str | None, files: Files) -> Program:
    """Write each descriptor to its sink; read from a text, if one is given."""
    answer: Any = None
    while True:
        try:
            ask = inner.send(answer)
        except StopIteration as stop:
            return int(stop.value)
        answer = None
        if isinstance(ask, Write):
            sink = sinks.get(ask.fd, ask.fd)
            if isinstance(sink, int):
                yield Write(sink, ask.text)
            elif sink != CLOSED:
                files.write(sink, ask.text, append=True)
        elif isinstance(ask, Read) and source is not None:
            answer, source = source or None, ""
        elif isinstance(ask, Ready) and source is not None:
            answer = True
        else:
            answer = yield ask


def piped(left: Program, right: Program, limits: Limits) -> Program:
    """What the left one writes, the right one reads, as it wants it; the left one ends when nobody reads any more."""
    held: deque[str] = deque()
    over = False
    answer: Any = None
    while True:
        try:
            ask = right.send(answer)
        except StopIteration as stop:
            if not over:
                yield from _fill(left, held)
            left.close()
            return int(stop.value)
        if isinstance(ask, Ready):
            answer = True
            continue
        if not isinstance(ask, Read):
            answer = yield ask
            continue
        if not held and not over:
            over = yield from _fill(left, held)
        answer = held.popleft() if held else None
        if answer is not None and len(answer) > limits.held:
            raise Exhausted(limits, "held", "too much is written to a pipe at once")


def _fill(left: Program, held: deque[str]) -> Generator[Ask, Any, bool]:
    """Let the left one go on until it has written something; whether it has ended."""
    answer: Any = None
    while True:
        try:
            ask = left.send(answer)
        except StopIteration:
            return True
        if isinstance(ask, Write) and ask.fd == 1:
            held.append(ask.text)
            return False
        answer = yield ask


def captured(inner: Program, limits: Limits) -> Generator[Ask, Any, tuple[str, int]]:
    """All that is written to descriptor 1, and the exit code."""
    texts: list[str] = []
    size = 0
    answer: Any = None
    while True:
        try:
            ask = inner.send(answer)
        except StopIteration as stop:
            return "".join(texts), int(stop.value)
        answer = None
        if isinstance(ask, Write) and ask.fd == 1:
            size += len(ask.text)
            if size > limits.held:
                raise Exhausted(limits, "held", "too much was written to be kept")
            texts.append(ask.text)
        else:
            answer = yield ask
