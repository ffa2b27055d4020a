"""What do the redirections of a command mean?  `<`, `<<`, `>`, `>>` and `>&`: the files are opened, the descriptors put in their places.

Source: POSIX XCU 2.7; what busybox ash, dash and bash say of a file that cannot be opened.
"""

from __future__ import annotations

from playground.terminal.programs.asks import Program
from playground.terminal.programs.call import absolute
from playground.terminal.programs.files import FileError
from playground.terminal.shell.expansion import Expansion
from playground.terminal.shell.state import Failure, State
from playground.terminal.shell.streams import CLOSED, Sink, redirected
from playground.terminal.shell.tree import Redirect

STREAMS = {"/dev/stdout": 1, "/dev/stderr": 2}


def wired(inner: Program, redirects: tuple[Redirect, ...], state: State, expansion: Expansion) -> Program:
    """A program with its input and output as they say. Raises Failure."""
    if not redirects:
        return (yield from inner)
    sinks: dict[int, Sink] = {1: 1, 2: 2}
    source: str | None = None
    for each in redirects:
        word = yield from expansion.text(each.word)
        if each.op == "<<":
            source = word
        elif each.op == "<":
            source = _read(state, word)
        elif each.op == ">&":
            sinks[each.fd] = CLOSED if word == "-" else _sink(sinks, word)
        elif each.op in (">", ">>"):
            sinks[each.fd] = sinks[STREAMS[word]] if word in STREAMS else _open(state, word, each.op == ">>")
    return (yield from redirected(inner, sinks, source, state.call.files))


def _sink(sinks: dict[int, Sink], word: str) -> Sink:
    if not word.isdigit() or int(word) not in sinks:
        raise Failure(f"{word}: bad file descriptor" if word.isdigit() else f"Bad fd number: {word}")
    return sinks[int(word)]


def _open(state: State, word: str, append: bool) -> str:
    path = absolute(state.cwd, word)
    try:
        state.call.files.write(path, "", append)
    except FileError as error:
        raise _cannot(state, word, "create", str(error)) from None
    return path


def _read(state: State, word: str) -> str:
    try:
        return state.call.files.read(absolute(state.cwd, word))
    except FileError as error:
        raise _cannot(state, word, "open", str(error)) from None


def _cannot(state: State, word: str, what: str, said: str) -> Failure:
    if state.flavour == "bash":
        return Failure(f"{word}: {said}")
    known = {"No such file or directory": "nonexistent directory" if what == "create" else "no such file"}
    text = f"can't {what} {word}: {known.get(said, said)}"
    if state.flavour == "ash":
        return Failure(text)
    named = {"No such file or directory": "Directory nonexistent" if what == "create" else "No such file"}
    return Failure(f"cannot {what} {word}: {named.get(said, said)}", 2)
