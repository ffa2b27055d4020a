"""How is a script run?  Command by command; every program is a generator, and so is the shell that runs it.

Source: POSIX XCU 2 (Shell Command Language), sh; exit codes as of 2.8.2 (126 cannot be run, 127 not found).
Simplified: the programs of a pipeline take turns.
"""

from __future__ import annotations

from collections.abc import Generator
from fnmatch import fnmatchcase
from functools import reduce
from typing import Any

from playground.terminal.programs.asks import Ask, Interrupted, Program, Turn, Write
from playground.terminal.programs.call import Call, Lines
from playground.terminal.programs.limits import Exhausted
from playground.terminal.programs.processes import EXIT
from playground.terminal.shell.builtins import BUILTINS, SPECIAL
from playground.terminal.shell.expansion import Expansion
from playground.terminal.shell.grammar import parse, readable
from playground.terminal.shell.redirections import wired
from playground.terminal.shell.state import Break, Exit, Failure, State
from playground.terminal.shell.streams import captured, piped
from playground.terminal.shell.tree import Case, Chain, Command, For, Group, If, Pipeline, Script, Simple, While, Word
from playground.terminal.shell.wording import BadSyntax

INTERRUPTED, BAD_SYNTAX, CANNOT_RUN, NOT_FOUND = 130, 2, 126, 127
Texts = Generator[Ask, Any, str]


