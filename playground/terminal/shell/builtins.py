"""What does a shell do itself?  The commands that change it, and those that every shell has built in.

Source: POSIX XCU 2.14 (Special Built-In Utilities); ash.c, dash.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from playground.terminal.programs.asks import Program, Write
from playground.terminal.programs.call import absolute, number_of, out
from playground.terminal.programs.processes import kill, signal_name
from playground.terminal.programs.small import echo, false, printf, true
from playground.terminal.programs.whereabouts import path_of
from playground.terminal.shell.grammar import NAME
from playground.terminal.shell.splitting import BLANKS, Line
from playground.terminal.shell.state import Break, Exit, Failure
from playground.terminal.shell.testing import test

if TYPE_CHECKING:
    from playground.terminal.shell.shell import Shell

Builtin = Callable[["Shell", list[str]], Program]
DEEPEST_LOOP = 1_000
# What is assigned before one of these stays.
SPECIAL = frozenset("break : continue eval exec exit export set shift trap unset".split())
CONTINUED = re.compile(r"(?<!\\)(\\\\)*\\\n$")


def _plain(name: str, runs: Callable[..., Program]) -> Builtin:
    """A program that the shell has built in, and that complains as the shell does."""

    def run(shell: Shell, words: list[str]) -> Program:
        state = shell.state
        title = state.name if state.flavour == "ash" else state.says(name).removesuffix("\n")
        return runs(msgspec.structs.replace(shell.call([name, *words]), title=title))

    return run


def _pwd(shell: Shell, words: list[str]) -> Program:
    yield Write(1, f"{shell.state.cwd}\n")
    return 0


def _cd(shell: Shell, words: list[str]) -> Program:
    state = shell.state
    word = words[0] if words else state.variables.get("HOME", "/")
    word = state.variables.get("OLDPWD", state.cwd) if word == "-" else word
    path = absolute(state.cwd, word)
    files = state.call.files
    if files.is_closed(path) or (not files.is_directory(path) and path != state.variables.get("HOME")):
        why = "Permission denied" if files.is_closed(path) else "Not a directory" if files.is_file(path) else "No such file or directory"
        said = {"bash": f"{word}: {why}", "ash": f"can't cd to {word}: {why}"}.get(state.flavour, f"can't cd to {word}")
        raise Failure(state.builtin("cd", said), 1 if state.flavour == "bash" else 2)
    state.variables["OLDPWD"], state.cwd = state.cwd, path
    state.variables["PWD"] = path
    state.exported["OLDPWD"] = None
    yield from out(f"{path}\n" if words[:1] == ["-"] else "")
    return 0


def _exit(shell: Shell, words: list[str]) -> Program:
    code = number_of(words[0]) if words else shell.state.status
    if code is None or code < 0:
        raise Failure(shell.state.builtin("exit", f"Illegal number: {words[0]}"), 2, fatal=True)
    yield from ()
    raise Exit(code & 255)


def _leave(again: bool) -> Builtin:
    def leave(shell: Shell, words: list[str]) -> Program:
        levels = number_of(words[0]) if words else 1
        if levels is None or not 1 <= levels <= DEEPEST_LOOP:
            raise Failure(shell.state.builtin("continue" if again else "break", f"Illegal number: {words[0]}"), 2, fatal=True)
        yield from ()
        if not shell.state.loops:
            return 0
        raise Break(levels, again)

    return leave


def _export(shell: Shell, words: list[str]) -> Program:
    state = shell.state
    if not [word for word in words if word != "-p"]:
        yield from out("".join(f"export {name}='{state.variables.get(name, '')}'\n" for name in sorted(state.exported)))
    for word in words:
        name, sign, text = word.partition("=")
        if word == "-p":
            continue
        _check(shell, "export", name)
        state.exported[name] = None
        if sign:
            state.variables[name] = text
    return 0


def _unset(shell: Shell, words: list[str]) -> Program:
    for word in words:
        if word not in ("-v", "-f"):
            _check(shell, "unset", word)
            shell.state.variables.pop(word, None)
            shell.state.exported.pop(word, None)
    yield from ()
    return 0


def _check(shell: Shell, builtin: str, name: str) -> None:
    if not NAME.fullmatch(name):
        said = f"`{name}': not a valid identifier" if shell.state.flavour == "bash" else f"{name}: bad variable name"
        raise Failure(shell.state.builtin(builtin, said), 2, fatal=True)


def _set(shell: Shell, words: list[str]) -> Program:
    state = shell.state
    if not words:
        yield from out("".join(f"{name}='{text}'\n" for name, text in sorted(state.variables.items())))
    names = {"e": "errexit", "u": "nounset", "x": "xtrace"}
    long = {name: name for name in names.values()} | ({} if state.flavour == "dash" else {"pipefail": "pipefail"})
    while words and words[0][:1] in ("-", "+") and words[0] != "--":
        word, words = words[0], words[1:]
        if word.endswith("o"):
            option, words = (words[0] if words else ""), words[1:]
            if option not in long:
                said = {"bash": f"{option}: invalid option name", "ash": f"illegal option -o {option}"}
                raise Failure(state.builtin("set", said.get(state.flavour, f"Illegal option -o {option}")), 2, fatal=True)
            setattr(state, long[option], word[0] == "-")
        for letter in word[1:].removesuffix("o"):
            if letter not in names:
                said = {"bash": f"-{letter}: invalid option", "ash": f"illegal option -{letter}"}.get(
                    state.flavour, f"Illegal option -{letter}"
                )
                raise Failure(state.builtin("set", said), 2, fatal=True)
            setattr(state, names[letter], word[0] == "-")
    if words[:1] == ["--"]:
        state.words = words[1:]
    elif words:
        state.words = words
    return 0


def _trap(shell: Shell, words: list[str]) -> Program:
    """What to do at a signal, or at the end; `-` is what is usual, "" is nothing."""
    traps, words = shell.state.traps, words[1:] if words[:1] == ["--"] else words
    if not words:
        yield from out("".join(f"trap -- '{text}' {name}\n" for name, text in traps.items()))
        return 0
    action, names = (words[0], words[1:]) if len(words) > 1 else ("-", words)
    for word in names:
        name = signal_name(word)
        if not name:
            said = f"{word}: invalid signal specification" if shell.state.flavour == "ash" else f"{word}: bad trap"
            yield Write(2, shell.state.says(f"trap: {said}"))
            return 1
        traps.pop(name, None)
        if action != "-":
            traps[name] = action
    return 0


def _shift(shell: Shell, words: list[str]) -> Program:
    count = number_of(words[0]) if words else 1
    yield from ()
    if count is None or not 0 <= count <= len(shell.state.words):
        if shell.state.flavour != "dash":
            return 1
        raise Failure("shift: can't shift that many", 2, fatal=True)
    shell.state.words = shell.state.words[count:]
    return 0


def _read(shell: Shell, words: list[str]) -> Program:
    """One line, split into the variables named. Simplified: no -t, -n, -d, -s and -u."""
    state, raw, prompt = shell.state, False, ""
    while words and words[0].startswith("-") and len(words[0]) > 1:
        word, words = words[0], words[1:]
        for letter in word[1:]:
            if letter not in "rp":
                raise Failure(state.builtin("read", f"-{letter} is not simulated here"), 2)
        raw = raw or "r" in word
        if "p" in word:
            prompt, words = (words[0] if words else ""), words[1:]
    names = words or ["REPLY"]
    if state.call.terminal and prompt:
        yield Write(2, prompt)
    line = yield from shell.lines.next()
    while not raw and line is not None and CONTINUED.search(line):
        line = line[:-2] + ((yield from shell.lines.next()) or "")
    fields = Line((line or "").removesuffix("\n"), raw).fields(len(names), state.variables.get("IFS", BLANKS))
    for place, name in enumerate(names):
        _check(shell, "read", name)
        state.variables[name] = fields[place] if place < len(fields) else ""
    return 0 if line is not None and line.endswith("\n") else 1


def _command(shell: Shell, words: list[str]) -> Program:
    """`command -v name` says what a name is; `command name` runs it."""
    if words[:1] not in (["-v"], ["-V"]):
        return (yield from shell._begin(words, {})) if words else 0
    for name in words[1:]:
        if name in BUILTINS:
            yield Write(1, f"{name}\n")
        elif shell.state.call.lookup(name) is not None:
            yield Write(1, f"{path_of(shell.state.call.container.image, name)}\n")
        else:
            return 127
    return 0


def _type(shell: Shell, words: list[str]) -> Program:
    status = 0
    for name in words:
        if name in BUILTINS:
            yield Write(1, f"{name} is a shell builtin\n")
        elif shell.state.call.lookup(name) is not None:
            yield Write(1, f"{name} is {path_of(shell.state.call.container.image, name)}\n")
        else:
            yield Write(1, f"{name}: not found\n")
            status = 127
    return status


def _exec(shell: Shell, words: list[str]) -> Program:
    raise Exit((yield from shell._begin(words, {}))) if words else Failure("exec: redirections alone are not simulated here", 2)


def _alias(shell: Shell, words: list[str]) -> Program:
    yield from ()
    raise Failure("alias: aliases are not simulated here", 2)


def _eval(shell: Shell, words: list[str]) -> Program:
    return (yield from shell._run_text(" ".join(words)))


BUILTINS: dict[str, Builtin] = {
    "alias": _alias,
    ":": _plain("true", true),
    "true": _plain("true", true),
    "false": _plain("false", false),
    "echo": _plain("echo", echo),
    "printf": _plain("printf", printf),
    "test": _plain("test", test),
    "[": _plain("[", test),
    "kill": _plain("kill", kill),
    "pwd": _pwd,
    "cd": _cd,
    "exit": _exit,
    "break": _leave(False),
    "continue": _leave(True),
    "export": _export,
    "unset": _unset,
    "set": _set,
    "trap": _trap,
    "shift": _shift,
    "read": _read,
    "command": _command,
    "type": _type,
    "exec": _exec,
    "eval": _eval,
}
