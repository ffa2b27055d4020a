"""The programs that read text and write some of it: cat, wc, sort, uniq, head, tail, cut, tr, grep, tee.

Source: POSIX XCU; sentences of GNU coreutils and grep, and of busybox.
Simplified: the options that lessons use; a character is a character, not a byte; no tail -f.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Generator
from typing import Any

from playground.terminal.programs.asks import Ask, Program, Read, Write
from playground.terminal.programs.call import (
    WORK_OF_A_TURN,
    Call,
    Lines,
    complain,
    lines_of,
    misuse,
    number_of,
    out,
    read_all,
    whole_lines,
    work,
)
from playground.terminal.programs.files import IS_DIRECTORY, FileError
from playground.terminal.programs.options import BadOption, Options, options
from playground.terminal.programs.regex import BadPattern, Regex

Reading = Generator[Ask, Any, str | None]
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


def _wrong(call: Call, error: BadOption, code: int = 1) -> Program:
    return (yield from misuse(call, str(error), code))


def _file(call: Call, name: str) -> Reading:
    """The text of a file, of standard input for `-`; None, and a complaint, if it cannot be read."""
    if name == "-":
        return (yield from read_all(call))
    try:
        return call.files.read(call.path(name))
    except FileError as error:
        verb = {"head": "cannot open '{}' for reading", "tail": "cannot open '{}' for reading", "sort": "cannot read"}.get(call.name)
        if call.busybox:
            said = f"can't open '{name}': {error}" if call.name in ("cat", "uniq") else f"{name}: {error}"
            said = f"read error: {error}" if str(error) == IS_DIRECTORY else said
        elif call.name == "sort":
            said = f"cannot read: {name}: {error}"
        else:
            said = f"{verb.format(name) if verb else name}: {error}"
        yield Write(2, f"{call.name}: {said}\n")
        return None


def _whole(call: Call, names: list[str]) -> Generator[Ask, Any, tuple[str, int]]:
    """All files, or standard input, as one text, and the exit code."""
    texts, status = [], 0
    for name in names or ["-"]:
        text = yield from _file(call, name)
        if text is None:
            status = 1
        else:
            texts.append(text)
    return "".join(texts), status


def cat(call: Call) -> Program:
    """Passes its input on as it comes."""
    try:
        found = options(call.args, "nuvet")
    except BadOption as error:
        return (yield from _wrong(call, error))
    status, number = 0, 0
    for name in found.rest or ["-"]:
        if name == "-" and not found.has("n"):
            while (text := (yield Read())) is not None:
                yield from out(text)
            continue
        text = yield from _file(call, name)
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
        return (yield from _wrong(call, error))
    kinds = [letter for letter in "lwcm" if found.has(letter)] or ["l", "w", "c"]
    rows, status = [], 0
    for name in found.rest or ["-"]:
        text = yield from _file(call, name)
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


def sort(call: Call) -> Program:
    try:
        found = options(call.args, "rnufb", "kt")
    except BadOption as error:
        return (yield from _wrong(call, error, 2))
    text, status = yield from _whole(call, found.rest)
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
        found = options(call.args, "cdui")
    except BadOption as error:
        return (yield from _wrong(call, error))
    text, status = yield from _whole(call, found.rest[:1])
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


def head(call: Call) -> Program:
    """Reads no more than it needs."""
    try:
        found = options(_count_first(call.args), "q", "nc")
    except BadOption as error:
        return (yield from _wrong(call, error))
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
        text = yield from _file(call, name)
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
        found = options(_count_first(call.args), "qfF", "nc")
    except BadOption as error:
        return (yield from _wrong(call, error))
    word = found.of("n", "c", default="10")
    count = number_of(word.lstrip("+-"))
    if count is None:
        return (yield from _no_number(call, found))
    text, status = yield from _whole(call, found.rest)
    if found.has("c"):
        yield from out(text[count - 1 :] if word.startswith("+") else text[max(0, len(text) - count) :])
        return status
    lines = whole_lines(text)
    yield from out("".join(lines[max(0, count - 1) :] if word.startswith("+") else lines[max(0, len(lines) - count) :]))
    return status


def _no_number(call: Call, found: Options) -> Program:
    word, what = found.of("n", "c"), "lines" if found.has("n") else "bytes"
    return (yield from complain(call, call.words(f"invalid number of {what}: '{word}'", f"invalid number '{word}'")))


def _count_first(args: list[str]) -> list[str]:
    """`-3` is `-n 3`, unless it is the value of an option itself."""
    pairs = zip(["", *args], args, strict=False)
    return [f"-n{word[1:]}" if re.fullmatch(r"-\d{1,9}", word) and last not in ("-n", "-c") else word for last, word in pairs]


def cut(call: Call) -> Program:
    try:
        found = options(call.args, "s", "dfcb")
    except BadOption as error:
        return (yield from _wrong(call, error))
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
    text, status = yield from _whole(call, found.rest)
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
        return (yield from _wrong(call, error))
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


def grep(call: Call) -> Program:
    """Exit code 0 if a line fits, 1 if none does, 2 for an error."""
    try:
        found = options(
            call.args, "ivcnoqEFwxhHls", "em", {"color": "h", "colour": "h", "extended-regexp": "E", "ignore-case": "i", "count": "c"}
        )
    except BadOption as error:
        return (yield from _wrong(call, error, 2))
    rest = list(found.rest)
    if not found.has("e") and not rest:
        yield Write(2, "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n")
        return 2
    pattern = found.of("e") if found.has("e") else rest.pop(0)
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
        text = yield from _file(call, name)
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
