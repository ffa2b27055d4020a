"""How is a shell begun?  With a script in an argument, in a file, or with commands from its input.

Source: POSIX XCU sh.
Simplified: of the options only -c, -e, -u, -x and -i.
"""

from __future__ import annotations

from playground.terminal.programs.asks import Program, Write
from playground.terminal.programs.call import Call
from playground.terminal.programs.files import FileError
from playground.terminal.shell.shell import BAD_SYNTAX, NOT_FOUND, Shell
from playground.terminal.shell.state import State, flavour_of, surroundings

OPTIONS = {"e": "errexit", "u": "nounset", "x": "xtrace"}


def sh(call: Call) -> Program:
    """`sh -c SCRIPT`, `sh FILE`, or commands from its input, with a prompt on a terminal."""
    known = surroundings(call.env, call.cwd, flavour_of(call))
    state = State(call, call.name, {**known, "IFS": " \t\n"}, dict.fromkeys(known), [], call.cwd)
    letters, words = _options(call.args)
    for letter in letters:
        if letter in OPTIONS:
            setattr(state, OPTIONS[letter], True)
    shell = Shell(state)
    if "c" in letters:
        if not words:
            yield Write(2, f"{call.name}: {'option requires an argument -- c' if call.busybox else '0: -c requires an argument'}\n")
            return BAD_SYNTAX
        state.name, state.words = (words[1] if len(words) > 1 else call.name), words[2:]
        return (yield from shell.main(words[0]))
    if words:
        return (yield from _file(shell, words))
    state.interactive = call.terminal or "i" in letters
    return (yield from shell.dialogue())


def _options(args: list[str]) -> tuple[str, list[str]]:
    letters = ""
    while args and args[0].startswith("-") and len(args[0]) > 1:
        word, args = args[0], args[1:]
        if word == "--":
            break
        letters += word.lstrip("-") if not word.startswith("--") else ""
    return letters, args


def _file(shell: Shell, words: list[str]) -> Program:
    state = shell.state
    try:
        text = state.call.files.read(state.call.path(words[0]))
    except FileError as error:
        yield Write(2, f"{state.name}: {'0: ' if state.flavour == 'dash' else ''}can't open '{words[0]}': {error}\n")
        return NOT_FOUND
    state.name, state.words = words[0], words[1:]
    return (yield from shell.main(text))
