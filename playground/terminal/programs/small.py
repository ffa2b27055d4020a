"""The small programs that say something or wait: echo, printf, sleep, seq, date, env, hostname, id and their like.

Source: POSIX XCU; sentences of GNU coreutils and busybox coreutils/ (its usage texts are left out). dash's and busybox's echo differ in escapes.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from typing import Any

from playground.kube.kubelet.registration import KERNEL
from playground.terminal.programs.asks import Ask, Now, Program, Wait, Write
from playground.terminal.programs.call import Call, complain, misuse, number_of, out
from playground.terminal.programs.identity import group_name, user_name
from playground.terminal.programs.limits import Exhausted
from playground.terminal.programs.whereabouts import path_of

ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b"}
ESCAPE = re.compile(r"\\(0[0-7]{0,3}|x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|.)", re.DOTALL)
DIRECTIVE = re.compile(r"%([-+ 0#]*)(\d*)(?:\.(\d*))?([a-zA-Z%])")
DURATION = re.compile(r"(\d{1,9}(?:\.\d{0,6})?|\.\d{1,6})([smhd]?)", re.ASCII)
UNITS = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}
STOP = "\0stop"
FOR_EVER = 3_153_600_000.0
WIDEST = 1_000


def true(call: Call) -> Program:
    yield from ()
    return 0


def false(call: Call) -> Program:
    yield from ()
    return 1


def echo(call: Call) -> Program:
    words, newline = call.args, True
    escapes = call.container.image.shell == "dash" and call.title != ""
    while words and re.fullmatch(r"-n" if escapes else r"-[neE]+", words[0]):
        newline = newline and "n" not in words[0]
        escapes = escapes or "e" in words[0]
        words = words[1:]
    text, stop, _ = (unescaped(" ".join(words)) if escapes else " ".join(words)).partition(STOP)
    yield from out(text + ("\n" if newline and not stop else ""))
    return 0


def unescaped(text: str) -> str:
    """With escapes put in; `\\c` becomes a mark that stops the output."""

    def one(found: re.Match[str]) -> str:
        word = found[1]
        if word == "c":
            return STOP
        if word[0] == "x" and len(word) > 1:
            return chr(int(word[1:], 16))
        if word[0] in "01234567":
            return chr(int(word, 8) & 255)
        return ESCAPES.get(word, "\\" + word)

    return ESCAPE.sub(one, text)


def printf(call: Call) -> Program:
    """The format is used again while arguments are left."""
    if not call.args:
        return (yield from complain(call, call.words("usage: printf format [arg ...]", "usage: printf FORMAT [ARGUMENT...]"), 2))
    form, left, size, status = call.args[0], call.args[1:], 0, 0
    while True:
        before = len(left)
        text, left, wrong = _formatted(form, left)
        size += len(text)
        if size > call.limits.held:
            raise Exhausted(call.limits, "held", "so much is printed")
        yield from out(text)
        for each in wrong:
            status = 1
            yield from complain(call, call.words(f"{each}: expected numeric value", f"invalid number '{each}'"))
        if not left or len(left) == before:
            return status


def _formatted(form: str, left: list[str]) -> tuple[str, list[str], list[str]]:
    left, wrong, parts, last = list(left), [], [], 0
    for found in DIRECTIVE.finditer(form):
        parts.append(unescaped(form[last : found.start()]))
        last = found.end()
        flags, width, precision, kind = found[1], min(int(found[2] or 0), WIDEST), found[3], found[4]
        if kind == "%":
            parts.append("%")
            continue
        word = left.pop(0) if left else ""
        if kind in "di" or kind in "uxXo":
            number = number_of(word) if word else 0
            if number is None:
                wrong.append(word)
                number = 0
            text = format(number, {"x": "x", "X": "X", "o": "o"}.get(kind, "d"))
            text = ("+" if "+" in flags and number >= 0 else "") + text
        elif kind in "feg":
            try:
                text = format(float(word or 0), f".{min(int(precision or 6 if precision is None else precision or 0), 50)}{kind}")
            except ValueError:
                wrong.append(word)
                text = "0"
        else:
            text = unescaped(word) if kind == "b" else word[:1] if kind == "c" else word
            text = text[: int(precision)] if precision else text
        fill = "0" if "0" in flags and kind not in "scb" and "-" not in flags else " "
        parts.append(text.ljust(width) if "-" in flags else text.rjust(width, fill))
    parts.append(unescaped(form[last:]))
    return "".join(parts).partition(STOP)[0], left, wrong


def sleep(call: Call) -> Program:
    total = 0.0
    if not call.args:
        return (yield from misuse(call, "missing operand"))
    for word in call.args:
        seconds = duration(word)
        if seconds is None:
            return (yield from misuse(call, call.words(f"invalid time interval '{word}'", f"invalid number '{word}'")))
        total += seconds
    yield Wait(min(total, FOR_EVER))
    return 0


def duration(word: str) -> float | None:
    """`5`, `1.5s`, `2m`, `infinity` in seconds; None for what is no time."""
    if word in ("infinity", "inf"):
        return FOR_EVER
    found = DURATION.fullmatch(word)
    return float(found[1]) * UNITS[found[2]] if found else None


def seq(call: Call) -> Program:
    numbers = [number_of(word) for word in call.args]
    if not numbers or len(numbers) > 3:
        return (yield from misuse(call, "missing operand" if not numbers else f"extra operand '{call.args[3]}'"))
    for word, number in zip(call.args, numbers, strict=True):
        if number is None:
            return (yield from misuse(call, call.words(f"invalid floating point argument: '{word}'", f"invalid number '{word}'")))
    whole = [number or 0 for number in numbers]
    first, step, last = (1, 1, whole[0]) if len(whole) == 1 else (whole[0], 1, whole[1]) if len(whole) == 2 else whole
    if step == 0:
        return (yield from misuse(call, f"invalid Zero increment value: '{call.args[1]}'"))
    counted = range(first, last + (1 if step > 0 else -1), step)
    if len(counted) > call.limits.steps:
        raise Exhausted(call.limits, "steps", "seq counts so far")
    for start in range(0, len(counted), 1_000):
        yield from out("".join(f"{number}\n" for number in counted[start : start + 1_000]))
    return 0


# --- time


def date(call: Call) -> Program:
    moment = datetime.fromtimestamp(call.container.epoch, UTC) + timedelta(microseconds=(yield Now()))
    form = next((word[1:] for word in call.args if word.startswith("+")), "%a %b %e %H:%M:%S %Z %Y")
    yield from out(written(moment, form) + "\n")
    return 0


def written(moment: datetime, form: str) -> str:
    """A time as strftime writes it, in UTC and the C locale."""
    made = {
        "s": str(int(moment.timestamp())),
        "N": f"{moment.microsecond * 1_000:09}",
        "e": f"{moment.day:2}",
        "Z": "UTC",
        "z": "+0000",
        "F": f"{moment:%Y-%m-%d}",
        "T": f"{moment:%H:%M:%S}",
        "R": f"{moment:%H:%M}",
        "D": f"{moment:%m/%d/%y}",
        "n": "\n",
        "t": "\t",
        "%": "%",
    }
    plain = "aAbBdHIjmMpSuUwWyY"
    return re.sub(r"%(.)", lambda found: made.get(found[1]) or (moment.strftime("%" + found[1]) if found[1] in plain else found[0]), form)


# --- who and where


def env(call: Call) -> Program:
    """`env`, or `env NAME=value ... program`."""
    words, variables = list(call.args), dict(call.env)
    while words and words[0] in ("-i", "-u"):
        if words.pop(0) == "-i":
            variables = {}
        elif words:
            variables.pop(words.pop(0), None)
    while words and "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        variables[name] = value
    if not words:
        yield from out("".join(f"{name}={value}\n" for name, value in variables.items()))
        return 0
    found = call.lookup(words[0])
    if found is None:
        said = f"'{words[0]}': No such file or directory"
        return (yield from complain(call, call.words(said, f"can't execute {said}"), 127))
    return (
        yield from found(
            Call(words[0], words[1:], variables, call.container, call.files, call.limits, call.lookup, call.cwd, call.terminal)
        )
    )


def printenv(call: Call) -> Program:
    if not call.args:
        yield from out("".join(f"{name}={value}\n" for name, value in call.env.items()))
        return 0
    missing = [name for name in call.args if name not in call.env]
    yield from out("".join(f"{call.env[name]}\n" for name in call.args if name in call.env))
    return int(bool(missing))


def hostname(call: Call) -> Program:
    place, words = call.container, call.args
    if not words:
        yield from out(f"{place.hostname}\n")
        return 0
    if words[0] in ("-i", "-I", "--ip-address", "--all-ip-addresses"):
        yield from out(f"{place.ip}{' ' if words[0] in ('-I', '--all-ip-addresses') else ''}\n")
        return 0
    if words[0] in ("-f", "--fqdn", "-s", "-d"):
        line = next((each for each in place.hosts.splitlines() if each.startswith(f"{place.ip}\t")), "")
        full = line.split("\t")[1] if "\t" in line else place.hostname
        domain = full.partition(".")[2]
        yield from out({"-s": place.hostname.partition(".")[0], "-d": domain}.get(words[0], full) + "\n")
        return 0
    said = "you must be root to change the host name" if place.user else "sethostname: Operation not permitted"
    return (yield from complain(call, said))


def whoami(call: Call) -> Program:
    number = call.container.user
    name = user_name(call.container.image, number)
    if not name:
        return (yield from complain(call, f"{call.words('cannot find name for user ID', 'unknown uid')} {number}"))
    yield from out(f"{name}\n")
    return 0


def id_(call: Call) -> Program:
    """Of oneself. GNU's tells the first group first, busybox's in the kernel's order."""
    place, letters = call.container, "".join(word.lstrip("-") for word in call.args if word.startswith("-"))
    own = (place.user, user_name(place.image, place.user))
    listed = [(each, group_name(place.image, each)) for each in place.groups]
    groups = listed if call.busybox else sorted(listed, key=lambda each: each[0] != place.group)
    first = (place.group, group_name(place.image, place.group))
    if not letters:
        named = [f"{number}({name})" if name else str(number) for number, name in (own, first, *groups)]
        yield from out(f"uid={named[0]} gid={named[1]} groups={','.join(named[2:])}\n")
        return 0
    chosen = {"u": [own], "g": [first], "G": groups}.get(letters.replace("n", "").replace("r", ""), [])
    yield from out(" ".join(name or str(number) if "n" in letters else str(number) for number, name in chosen) + "\n")
    return 0


