"""Which lines fit a pattern?  grep.

Source: POSIX XCU grep; sentences of GNU grep and of busybox.
Simplified: no directories, and not the rarer options, of which it is said that they are not simulated (`absent`).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Generator
from typing import Any

from playground.terminal.programs.absent import known
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
from playground.terminal.programs.reading import Reading, file, gnu, wrong
from playground.terminal.programs.regex import BadPattern, Regex

LONG = {
    "after-context": "A", "basic-regexp": "G", "before-context": "B", "context": "C", "count": "c", "extended-regexp": "E",
    "files-with-matches": "l", "files-without-match": "L", "fixed-strings": "F", "ignore-case": "i", "invert-match": "v", "line-number": "n",
    "line-regexp": "x", "max-count": "m", "no-filename": "h", "no-messages": "s", "only-matching": "o", "quiet": "q", "regexp": "e",
    "silent": "q", "with-filename": "H", "word-regexp": "w", "color": "colour", "colour": "colour",
}  # fmt: skip
USAGE = "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n"
STDIN = "(standard input)"


def grep(call: Call) -> Program:
    """Exit code 0 if a line fits, 1 if none does, 2 for an error."""
    try:
        found = options(_context_first(call), "aivcnoqEFGwxyhHlLs", "emABC", LONG)
    except BadOption as error:
        if call.busybox or known(call.name, error.name):
            return (yield from wrong(call, error, 2))
        yield Write(2, f"{call.name}: {gnu(error)}\n{USAGE}")
        return 2
    rest = list(found.rest)
    if not found.has("e") and not rest:
        yield Write(2, USAGE)
        return 2
    pattern = "\n".join(found.given["e"]) if found.has("e") else rest.pop(0)
    try:
        regexes = [_regex(each, found) for each in pattern.split("\n")]
    except BadPattern as error:
        return (yield from complain(call, call.words(str(error), f"bad regex '{pattern}'"), 2))
    for letter in "ABC":
        if number_of(found.of(letter, default="0").removeprefix("-") or "x") is None or found.of(letter).startswith("-"):
            said = call.words(f"{found.of(letter)}: invalid context length argument", f"invalid number '{found.of(letter)}'")
            return (yield from complain(call, said, 2))
    try:
        return (yield from _grep_files(call, found, regexes, rest))
    except BadPattern as error:
        return (yield from complain(call, str(error), 2))


def _context_first(call: Call) -> list[str]:
    """GNU's `-3` is `-C 3`, unless it is the value of an option itself."""
    pairs = zip(["", *call.args], call.args, strict=False)
    return [
        f"-C{word[1:]}" if re.fullmatch(r"-\d{1,9}", word) and not call.busybox and not re.fullmatch("-[emABC]", last) else word
        for last, word in pairs
    ]


def _grep_files(call: Call, found: Options, regexes: list[Regex], rest: list[str]) -> Program:
    fitted, status = 0, 0
    named = found.has("H") or (len(rest) > 1 and not found.has("h"))
    for name in rest or ["-"]:
        counted = yield from _grep_file(call, found, regexes, name, (name if name != "-" else STDIN) if named else "")
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
    shows = not found.has("q", "c", "l", "L")
    most = 1 if found.has("q", "l", "L") else number_of(found.of("m", default="999999999")) or 0
    around = Around(found, prefix)
    counted = 0
    while counted < most or (shows and around.left):
        line = yield from _next_line(source)
        if line is None:
            break
        fits = counted < most and any(regex.fits(line) for regex in regexes) is not found.has("v")
        yield from _worked(regexes)
        counted += fits
        if shows:
            parts = _parts(line, regexes) if found.has("o") and fits else [line]
            yield from out(around.fitting(parts) if fits else around.other(line))
    if found.has("c") and not found.has("q"):
        yield from out(f"{f'{prefix}:' if prefix else ''}{counted}\n")
    elif (found.has("l") and counted) or (found.has("L") and not counted):
        yield from out(f"{name if name != '-' else STDIN}\n")
    return counted


class Around:
    """What is printed of a file, line by line, with the lines before and after those that fit. `left`: so many may still come after."""

    def __init__(self, found: Options, prefix: str) -> None:
        self._before: deque[tuple[int, str]] = deque(maxlen=number_of(found.of("B", "C")) or 0)
        self._after = number_of(found.of("A", "C")) or 0
        self._parted, self._only = found.has("A", "B", "C"), found.has("o")
        self._prefix, self._numbered = prefix, found.has("n")
        self._number = self._last = self.left = 0

    def fitting(self, parts: list[str]) -> str:
        self._number += 1
        first = self._before[0][0] if self._before else self._number
        text = "--\n" if self._parted and self._last and first > self._last + 1 else ""
        text += "".join(self._line(number, line, "-") for number, line in self._before) if not self._only else ""
        self._before.clear()
        self._last, self.left = self._number, self._after
        return text + "".join(self._line(self._number, part, ":") for part in parts)

    def other(self, line: str) -> str:
        self._number += 1
        if not self.left:
            self._before.append((self._number, line))
            return ""
        self.left -= 1
        self._last = self._number
        return "" if self._only else self._line(self._number, line, "-")

    def _line(self, number: int, line: str, sign: str) -> str:
        prefix = f"{self._prefix}{sign}" if self._prefix else ""
        return f"{prefix}{f'{number}{sign}' if self._numbered else ''}{line}\n"


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
    return Regex(pattern, extended, found.has("i", "y"))


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
