"""The programs that pass text on as it is, or count it: cat, tee, wc, head, tail.

Source: POSIX XCU; sentences of GNU coreutils and of busybox.
Simplified: the options that lessons use; a character is a character, not a byte; tail -f follows one file, the last one, and waits for one that is not there.
"""

from __future__ import annotations

import re

from playground.terminal.programs.asks import Program, Read, Wait, Write
from playground.terminal.programs.call import (
    Call,
    Lines,
    complain,
    lines_of,
    number_of,
    out,
    whole_lines,
)
from playground.terminal.programs.files import NULL, FileError
from playground.terminal.programs.options import BadOption, Options, options
from playground.terminal.programs.reading import file, whole, wrong
from playground.terminal.programs.small import FOR_EVER

AGAIN, MARK = 1.0, 40
Seen = tuple[int, str] | None

COUNTS = {"lines": "n", "bytes": "c"}


def cat(call: Call) -> Program:
    """Passes its input on as it comes."""
    try:
        found = options(call.args, "nuvet")
    except BadOption as error:
        return (yield from wrong(call, error))
    status, number = 0, 0
    for name in found.rest or ["-"]:
        if name == "-" and not found.has("n"):
            while (text := (yield Read())) is not None:
                yield from out(text)
            continue
        text = yield from file(call, name)
        if text is None:
            status = 1
            continue
        if found.has("n"):
            lines = lines_of(text) if text else []
            text = "".join(f"{number + place:6}\t{line}\n" for place, line in enumerate(lines, 1))
            number += len(lines)
        yield from out(text)
    return status


def tee(call: Call) -> Program:
    append = "-a" in call.args
    names = [word for word in call.args if word != "-a"]
    status, good = 0, []
    for name in names:
        try:
            call.files.write(call.path(name), "", append)
            good.append(name)
        except FileError as error:
            yield Write(2, f"{call.name}: {name}: {error}\n")
            status = 1
    while (text := (yield Read())) is not None:
        for name in good:
            call.files.write(call.path(name), text, append=True)
        yield from out(text)
    return status


def wc(call: Call) -> Program:
    try:
        found = options(call.args, "lwcm", long={"lines": "l", "words": "w", "bytes": "c", "chars": "m"})
    except BadOption as error:
        return (yield from wrong(call, error))
    kinds = [letter for letter in "lwcm" if found.has(letter)] or ["l", "w", "c"]
    rows, status = [], 0
    for name in found.rest or ["-"]:
        text = yield from file(call, name)
        if text is None:
            status = 1
            continue
        counts = {"l": text.count("\n"), "w": len(text.split()), "c": len(text.encode()), "m": len(text)}
        rows.append(([counts[kind] for kind in kinds], name if found.rest else ""))
    if len(found.rest) > 1:
        rows.append(([sum(row[place] for row, _ in rows) for place in range(len(kinds))], "total"))
    yield from out("".join(_counted(call, row, name, len(kinds), len(found.rest)) for row, name in rows))
    return status


def _counted(call: Call, row: list[int], name: str, kinds: int, files: int) -> str:
    """busybox: a single count bare, else columns of nine; GNU: seven wide from standard input, else as wide as the largest."""
    if kinds == 1 and files <= 1:
        text = str(row[0])
    elif call.busybox:
        text = " ".join(f"{count:9}" for count in row)
    else:
        width = 7 if not files else len(str(max(row)))
        text = " ".join(f"{count:{width}}" for count in row)
    return f"{text} {name}".rstrip() + "\n"


def head(call: Call) -> Program:
    """Reads no more than it needs."""
    try:
        found = options(_count_first(call.args), "q", "nc", COUNTS)
    except BadOption as error:
        return (yield from wrong(call, error))
    count = number_of(found.of("n", "c", default="10"))
    if count is None:
        return (yield from _no_number(call, found))
    status = 0
    for name in found.rest or ["-"]:
        if len(found.rest) > 1:
            yield from out(f"{chr(10) if name != found.rest[0] else ''}==> {name} <==\n")
        if name == "-" and not found.has("c") and count >= 0:
            lines = Lines(call)
            for _ in range(count):
                line = yield from lines.next()
                if line is None:
                    break
                yield from out(line)
            continue
        text = yield from file(call, name)
        if text is None:
            status = 1
        elif found.has("c"):
            yield from out(text[:count] if count >= 0 else text[: max(0, len(text) + count)])
        else:
            kept = whole_lines(text)
            yield from out("".join(kept[:count] if count >= 0 else kept[: max(0, len(kept) + count)]))
    return status


def tail(call: Call) -> Program:
    try:
        found = of_tail(call.args)
    except BadOption as error:
        return (yield from wrong(call, error))
    word = found.of("n", "c", default="10")
    count = number_of(word.lstrip("+-"))
    if count is None:
        return (yield from _no_number(call, found))
    if found.has("f", "F") and found.rest:
        return (yield from _follow(call, found.rest[-1], word))
    text, status = yield from whole(call, found.rest)
    if found.has("c"):
        yield from out(text[count - 1 :] if word.startswith("+") else text[max(0, len(text) - count) :])
        return status
    lines = whole_lines(text)
    yield from out("".join(lines[max(0, count - 1) :] if word.startswith("+") else lines[max(0, len(lines) - count) :]))
    return status


def _follow(call: Call, name: str, word: str) -> Program:
    """The end of a file, and then what is appended to it, looked for every second."""
    path, seen = call.path(name), None
    while path != NULL:
        text, seen = appended(call, path, word, seen)
        yield from out(text)
        yield Wait(AGAIN)
    yield Wait(FOR_EVER)
    return 0


def appended(call: Call, path: str, word: str, seen: Seen) -> tuple[str, Seen]:
    """What a tail that follows prints next, and what it knows then: how long the file was, and how that ended. `word` is its `-n`."""
    text = call.files.read(path) if call.files.is_file(path) else ""
    if seen is None:
        lines, count = whole_lines(text), number_of(word.lstrip("+-")) or 0
        shown = "".join(lines[max(0, count - 1) :] if word.startswith("+") else lines[max(0, len(lines) - count) :])
    elif text[: seen[0]].endswith(seen[1]) and len(text) >= seen[0]:
        shown = text[seen[0] :]
    else:  # it was written anew, or has lost its beginning
        shown = text.rpartition(seen[1])[2] if seen[1] else text
    return shown, (len(text), text[-MARK:]) if text else seen


def _no_number(call: Call, found: Options) -> Program:
    word, what = found.of("n", "c"), "lines" if found.has("n") else "bytes"
    return (yield from complain(call, call.words(f"invalid number of {what}: '{word}'", f"invalid number '{word}'")))


def of_tail(args: list[str]) -> Options:
    """The options of tail. Raises BadOption."""
    return options(_count_first(args), "qfF", "nc", COUNTS)


def _count_first(args: list[str]) -> list[str]:
    """`-3` is `-n 3`, unless it is the value of an option itself."""
    pairs = zip(["", *args], args, strict=False)
    return [f"-n{word[1:]}" if re.fullmatch(r"-\d{1,9}", word) and last not in ("-n", "-c") else word for last, word in pairs]
