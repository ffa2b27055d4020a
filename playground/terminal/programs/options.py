"""Which options and operands does a command line have?  As getopt reads it: letters may be put together, a value may stand apart.

Source: getopt(3). Sentences: GNU's and busybox's getopt.
"""

from __future__ import annotations

import msgspec


class BadOption(Exception):
    """The message is busybox's getopt's; `name` is the letter or the long name of an option that is not known, "" where one is."""

    def __init__(self, message: str, name: str = "") -> None:
        super().__init__(message)
        self.name = name

    @property
    def dashed(self) -> str:
        return f"-{self.name}" if len(self.name) == 1 else f"--{self.name}"


class Options(msgspec.Struct):
    """`flags` by letter or long name, each with its last value ("" for a switch), and all its values in `given`; `rest` are the operands."""

    flags: dict[str, str]
    rest: list[str]
    given: dict[str, list[str]] = {}

    def has(self, *names: str) -> bool:
        return any(name in self.flags for name in names)

    def all(self, name: str) -> list[str]:
        return self.given.get(name, [])

    def of(self, *names: str, default: str = "") -> str:
        return next((self.flags[name] for name in names if name in self.flags), default)


def options(args: list[str], switches: str = "", valued: str = "", long: dict[str, str] | None = None, stops: bool = False) -> Options:
    """Read options: `switches` and `valued` are letters, `long` says of long names which letter they stand for. With
    `stops` the first operand ends them. Raises BadOption."""
    found = Options({}, [])
    words = list(args)
    while words:
        word = words.pop(0)
        if word == "--":
            break
        if word.startswith("--"):
            _long(found, word, words, long or {}, valued)
        elif word.startswith("-") and len(word) > 1:
            _short(found, word, words, switches, valued)
        else:
            found.rest.append(word)
            if stops:
                break
    found.rest += words
    return found


def _long(found: Options, word: str, words: list[str], long: dict[str, str], valued: str) -> None:
    name, sign, value = word[2:].partition("=")
    letter = long.get(name)
    if letter is None:
        raise BadOption(f"unrecognized option: {name}", name)
    if letter in valued and not sign:
        if not words:
            raise BadOption(f"option requires an argument: {name}")
        value = words.pop(0)
    found.flags[letter] = value
    found.given.setdefault(letter, []).append(value)


def _short(found: Options, word: str, words: list[str], switches: str, valued: str) -> None:
    for place, letter in enumerate(word[1:], 2):
        if letter in valued:
            if not word[place:] and not words:
                raise BadOption(f"option requires an argument -- '{letter}'")
            found.flags[letter] = word[place:] or words.pop(0)
            found.given.setdefault(letter, []).append(found.flags[letter])
            return
        if letter not in switches:
            raise BadOption(f"invalid option -- '{letter}'", letter)
        found.flags[letter] = ""