class Shell:
    def __init__(self, state: State) -> None:
        self.state = state
        self.lines = Lines(state.call)
        self._limits = state.call.limits
        self._expansion = Expansion(state, self._capture)

    def words(self, words: tuple[Word, ...]) -> Generator[Ask, Any, list[str]]:
        """What some words stand for now."""
        return (yield from self._expansion.fields(words))

    # --- whole scripts

    def main(self, text: str) -> Program:
        """A script from beginning to end."""
        try:
            code = yield from self._run_text(text)
        except Exit as exit_:
            code = exit_.code
        except Break:
            code = self.state.status
        return (yield from self.at_end(code))

    def at_end(self, code: int) -> Program:
        """The shell ends, with this code unless its trap says another."""
        action = self.state.traps.pop(EXIT, "")
        self.state.status = code
        try:
            yield from self._run_text(action) if action else ()
        except Exit as exit_:
            return exit_.code
        except Break:
            pass
        return code

    def signalled(self, name: str) -> Program:
        """What it was told to do at a signal. Raises Exit where that ends it."""
        status = self.state.status
        yield from self._run_text(self.state.traps[name])
        self.state.status = status
        return status

    def dialogue(self) -> Program:
        """Commands from the input, one after the other."""
        text = ""
        while True:
            if self.state.interactive:
                yield Write(2 if not self.state.call.terminal else 1, self._prompt(text))
            try:
                line = yield from self.lines.next()
                if line is None:
                    if text:
                        yield from self._run_text(text)
                    return self.state.status
                text += line
                if not self._is_open(text):
                    whole, text = text, ""
                    yield from self._run_text(whole)
            except Exit as exit_:
                return exit_.code
            except Interrupted:
                if not self.state.interactive:
                    raise
                text, self.state.status, self.state.tested, self.state.loops, self.state.depth = "", INTERRUPTED, 0, 0, 0
            except Break:
                continue

    def _prompt(self, text: str) -> str:
        if text:
            return "> "
        state, root = self.state, self.state.call.container.user == 0
        mark = "#" if root else "$"
        if state.flavour == "ash":
            home = state.variables.get("HOME", "")
            return f"{'~' if state.cwd == home else state.cwd} {mark} "
        return (
            f"{'root' if root else 'I have no name!'}@{state.call.container.hostname.partition('.')[0]}:{state.cwd}{mark} "
            if state.flavour == "bash"
            else f"{mark} "
        )

    def _is_open(self, text: str) -> bool:
        try:
            parse(text, self._limits.nesting, complete=False)
        except BadSyntax as error:
            return error.open_ended and len(text) <= self._limits.script
        return text.endswith("\\\n")

    def _run_text(self, text: str) -> Program:
        if len(text) > self._limits.script:
            raise Exhausted(self._limits, "script", "the script is too long")
        script, wrong = readable(text, self._limits.nesting)
        status = yield from self._script(script)
        if wrong is None:
            return status
        yield Write(2, self.state.wrong_syntax(wrong))
        self.state.status = BAD_SYNTAX
        if not self.state.interactive:
            raise Exit(BAD_SYNTAX)
        return BAD_SYNTAX

    # --- what a script is made of

    def _script(self, script: Script) -> Program:
        status = 0 if not script.chains else self.state.status
        for chain in script.chains:
            status = yield from self._chain(chain)
        return status

    def _chain(self, chain: Chain) -> Program:
        state = self.state
        pipelines = [("", chain.first), *chain.rest]
        status = state.status
        for place, (op, pipeline) in enumerate(pipelines):
            if (op == "&&" and status != 0) or (op == "||" and status == 0):
                continue
            tested = place < len(pipelines) - 1 or pipeline.negated
            state.tested += tested
            status = state.status = yield from self.pipeline(pipeline)
            state.tested -= tested
            if status and state.errexit and not tested and not state.tested:
                raise Exit(status)
        return status

    def pipeline(self, pipeline: Pipeline) -> Program:
        """One command line. Raises Exit where it ends the shell."""
        if len(pipeline.commands) == 1:
            status = yield from self._command(pipeline.commands[0])
        else:
            ended: list[int] = []
            parts = [_noted(self._apart(command), ended) for command in pipeline.commands]
            status = yield from reduce(lambda left, right: piped(left, right, self._limits), parts)
            status = status or next((each for each in ended if each), 0) if self.state.pipefail else status
        return int(not status) if pipeline.negated else status

    def _apart(self, command: Command) -> Program:
        """A command in a subshell."""
        return Shell(self.state.copy())._subshell(command)

    def _subshell(self, command: Command) -> Program:
        try:
            return (yield from self._command(command))
        except Exit as exit_:
            return exit_.code
        except Break:
            return 0

    def _capture(self, state: State, script: Script) -> Texts:
        """What a script prints, run in a subshell; its exit code becomes that of the last command."""
        inner = Shell(state.copy())
        text, state.status = yield from captured(inner._subshell(Group(script, False)), self._limits)
        return text

    def _command(self, command: Command) -> Program:
        """One command, with its redirections; what it cannot begin is told."""
        self.state.depth += 1
        if self.state.depth > self._limits.nesting:
            raise Exhausted(self._limits, "nesting", "commands are too deep inside each other")
        try:
            if isinstance(command, Simple):
                return (yield from self._simple(command))
            return (yield from wired(self._compound(command), command.redirects, self.state, self._expansion))
        except Failure as failure:
            yield Write(2, self.state.says(str(failure)))
            self.state.status = failure.code
            if failure.fatal and not self.state.interactive:
                raise Exit(failure.code) from None
            return failure.code
        finally:
            self.state.depth -= 1

    def _compound(self, command: Command) -> Program:
        yield Turn()
        if isinstance(command, Group):
            if command.subshell:
                return (yield from self._apart(Group(command.body, False)))
            return (yield from self._script(command.body))
        if isinstance(command, If):
            return (yield from self._if(command))
        if isinstance(command, While):
            return (yield from self._while(command))
        if isinstance(command, For):
            return (yield from self._for(command))
        assert isinstance(command, Case)
        return (yield from self._case(command))

    def _condition(self, script: Script) -> Generator[Ask, Any, bool]:
        self.state.tested += 1
        status = yield from self._script(script)
        self.state.tested -= 1
        return status == 0

    def _if(self, command: If) -> Program:
        for condition, then in command.branches:
            if (yield from self._condition(condition)):
                return (yield from self._script(then))
        return (yield from self._script(command.otherwise)) if command.otherwise is not None else 0

    def _while(self, command: While) -> Program:
        status = 0
        while (yield from self._condition(command.condition)) is not command.until:
            status, goes_on = yield from self._turn(command.body)
            if not goes_on:
                break
        return status

    def _for(self, command: For) -> Program:
        words = self.state.words if command.words is None else (yield from self._expansion.fields(command.words))
        status = 0
        for word in words:
            self.state.variables[command.name] = word
            status, goes_on = yield from self._turn(command.body)
            if not goes_on:
                break
        return status

    def _turn(self, body: Script) -> Generator[Ask, Any, tuple[int, bool]]:
        """One turn of a loop: its status, and whether the loop goes on."""
        state = self.state
        yield Turn()
        state.loops += 1
        tested, depth = state.tested, state.depth
        try:
            return (yield from self._script(body)), True
        except Break as leaving:
            state.status, state.tested, state.depth = 0, tested, depth
            if leaving.levels > 1 and state.loops > 1:
                raise Break(leaving.levels - 1, leaving.again) from None
            return 0, leaving.again
        finally:
            state.loops -= 1

    def _case(self, command: Case) -> Program:
        word = yield from self._expansion.text(command.word)
        for patterns, script in command.arms:
            for each in patterns:
                if fnmatchcase(word, (yield from self._expansion.pattern(each))):
                    return (yield from self._script(script))
        return 0

    # --- simple commands

    def _simple(self, command: Simple) -> Program:
        state = self.state
        yield Turn()
        words = yield from self._expansion.fields(command.words)
        if not words:
            return (yield from self._assign(command))
        assigned = {}
        for name, word in command.assigns:
            assigned[name] = yield from self._expansion.text(word)
        if state.xtrace:
            yield Write(2, f"+ {' '.join([*(f'{name}={text}' for name, text in assigned.items()), *words])}\n")
        return (yield from wired(self._begin(words, assigned), command.redirects, self.state, self._expansion))

    def _assign(self, command: Simple) -> Program:
        """Only assignments: the status is that of the last command substitution, if there is one."""
        state = self.state
        state.status = 0
        for name, word in command.assigns:
            text = yield from self._expansion.text(word)
            state.variables[name] = text
            if state.xtrace:
                yield Write(2, f"+ {name}={text}\n")
        status = state.status
        yield from wired(_nothing(), command.redirects, self.state, self._expansion)
        return status

    def _begin(self, words: list[str], assigned: dict[str, str]) -> Program:
        """Run a builtin or a program."""
        state, name = self.state, words[0]
        if name in BUILTINS:
            return (yield from self._builtin(name, words[1:], assigned))
        runs = state.call.lookup(name)
        if runs is None:
            path = state.call.path(name)
            if "/" in name and state.call.files.exists(path):
                yield Write(2, state.says(f"{name}: Permission denied"))
                return CANNOT_RUN
            yield Write(2, state.not_found(name))
            return NOT_FOUND
        return (yield from runs(self.call(words, assigned)))

    def _builtin(self, name: str, words: list[str], assigned: dict[str, str]) -> Program:
        """What is assigned before a special one stays."""
        variables = self.state.variables
        before = {each: variables.get(each) for each in assigned} if name not in SPECIAL else {}
        variables |= assigned
        try:
            return (yield from BUILTINS[name](self, words))
        finally:
            for each, text in before.items():
                variables.pop(each, None)
                if text is not None:
                    variables[each] = text

    def call(self, words: list[str], assigned: dict[str, str] | None = None) -> Call:
        """With what a program is called from here."""
        call = self.state.call
        return Call(
            words[0].rpartition("/")[2],
            words[1:],
            self.state.environment() | (assigned or {}),
            call.container,
            call.files,
            call.limits,
            call.lookup,
            self.state.cwd,
            call.terminal,
        )


def _noted(part: Program, ended: list[int]) -> Program:
    """A part of a pipeline, whose status is kept."""
    status = yield from part
    ended.append(status)
    return status


def _nothing() -> Program:
    yield Turn()
    return 0
