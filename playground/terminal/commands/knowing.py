"""What in a command is not simulated?  Its programs, its volumes, and the files that an image may have or not, as far as nobody here can know.

Known is a program that this playground has, or that the image surely lacks; and a path where nothing lies but what was written there.
Simplified: of busybox, alpine, debian, ubuntu and curl it is known where they have files; of images that serve, only of fewer places, and of any
other image of /tmp alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from playground.kube.apiserver import tokenvolume
from playground.kube.apiserver.objects import JSON
from playground.kube.apiserver.pods import containers_of
from playground.kube.kubelet.files import mounts_of
from playground.kube.kubelet.images import SHELLS
from playground.terminal.commands.starting import AT_THE_TOP, TOP
from playground.terminal.programs.files import NULL
from playground.terminal.programs.images import image_of, surely_lacks
from playground.terminal.programs.processes import EXIT, signal_name
from playground.terminal.sessions.table import DIRECTORIES, PROGRAMS
from playground.terminal.shell.builtins import BUILTINS
from playground.terminal.shell.globbing import is_pattern
from playground.terminal.shell.grammar import readable
from playground.terminal.shell.tree import For, Literal, Redirect, Script, Simple, While, Word
from playground.terminal.shell.wording import UNTERMINATED, BadSyntax

CLIENTS = frozenset("pg_isready mysqladmin mariadb-admin redis-cli valkey-cli".split())
NOT_HERE = frozenset("kubectl switchyard".split())
# What they do hangs on words that only the run knows.
UNSEEN = frozenset("alias break command continue eval exec".split())
PREFIXES = frozenset("exec command".split())
# They only say their words, whatever these look like.
SAYING = frozenset("echo printf export curl wget sleep".split())
READING = frozenset("cat cd cut grep head ls sort tail test [ uniq wc".split())
# Nothing lies there but what the kubelet makes, and what was written.
EVERYWHERE = ("/tmp", "/var/tmp", "/dev", "/proc/1", "/proc/self", "/etc/resolv.conf", "/etc/hosts", "/etc/hostname", "/var/run/secrets")
MOSTLY = ("/home", "/media", "/mnt", "/opt", "/root", "/srv")
BASES, OF_BASES = frozenset("busybox alpine debian ubuntu curl".split()), ("/run", "/var/cache", "/var/lib", "/var/log", "/var/run")
# Of what lies there nothing is known, but they are there (in all of these images but busybox).
WRITTEN = frozenset({"/usr/share"})
# Where one of these stands, another shell may read what ours does not.
OF_OTHER_SHELLS = re.compile(r"\bfunction\b|\bselect\b|\bcoproc\b|\btime\b|\(\(|\[\[|[<>]\(|&>|=\(|\$'|\$\"|\|&|;&|\$\{")
NESTING, LONGEST = 20, 4_000


class Unknown(Exception):
    """There is something that is not simulated: the message says what, as it was written."""


class Check:
    """Of a container; `beside` is for what runs beside a command that is not known, which may have written anything. All methods raise Unknown."""

    def __init__(self, spec: JSON, slot: int, beside: bool = False) -> None:
        self._image = str(containers_of(spec)[slot].get("image", ""))
        self._mounts = tuple(each for each in mounts_of(spec, slot) if each.path != tokenvolume.PATH)
        self._beside = beside
        self._message_path = containers_of(spec)[slot].get("terminationMessagePath")

    def one(self, words: Sequence[str]) -> None:
        """A program and its arguments, without a shell."""
        self._program(words[0])
        self._arguments(name_of(words), words[1:])

    def all(self, value: Any) -> None:
        """All of a part of a script is known, and ends by itself."""
        for each in inside(value):
            if isinstance(each, While):
                if each.until or _said_first(each.condition) != "read":
                    raise Unknown("a loop that is part of a command line")
            elif isinstance(each, Redirect) and each.op in ("<", ">", ">>"):
                if each.op != ">" or not self._is_new(text_of(each.word)):
                    self._path(begin_of(each.word))
            elif isinstance(each, Simple) and each.words:
                self._simple(each)
            elif isinstance(each, For):
                self.patterns(each.words or ())

    def patterns(self, words: Sequence[Word]) -> None:
        """What lies where their patterns look is known."""
        for word in words:
            if any(isinstance(part, Literal) and not part.quoted and is_pattern(part.text) for part in word):
                self._path(re.split(r"[*?\[]", begin_of(word))[0].rpartition("/")[0] or "/")

    def _simple(self, command: Simple) -> None:
        name = said(command)
        words = [text_of(word) for word in command.words]
        if name in PREFIXES and len(words) > 1 and not words[1].startswith("-"):
            self._simple(Simple((), command.words[1:]))
        elif name == "trap":
            signals = [signal_name(word) for word in words[2:]]
            if not signals or EXIT in signals or "" in signals:
                raise Unknown("trap")
            self.all(parsed(words[1])[0] if words[1].strip("- ") else ())
        elif name == "tail" and follows(words) and words[-1] != NULL:
            raise Unknown("tail -f")
        elif name == "read" and any(re.fullmatch(r"-\w*[^\Wrp]\w*", word) for word in words[1:]):
            raise Unknown(" ".join(words[:2]))
        elif name == "command" and words[1:2] == ["-v"]:
            return
        elif name in UNSEEN or not name:
            raise Unknown(name or "$" + next((part.name for part in command.words[0] if hasattr(part, "name")), "(...)"))
        else:
            if name not in BUILTINS:
                self._program(name)
            self.patterns(command.words[1:])
            self._arguments(name, [begin_of(word) for word in command.words[1:]])

    def _program(self, word: str) -> None:
        """It can be run from here."""
        directory, slash, name = word.rpartition("/")
        if slash and directory not in DIRECTORIES:
            raise Unknown(word)
        programs = image_of(self._image).programs
        known = name in PROGRAMS and name not in SHELLS and name not in NOT_HERE and (name not in CLIENTS or name in programs)
        if not known and not surely_lacks(self._image, name):
            raise Unknown(word)

    def _arguments(self, name: str, words: Sequence[str]) -> None:
        if self._beside and name in READING:
            raise Unknown(name)
        for word in words if name not in SAYING else ():
            self._path(word)

    def _path(self, path: str) -> None:
        """What lies there is known; of a word that only the run tells its beginning is looked at."""
        if path == self._message_path:
            return
        mount = next((each for each in self._mounts if _is_in(path, each.path)), None)
        if mount is not None and not mount.shared:
            raise Unknown(f"the volume at {mount.path}")
        if not path.startswith("/") or path == "/" or (mount is not None and not self._beside):
            return
        if self._beside or not self._is_known(path):
            raise Unknown(path)

    def _is_new(self, path: str) -> bool:
        """It is written from its beginning, in a directory that is surely there."""
        image, mounted = image_of(self._image), any(_is_in(path, each.path) for each in self._mounts)
        return image.complete and image.name != "busybox" and not mounted and not self._beside and path.rpartition("/")[0] in WRITTEN

    def _is_known(self, path: str) -> bool:
        image = image_of(self._image)
        bases = image.complete and image.name in BASES
        if any(_is_in(path, each) for each in (*EVERYWHERE, *(MOSTLY if image.complete else ()), *(OF_BASES if bases else ()))):
            return True
        top = path.split("/")[1]
        return image.complete and top not in TOP and top not in AT_THE_TOP


def script_of(words: Sequence[str]) -> tuple[str, tuple[str, ...]] | None:
    """The text after `-c` of a shell, with the options that stand before it set by itself, and the words behind it: the shell's name and its
    arguments. None where there is none. Raises Unknown."""
    letters = ""
    for place, word in enumerate(words[1:], 1):
        if not re.fullmatch(r"-[a-z]+", word):
            raise Unknown(f"{name_of(words)} {word}"[:LONGEST])
        letters += word[1:]
        if word.endswith("c"):
            if place + 1 >= len(words) or set(letters) - set("ceux"):
                raise Unknown(" ".join(words[: place + 1]))
            options = "".join(letter for letter in "eux" if letter in letters)
            return (f"set -{options}\n" if options else "") + words[place + 1], tuple(words[place + 2 :])
    return None


def parsed(text: str) -> tuple[Script, BadSyntax | None]:
    """What a shell reads of it, and what it then stops at, as far as every shell would. Raises Unknown."""
    if len(text) > LONGEST:
        raise Unknown("so long a script")
    script, wrong = readable(text, NESTING)
    if wrong is not None and (wrong.said not in ("", UNTERMINATED) or OF_OTHER_SHELLS.search(text)):
        raise Unknown(wrong.said.partition(" are not")[0] if " are not" in wrong.said else "its script")
    return script, wrong


def name_of(words: Sequence[str]) -> str:
    return words[0].rpartition("/")[2]


def follows(words: Sequence[str]) -> bool:
    """It is a tail that goes on for ever."""
    return bool(words) and name_of(words) == "tail" and any(re.fullmatch(r"-\w*[fF]\w*", word) for word in words[1:])


def said(command: Simple) -> str:
    """The name of what it runs, "" where only the run tells, ":" of nothing, "=" where it only assigns or opens a file."""
    return text_of(command.words[0]) if command.words else ":" if not command.assigns and not command.redirects else "="


def text_of(word: Word) -> str:
    """A word that is written out, "" where only the run tells."""
    return begin_of(word) if all(isinstance(part, Literal) for part in word) else ""


def begin_of(word: Word) -> str:
    """As much of a word as is written out at its beginning."""
    found = []
    for part in word:
        if not isinstance(part, Literal):
            break
        found.append(part.text)
    return "".join(found)


def inside(value: Any) -> Iterator[Any]:
    """All that a part of a script is made of, itself included."""
    yield value
    parts = value if isinstance(value, tuple) else [getattr(value, name) for name in getattr(value, "__struct_fields__", ())]
    for part in parts:
        if isinstance(part, tuple | msgspec.Struct):
            yield from inside(part)


def _said_first(script: Script) -> str:
    command = script.chains[0].first.commands[0] if script.chains else None
    return said(command) if isinstance(command, Simple) else ""


def _is_in(path: str, directory: str) -> bool:
    return path == directory or path.startswith(f"{directory}/")
