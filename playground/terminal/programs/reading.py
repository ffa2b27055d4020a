"""How does a program read its files?  Those that it was given, or standard input, with the complaints of its tools.

Source: sentences of GNU coreutils and of busybox.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from playground.terminal.programs.absent import known
from playground.terminal.programs.asks import Ask, Program, Write
from playground.terminal.programs.call import (
    Call,
    complain,
    misuse,
    read_all,
)
from playground.terminal.programs.files import IS_DIRECTORY, FileError
from playground.terminal.programs.options import BadOption

Reading = Generator[Ask, Any, str | None]


def wrong(call: Call, error: BadOption, code: int = 1) -> Program:
    if known(call.name, error.name):
        return (yield from complain(call, f"{error.dashed} is not simulated in this playground", code))
    return (yield from misuse(call, call.words(gnu(error), str(error)), code))


def gnu(error: BadOption) -> str:
    """What GNU's getopt says."""
    return f"unrecognized option '{error.dashed}'" if len(error.name) > 1 else str(error)


def file(call: Call, name: str) -> Reading:
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


def whole(call: Call, names: list[str]) -> Generator[Ask, Any, tuple[str, int]]:
    """All files, or standard input, as one text, and the exit code."""
    texts, status = [], 0
    for name in names or ["-"]:
        text = yield from file(call, name)
        if text is None:
            status = 1
        else:
            texts.append(text)
    return "".join(texts), status
