"""The programs that choose and change lines: sort, uniq, cut, tr.

Source: POSIX XCU; sentences of GNU coreutils and of busybox.
Simplified: the options that lessons use; a character is a character, not a byte.
"""

from __future__ import annotations

import re
from typing import Any

from playground.terminal.programs.asks import Program, Read
from playground.terminal.programs.call import (
    Call,
    lines_of,
    misuse,
    out,
    work,
)
from playground.terminal.programs.options import BadOption, Options, options
from playground.terminal.programs.reading import whole, wrong

SORT = {"reverse": "r", "numeric-sort": "n", "unique": "u", "ignore-case": "f", "key": "k", "field-separator": "t"}
UNIQ = {"count": "c", "repeated": "d", "unique": "u", "ignore-case": "i"}
CLASSES = {
    "upper": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "lower": "abcdefghijklmnopqrstuvwxyz",
    "digit": "0123456789",
    "space": " \t\n\r\f\v",
    "blank": " \t",
    "punct": "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
}
CLASSES["alpha"] = CLASSES["upper"] + CLASSES["lower"]
CLASSES["alnum"] = CLASSES["digit"] + CLASSES["alpha"]


def sort(call: Call) -> Program:
    try:
        found = options(call.args, "rnufb", "kt", SORT)
    except BadOption as error:
        return (yield from wrong(call, error, 2))
    text, status = yield from whole(call, found.rest)
    if status:
        return 2
    lines = lines_of(text) if text else []
    key = _key(found)
    lines.sort(key=lambda line: (key(line), line), reverse=found.has("r"))
    if found.has("u"):
        lines = list({key(line): line for line in reversed(lines)}.values())[::-1]
    yield from out("".join(f"{line}\n" for line in lines))
    return 0


def _key(found: Options) -> Any:
    spec = re.match(r"(\d{1,4})(?:\.\d+)?([bnrf]*)", found.of("k"))
    numeric = found.has("n") or bool(spec and "n" in spec[2])
    place = int(spec[1]) - 1 if spec else -1
    separator = found.of("t") or None

    def key(line: str) -> Any:
        fields = line.split(separator) if place >= 0 else [line]
        text = fields[place] if 0 <= place < len(fields) else ("" if place >= 0 else line)
        text = text.lower() if found.has("f") else text
        number = re.match(r"\s*(-?\d{1,15}(?:\.\d{1,9})?)", text) if numeric else None
        return (float(number[1]) if number else 0.0, "") if numeric else (0.0, text)

    return key


def uniq(call: Call) -> Program:
    try:
        found = options(call.args, "cdui", long=UNIQ)
    except BadOption as error:
        return (yield from wrong(call, error))
    text, status = yield from whole(call, found.rest[:1])
    runs: list[list[Any]] = []
    for line in lines_of(text) if text else []:
        same = line.lower() if found.has("i") else line
        if runs and runs[-1][0] == same:
            runs[-1][2] += 1
        else:
            runs.append([same, line, 1])
    for _, line, count in runs:
        if (found.has("d") and count < 2) or (found.has("u") and count > 1):
            continue
        yield from out(f"{count:7} {line}\n" if found.has("c") else f"{line}\n")
    return status


def cut(call: Call) -> Program:
    try:
        found = options(call.args, "s", "dfcb")
    except BadOption as error:
        return (yield from wrong(call, error))
    spec = found.of("f", "c", "b")
    if not spec:
        what = "a list of bytes, characters, or fields"
        return (yield from misuse(call, call.words(f"you must specify {what}", f"expected {what}")))
    ranges = _ranges(spec)
    if ranges is None:
        return (yield from misuse(call, call.words(f"invalid field value '{spec}'", f"invalid number '{spec}'")))
    delimiter = found.of("d", default="\t")
    if len(delimiter) != 1:
        return (yield from misuse(call, "the delimiter must be a single character"))
    text, status = yield from whole(call, found.rest)
    for line in lines_of(text) if text else []:
        if not found.has("f"):
            yield from out("".join(_chosen(list(line), ranges)) + "\n")
        elif delimiter in line:
            yield from out(delimiter.join(_chosen(line.split(delimiter), ranges)) + "\n")
        elif not found.has("s"):
            yield from out(line + "\n")
    return status


def _ranges(spec: str) -> list[tuple[int, int]] | None:
    found = []
    for part in spec.split(","):
        first, dash, last = part.partition("-")
        if not re.fullmatch(r"\d{0,6}-?\d{0,6}", part) or part in ("", "-") or first == "0":
            return None
        found.append((int(first or 1), int(last or 10**9) if dash else int(first)))
    return found


def _chosen(parts: list[str], ranges: list[tuple[int, int]]) -> list[str]:
    return [part for place, part in enumerate(parts, 1) if any(first <= place <= last for first, last in ranges)]


def tr(call: Call) -> Program:
    try:
        found = options(call.args, "dscC")
    except BadOption as error:
        return (yield from wrong(call, error))
    if not found.rest or (len(found.rest) < 2 and not found.has("d", "s")):
        return (yield from misuse(call, "missing operand"))
    first, last = (_set(each) for each in (*found.rest, "")[:2])
    complement, squeezed = found.has("c", "C"), _set(found.rest[-1])
    change = dict(zip(first, last + last[-1:] * (len(first) - len(last)), strict=False)) if last and not found.has("d") else {}
    before = ""
    while (text := (yield Read())) is not None:
        yield from work(len(text))
        made = []
        for char in text:
            inside = (char in first) is not complement
            if found.has("d") and inside:
                continue
            put = (last[-1] if complement else change.get(char, char)) if inside and last and not found.has("d") else char
            if found.has("s") and put == before and ((put in squeezed) is not (complement and len(found.rest) == 1)):
                continue
            before = put
            made.append(put)
        yield from out("".join(made))
    return 0


def _set(text: str) -> str:
    """The characters of a set, with ranges, classes and escapes."""
    text = re.sub(r"\[:(\w+):\]", lambda found: CLASSES.get(found[1], ""), text)
    escapes = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "0": "\0"}
    text = re.sub(r"\\(.)", lambda found: escapes.get(found[1], found[1]), text)
    return re.sub(r"(.)-(.)", lambda found: "".join(map(chr, range(ord(found[1]), ord(found[2]) + 1)))[:300], text, flags=re.DOTALL)
