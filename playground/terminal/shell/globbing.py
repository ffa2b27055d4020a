"""Which files does a pattern stand for?  `*`, `?` and `[ ]` in the names that a path is made of; without any such file it stands for itself.

Source: POSIX XCU 2.13.3 (Patterns Used for Filename Expansion).
Simplified: `.*` does not stand for the directory itself and the one above it.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from playground.terminal.programs.container import absolute
from playground.terminal.programs.files import Files

MAGIC = re.compile(r"[*?]|\[[^\]]+\]")
QUOTED = re.compile(r"\[[*?\[]\]")


def quoted(text: str) -> str:
    """As a part of a pattern that stands for itself."""
    return re.sub(r"([*?\[])", r"[\1]", text)


def is_pattern(text: str) -> bool:
    return bool(MAGIC.search(QUOTED.sub("", text)))


def paths(text: str, pattern: str, cwd: str, files: Files) -> list[str]:
    """The files that a word stands for, in order: what it says, and the same as a pattern."""
    if not is_pattern(pattern):
        return [text]
    begun = [""]
    pieces = list(zip(text.split("/"), pattern.split("/"), strict=True))
    for place, (name, wanted) in enumerate(pieces):
        begun = [f"{each}/" for each in begun] if place else begun
        if is_pattern(wanted):
            begun = [each + found for each in begun for found in _named(wanted, absolute(cwd, each), files)]
        else:
            begun = [each + name for each in begun]
    return sorted(each for each in begun if _is_there(each, cwd, files)) or [text]


def _named(wanted: str, directory: str, files: Files) -> list[str]:
    hidden = wanted.startswith(".")
    return [each for each in files.within(directory) if fnmatchcase(each, wanted) and each.startswith(".") is hidden]


def _is_there(path: str, cwd: str, files: Files) -> bool:
    whole = absolute(cwd, path)
    return files.is_directory(whole) if path.endswith("/") else files.exists(whole)
