"""Which words and flags does a kubectl command have?  Read as pflag and cobra read them, with their complaints.

Source: github.com/spf13/pflag (flag.go, errors.go), github.com/spf13/cobra (command.go: ValidateRequiredFlags).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from playground.terminal.kubectl import unsimulated
from playground.terminal.kubectl.errors import Wrong

# name[/shorthand]:type, and =value for what a flag means that is given without one.
GLOBAL = """cache-dir:text cluster:text context:text disable-compression:switch kuberc:text log-flush-frequency:span match-server-version:switch
    namespace/n:text request-timeout:text server/s:text user:text help/h:switch"""
_SPAN = re.compile(r"[+-]?(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+")
_PART = re.compile(r"(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)")
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


class Unknown(ValueError):
    """No such flag; `name` is its name, or its letter."""

    def __init__(self, sentence: str, name: str):
        super().__init__(sentence)
        self.name = name


class Flag(msgspec.Struct, frozen=True):
    name: str
    short: str
    type: str
    bare: str | None

    @property
    def title(self) -> str:
        return f"-{self.short}, --{self.name}" if self.short else f"--{self.name}"


class Flags:
    """What was said, and the words that are no flags; `dash` is how many of them stand before `--`, or None."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.dash: int | None = None
        self._said: dict[str, Any] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._said

    def of(self, name: str, default: Any = None) -> Any:
        return self._said.get(name, default)

    def on(self, name: str) -> bool:
        return bool(self._said.get(name))

    def text(self, name: str, default: str = "") -> str:
        return str(self._said.get(name, default))

    def take(self, flag: Flag, value: Any) -> None:
        if flag.type in ("list", "array"):
            value = [*self._said.get(flag.name, ()), *value]
        self._said[flag.name] = value


def table(text: str) -> dict[str, Flag]:
    """The flags that a text lists, by name and by shorthand (`-n`)."""
    found: dict[str, Flag] = {}
    for word in text.split():
        names, _, kind = word.partition(":")
        kind, _, bare = kind.partition("=")
        name, _, short = names.partition("/")
        flag = Flag(name, short, kind, bare or ("true" if kind == "switch" else None))
        found |= {name: flag} | ({f"-{short}": flag} if short else {})
    return found


def read(command: str, words: list[str], known: dict[str, Flag]) -> Flags:
    """Part words from flags; raises Wrong."""
    try:
        return split(words, known)
    except ValueError as error:
        if isinstance(error, Unknown) and unsimulated.flag(command, error.name):
            raise Wrong(unsimulated.sentence(f"{command} {'-' if len(error.name) == 1 else '--'}{error.name}".lstrip())) from None
        raise Wrong(f"{error}\nSee 'kubectl{' ' if command else ''}{command} --help' for usage.") from None


def split(words: list[str], known: dict[str, Flag]) -> Flags:
    """The same; raises ValueError, with pflag's sentence."""
    flags = Flags()
    rest = iter(words)
    for word in rest:
        if word == "--":
            flags.dash = len(flags.words)
            flags.words += rest
        elif word.startswith("--"):
            _long(flags, known, word, rest)
        elif word.startswith("-") and len(word) > 1:
            _short(flags, known, word[1:], rest)
        else:
            flags.words.append(word)
    return flags


def _long(flags: Flags, known: dict[str, Flag], word: str, rest: Iterator[str]) -> None:
    name, equals, value = word[2:].partition("=")
    if not name or name[0] in "-=":
        raise ValueError(f"bad flag syntax: {word}")
    flag = known.get(name)
    if flag is None:
        raise Unknown(f"unknown flag: --{name}", name)
    given = value if equals else flag.bare if flag.bare is not None else next(rest, None)
    if given is None:
        raise ValueError(f"flag needs an argument: {word}")
    _set(flags, flag, given)


def _short(flags: Flags, known: dict[str, Flag], letters: str, rest: Iterator[str]) -> None:
    """`-it`, `-nkube-system`, `-n kube-system`, `-o=yaml`"""
    left = letters
    while left:
        flag = known.get(f"-{left[0]}")
        if flag is None:
            raise Unknown(f"unknown shorthand flag: '{left[0]}' in -{left}", left[0])
        if len(left) > 2 and left[1] == "=":
            return _set(flags, flag, left[2:])
        if flag.bare is not None:
            _set(flags, flag, flag.bare)
            left = left[1:]
            continue
        given = left[1:] or next(rest, None)
        if given is None:
            raise ValueError(f"flag needs an argument: '{left[0]}' in -{left}")
        return _set(flags, flag, given)
    return None


def _set(flags: Flags, flag: Flag, value: str) -> None:
    try:
        flags.take(flag, _READERS[flag.type](value))
    except ValueError as error:
        raise ValueError(f'invalid argument "{value}" for "{flag.title}" flag: {error}') from None


def required(flags: Flags, *names: str) -> None:
    missing = ", ".join(f'"{name}"' for name in names if name not in flags)
    if missing:
        raise Wrong(f"required flag(s) {missing} not set")


def _switch(value: str) -> bool:
    if value not in ("1", "t", "T", "true", "TRUE", "True", "0", "f", "F", "false", "FALSE", "False"):
        raise ValueError(f'strconv.ParseBool: parsing "{value}": invalid syntax')
    return value[0] in "1tT"


def _whole(value: str) -> int:
    digits = value.removeprefix("-").removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        raise ValueError(f'strconv.ParseInt: parsing "{value}": invalid syntax')
    return int(value)


def span(value: str) -> float:
    """A duration in seconds, as Go writes it: `1m30s`; raises ValueError."""
    if value == "0":
        return 0.0
    if not _SPAN.fullmatch(value):
        why = "missing unit in duration" if re.fullmatch(r"[+-]?\d+(\.\d*)?", value) else "invalid duration"
        raise ValueError(f'time: {why} "{value}"')
    seconds = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(value))
    return -seconds if value.startswith("-") else seconds


_READERS: dict[str, Callable[[str], Any]] = {
    "text": str,
    "switch": _switch,
    "whole": _whole,
    "span": span,
    "list": lambda value: value.split(",") if value else [],
    "array": lambda value: [value],
}
