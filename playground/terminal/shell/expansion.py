"""What do the words of a command become?  Variables, command substitutions and sums are put in, and what was not quoted is split.

Source: POSIX XCU 2.6 (Word Expansions).
Simplified: no tilde.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from fnmatch import fnmatchcase
from typing import Any

from playground.terminal.programs.asks import Ask
from playground.terminal.programs.limits import Exhausted
from playground.terminal.shell.globbing import paths, quoted
from playground.terminal.shell.splitting import BLANKS, is_hard, pieces
from playground.terminal.shell.state import Failure, State
from playground.terminal.shell.sums import BadSum, value
from playground.terminal.shell.tree import Arithmetic, Chain, Given, Literal, Pipeline, Script, Simple, Substitution, Variable, Word

Texts = Generator[Ask, Any, str]
Capture = Callable[[State, Script], Texts]
NOTHING = ("", "")
Field = tuple[str, str]  # what it says, and the same as a pattern


class Expansion:
    """Expands for one shell; `capture` runs a script and gives what it printed."""

    def __init__(self, state: State, capture: Capture) -> None:
        self._state = state
        self._capture = capture
        self._limits = state.call.limits

    def fields(self, words: tuple[Word, ...]) -> Generator[Ask, Any, list[str]]:
        """The arguments that some words become: none, one or several each."""
        found: list[str] = []
        for word in words:
            for text, pattern in (yield from self._fields(word)):
                found += paths(text, pattern, self._state.cwd, self._state.call.files)
            if sum(map(len, found)) > self._limits.held:
                raise Exhausted(self._limits, "held", "the words of a command are too long")
        return found

    def text(self, word: Word) -> Texts:
        """A word as one text, not split."""
        parts = []
        for part in word:
            parts.append((yield from self._part(part)))
        return self._held("".join(parts))

    def pattern(self, word: Word) -> Texts:
        """A word as a pattern: what was quoted stands for itself."""
        parts = []
        for part in word:
            text = yield from self._part(part)
            parts.append(quoted(text) if part.quoted else text)
        return "".join(parts)

    def _fields(self, word: Word) -> Generator[Ask, Any, list[Field]]:
        done: list[Field] = []
        open_: Field | None = None
        for part in word:
            if isinstance(part, Variable) and part.name == "@" and not part.op and part.quoted:
                listed = self._state.words
                if listed:
                    first, *rest = listed
                    done += [_joined(open_, first, quoted(first)), *((each, quoted(each)) for each in rest[:-1])] if rest else []
                    open_ = (rest[-1], quoted(rest[-1])) if rest else _joined(open_, first, quoted(first))
                continue
            text = self._held((yield from self._part(part)))
            if isinstance(part, Literal) or part.quoted:
                open_ = _joined(open_, text, quoted(text) if part.quoted else text)
                continue
            for piece, end in pieces(text, self._state.variables.get("IFS", BLANKS)):
                if piece:
                    open_ = _joined(open_, piece, piece)
                if end and (open_ is not None or is_hard(end)):
                    done.append(open_ or NOTHING)
                    open_ = None
        return done if open_ is None else [*done, open_]

    def _part(self, part: Any) -> Texts:
        if isinstance(part, Literal):
            return part.text
        if isinstance(part, Given):
            return (yield from self._given(part))
        if isinstance(part, Substitution):
            return (yield from self._capture(self._state, part.script)).rstrip("\n")
        if isinstance(part, Arithmetic):
            expression = yield from self.text(part.expression)
            try:
                return str(value(expression, self._state.variables))
            except BadSum as error:
                raise Failure(_sum_error(self._state, expression, str(error)), 2, fatal=True) from None
        return (yield from self._variable(part))

    def _given(self, part: Given) -> Texts:
        """What the kubelet put in; what it did not know, the shell takes for a command."""
        known = self._state.given.get(part.name)
        if known is not None or part.verbatim:
            return f"$({part.name})" if known is None else known
        script = Script((Chain(Pipeline((Simple((), ((Literal(part.name),),)),))),))
        return (yield from self._part(Substitution(script, part.quoted)))

    def _variable(self, part: Variable) -> Texts:
        state, set_ = self._state, self._value(part.name)
        if part.op == "length":
            return str(len(set_ or ""))
        if not part.op:
            if set_ is None and state.nounset and part.name not in "@*":
                raise Failure(f"{part.name}: {'unbound variable' if state.flavour == 'bash' else 'parameter not set'}", 2, fatal=True)
            return set_ or ""
        if part.op[0] in "%#":
            return _trimmed(set_ or "", part.op, (yield from self.pattern(part.word)))
        missing = set_ is None or (part.op[0] == ":" and set_ == "")
        kind = part.op[-1]
        if kind == "+":
            return "" if missing else (yield from self.text(part.word))
        if not missing:
            return set_ or ""
        word = yield from self.text(part.word)
        if kind == "?":
            raise Failure(f"{part.name}: {word or 'parameter not set'}", 2, fatal=True)
        if kind == "=":
            state.variables[part.name] = word
        return word

    def _value(self, name: str) -> str | None:
        state = self._state
        if name.isdigit():
            number = int(name)
            return state.name if number == 0 else state.words[number - 1] if number <= len(state.words) else None
        special = {"?": str(state.status), "#": str(len(state.words)), "$": "7", "!": "", "-": ""}
        if name in "@*":
            return " ".join(state.words)
        return special.get(name, state.variables.get(name))

    def _held(self, text: str) -> str:
        if len(text) > self._limits.held:
            raise Exhausted(self._limits, "held", "a word is too long")
        return text


def _joined(begun: Field | None, text: str, pattern: str) -> Field:
    return (begun[0] + text, begun[1] + pattern) if begun is not None else (text, pattern)


def _trimmed(text: str, op: str, pattern: str) -> str:
    """Without the shortest (%, #) or longest (%%, ##) end or beginning that fits."""
    places = range(len(text) + 1)
    if len(text) > 1_000:
        return text
    if op[0] == "%":
        for place in places if len(op) == 2 else reversed(places):
            if fnmatchcase(text[place:], pattern):
                return text[:place]
    else:
        for place in reversed(places) if len(op) == 2 else places:
            if fnmatchcase(text[:place], pattern):
                return text[place:]
    return text


def _sum_error(state: State, expression: str, said: str) -> str:
    if state.flavour == "bash":
        return f"{expression}: {said.replace('division by zero', 'division by 0')}"
    if state.flavour == "ash":
        return said.replace("division", "divide")
    return f'arithmetic expression: {said.replace("arithmetic syntax error", "expecting primary")}: "{expression}"'
