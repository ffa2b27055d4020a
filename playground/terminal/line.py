"""Which words and flags does a line have?  Split as a shell does, flags as kubectl reads them.

Source: github.com/spf13/pflag; the sentences of its errors. Simplified: no variables, pipes or several commands.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from playground.terminal.errors import BadWords, unknown

Reader = Callable[[str], Any]
LONGEST = 4096
SHORT = {"n": "namespace", "p": "patch", "l": "labels", "c": "container"}


def split(line: str) -> list[str]:
    """The words of a line, unquoted. Raises BadWords."""
    if len(line) > LONGEST:
        raise BadWords(f"a line of {len(line):,} characters is too long: at most {LONGEST:,} are read")
    try:
        words = shlex.split(line, comments=True)
    except ValueError as error:
        raise BadWords(f"{error}: a quote or a backslash is never closed") from None
    return words[1:] if words[:1] == ["kubectl"] else words


class Flags:
    """What was said with `--name`, by name; `of` gives the default for what was not said."""

    def __init__(self) -> None:
        self._said: dict[str, Any] = {}

    def set(self, name: str, value: Any) -> None:
        self._said[name] = value

    def of(self, name: str, default: Any = None) -> Any:
        return self._said.get(name, default)

    def required(self, *names: str) -> None:
        missing = [f'"{name}"' for name in names if name not in self._said]
        if missing:
            raise BadWords(f"required flag(s) {', '.join(missing)} not set")


def flags_of(words: list[str], known: Mapping[str, Reader]) -> tuple[list[str], Flags]:
    """Part words from flags; `known` says which flags there are and how each reads its value (`switch` needs none)."""
    plain: list[str] = []
    flags = Flags()
    rest = iter(words)
    for word in rest:
        if word == "--":
            plain += rest
        elif word.startswith("--"):
            name, _, value = word[2:].partition("=")
            _take(flags, known, f"--{name}", name, value if "=" in word else None, rest)
        elif word.startswith("-") and len(word) > 1:
            _take(flags, known, word[:2], SHORT.get(word[1], ""), word[2:].removeprefix("=") or None, rest)
        else:
            plain.append(word)
    return plain, flags


def _take(flags: Flags, known: Mapping[str, Reader], said: str, name: str, value: str | None, rest: Iterator[str]) -> None:
    reader = known.get(name)
    if reader is None:
        what = f"unknown flag: {said}" if said.startswith("--") else f"unknown shorthand flag: '{said[1]}' in {said}"
        raise BadWords(f"{what}; {unknown('known here', f'--{name}', (f'--{each}' for each in known))}")
    if value is None:
        value = "true" if reader is switch else "background" if name == "cascade" else next(rest, None)
    if value is None:
        where = f"{said}" if said.startswith("--") else f"'{said[1]}' in {said}"
        raise BadWords(f"flag needs an argument: {where}")
    try:
        flags.set(name, reader(value))
    except ValueError as error:
        raise BadWords(f'invalid argument "{value}" for "{said}" flag: {error}') from None


# --- how flags read their values


def switch(value: str) -> bool:
    if value not in ("true", "false"):
        raise ValueError("it is true or false")
    return value == "true"


def whole(value: str) -> int:
    if not (value.removeprefix("-").isdecimal() and len(value) < 10):
        raise ValueError("it must be a whole number")
    return int(value)


def number(value: str) -> float:
    try:
        read = float(value)
    except ValueError:
        raise ValueError("it must be a number") from None
    if not 0 < read < 1e9:
        raise ValueError("it must be more than 0")
    return read


def pairs(value: str) -> dict[str, str]:
    """`app=frontend,tier=web`"""
    each = [pair.partition("=") for pair in value.split(",")]
    if not all(key and sign for key, sign, _ in each):
        raise ValueError("it must be key=value, with commas between several")
    return {key: text for key, _, text in each}


def port_number(value: str) -> int:
    port = whole(value)
    if not 1 <= port <= 65535:
        raise ValueError("a port is a number from 1 to 65535")
    return port


def one_of(*allowed: str) -> Reader:
    def read(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return value

    return read