def uname(call: Call) -> Program:
    known = {"-s": "Linux", "-n": call.container.hostname, "-r": KERNEL, "-m": "x86_64", "": "Linux"}
    whole = f"Linux {call.container.hostname} {KERNEL} #1 SMP x86_64 {'Linux' if call.busybox else 'GNU/Linux'}"
    yield from out(f"{known.get(call.args[0] if call.args else '', whole)}\n")
    return 0


def basename(call: Call) -> Program:
    if not call.args:
        return (yield from misuse(call, "missing operand"))
    last = call.args[0].rstrip("/").rpartition("/")[2] or "/"
    end = call.args[1] if len(call.args) > 1 else ""
    yield from out(f"{last.removesuffix(end) if end and last != end else last}\n")
    return 0


def dirname(call: Call) -> Program:
    if not call.args:
        return (yield from misuse(call, "missing operand"))
    above, slash, _ = call.args[0].rstrip("/").rpartition("/")
    yield from out(f"{above or ('/' if slash or call.args[0].startswith('/') else '.')}\n")
    return 0


def which(call: Call) -> Program:
    missing = 0
    for name in call.args:
        if call.lookup(name) is None:
            missing = 1
        else:
            yield from out(f"{path_of(call.container.image, name)}\n")
    return missing


def not_here(call: Call) -> Generator[Ask, Any, int]:
    """A program that the image has, and that is not simulated."""
    where = "on a machine like this" if call.container.machine else "in this image"
    yield Write(2, f"switchyard: {call.name} is {where}, but this playground does not simulate it\n")
    return 126
