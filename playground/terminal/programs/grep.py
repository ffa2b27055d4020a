"""Which lines fit a pattern?  grep.

Source: POSIX XCU grep; sentences of GNU grep and of busybox.
Simplified: the options that lessons use.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Generator
from typing import Any

from playground.terminal.programs.asks import Ask, Program, Write
from playground.terminal.programs.call import (
    WORK_OF_A_TURN,
    Call,
    Lines,
    complain,
    lines_of,
    number_of,
    out,
    work,
)
from playground.terminal.programs.options import BadOption, Options, options
from playground.terminal.programs.reading import Reading, file, wrong
from playground.terminal.programs.regex import BadPattern, Regex


def grep(call: Call) -> Program:
    """Exit code 0 if a line fits, 1 if none does, 2 for an error."""
    try:
        found = options(
            call.args, "ivcnoqEFwxhHls", "em", {"color": "h", "colour": "h", "extended-regexp": "E", "ignore-case": "i", "count": "c"}
        )
    except BadOption as error:
        return (yield from wrong(call, error, 2))
    rest = list(found.rest)
    if not found.has("e") and not rest:
        yield Write(2, "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n")
        return 2
    pattern = "\n".join(found.given["e"]) if found.has("e") else rest.pop(0)
    try:
        regexes = [_regex(each, found) for each in pattern.split("\n")]
    except BadPattern as error:
        return (yield from complain(call, call.words(str(error), f"bad regex '{pattern}'"), 2))
    try:
        return (yield from _grep_files(call, found, regexes, rest))
    except BadPattern as error:
        return (yield from complain(call, str(error), 2))


def _grep_files(call: Call, found: Options, regexes: list[Regex], rest: list[str]) -> Program:
    fitted, status = 0, 0
    for name in rest or ["-"]:
        counted = yield from _grep_file(call, found, regexes, name, f"{name}:" if len(rest) > 1 and not found.has("h") else "")
        if counted is None:
            status = 2
            continue
        fitted += counted
        if counted and found.has("q"):
            return 0
    return status or int(fitted == 0)


def _grep_file(call: Call, found: Options, regexes: list[Regex], name: str, prefix: str) -> Generator[Ask, Any, int | None]:
    """How many lines of a file fit; None if it cannot be read. Standard input is read no further than it has to be."""
    source: Lines | deque[str] = Lines(call)
    if name != "-":
        text = yield from file(call, name)
        if text is None:
            return None
        source = deque(lines_of(text) if text else [])
    most = 1 if found.has("q", "l") else number_of(found.of("m", default="999999999")) or 0
    counted = number = 0
    while counted < most:
        line = yield from _next_line(source)
        if line is None:
            break
        number += 1
        fits = any(regex.fits(line) for regex in regexes)
        yield from _worked(regexes)
        if fits is found.has("v"):
            continue
        counted += 1
        if not found.has("q", "c", "l"):
            mark = prefix + (f"{number}:" if found.has("n") else "")
            yield from out("".join(f"{mark}{part}\n" for part in (_parts(line, regexes) if found.has("o") else [line])))
    if found.has("c") and not found.has("q"):
        yield from out(f"{prefix}{counted}\n")
    elif found.has("l") and counted:
        yield from out(f"{name if name != '-' else '(standard input)'}\n")
    return counted


def _worked(regexes: list[Regex]) -> Generator[Ask, Any, None]:
    if sum(regex.work for regex in regexes) >= WORK_OF_A_TURN:
        yield from work(sum(regex.work for regex in regexes))
        for regex in regexes:
            regex.work = 0


def _next_line(source: Lines | deque[str]) -> Reading:
    if isinstance(source, Lines):
        line = yield from source.next()
        return None if line is None else line.removesuffix("\n")
    return source.popleft() if source else None


def _regex(pattern: str, found: Options) -> Regex:
    extended = found.has("E")
    if found.has("F"):
        pattern, extended = re.sub(r"([\[\]\\.*^$])", r"\\\1", pattern), False
    if found.has("w"):
        pattern = f"\\b({pattern})\\b" if extended else f"\\b\\({pattern}\\)\\b"
    if found.has("x"):
        pattern = f"^({pattern})$" if extended else f"^\\({pattern}\\)$"
    return Regex(pattern, extended, found.has("i"))


def _parts(line: str, regexes: list[Regex]) -> list[str]:
    """What of a line fits, piece by piece."""
    parts, at = [], 0
    while at <= len(line):
        places = [place for regex in regexes if (place := regex.find(line, at)) is not None]
        if not places:
            break
        begin, end = min(places, key=lambda place: (place[0], -place[1]))
        if end > begin:
            parts.append(line[begin:end])
        at = max(end, begin + 1)
    return parts
