"""Does a regular expression of grep fit a line?  Decided with a set of states, in time proportional to the line, whatever the expression.

Source: POSIX XBD 9 (Regular Expressions), basic and extended; Thompson's construction.
Simplified: no back references; braces of repetition count to 20 at most.
"""

from __future__ import annotations

from collections.abc import Callable

CLASSES: dict[str, Callable[[str], bool]] = {
    "alpha": str.isalpha,
    "digit": str.isdigit,
    "alnum": str.isalnum,
    "upper": str.isupper,
    "lower": str.islower,
    "space": str.isspace,
    "punct": lambda char: char.isprintable() and not char.isalnum() and char != " ",
}
LONGEST, DEEPEST, MOST_TIMES, MOST_STATES, MOST_WORK = 1_000, 30, 20, 5_000, 1_000_000
Test = Callable[[str], bool]


class BadPattern(Exception):
    """The message says what is wrong with it."""


class Regex:
    """States are numbered; each has a test with where it leads, or leads on without one; `^`, `$`, `\\b` are conditions on
    the place. `work` counts the steps that were made; whoever has accounted for them sets it to 0."""

    def __init__(self, pattern: str, extended: bool, ignore_case: bool = False) -> None:
        if len(pattern) > LONGEST:
            raise BadPattern("the pattern is too long")
        self._text = pattern
        self._at = 0
        self._extended = extended
        self._fold = ignore_case
        self._tests: list[Test | str | None] = []
        self._next: list[list[int]] = []
        self._depth = 0
        self.work = 0
        self._start, self._end = self._either()
        if self._at < len(self._text):
            raise BadPattern("Unmatched ) or \\)")

    def find(self, line: str, start: int = 0) -> tuple[int, int] | None:
        """The leftmost longest fit, from `start` on."""
        text = line.lower() if self._fold and len(line.lower()) == len(line) else line
        for begin in range(start, len(line) + 1):
            end = self._fit(text, begin)
            if end is not None:
                return begin, end
        return None

    def fits(self, line: str) -> bool:
        """Somewhere in the line."""
        text = line.lower() if self._fold else line
        states: dict[int, None] = {}
        for place in range(len(text) + 1):
            states = self._follow({**states, self._start: None}, text, place)
            if self._end in states:
                return True
            if place < len(text):
                states = self._step(states, text[place])
        return False

    def _fit(self, text: str, begin: int) -> int | None:
        end = None
        states = self._follow({self._start: None}, text, begin)
        for place in range(begin, len(text) + 1):
            if self._end in states:
                end = place
            if place == len(text) or not states:
                break
            states = self._follow(self._step(states, text[place]), text, place + 1)
        return end

    def _count(self, states: int) -> None:
        self.work += states
        if self.work > MOST_WORK:
            raise BadPattern("the pattern makes too much work for this playground")

    def _step(self, states: dict[int, None], char: str) -> dict[int, None]:
        self._count(len(states))
        found: dict[int, None] = {}
        for state in states:
            test = self._tests[state]
            if callable(test) and test(char):
                found.update(dict.fromkeys(self._next[state]))
        return found

    def _follow(self, states: dict[int, None], text: str, place: int) -> dict[int, None]:
        """All that can be reached without a character."""
        self._count(len(states))
        found, waiting = dict(states), list(states)
        while waiting:
            state = waiting.pop()
            test = self._tests[state]
            if test is None or (isinstance(test, str) and _holds(test, text, place)):
                for each in self._next[state]:
                    if each not in found:
                        found[each] = None
                        waiting.append(each)
        return found

    # --- building

    def _state(self, test: Test | str | None = None) -> int:
        if len(self._tests) >= MOST_STATES:
            raise BadPattern("the pattern is too large")
        self._tests.append(test)
        self._next.append([])
        return len(self._tests) - 1

    def _special(self, char: str) -> bool:
        """An operator of both kinds stands here: bare if extended, with a backslash if basic."""
        return self._text.startswith(char if self._extended else "\\" + char, self._at)

    def _pass(self) -> None:
        self._at += 1 if self._extended else 2

    def _either(self) -> tuple[int, int]:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadPattern("the pattern is too deep")
        start, end = self._state(), self._state()
        while True:
            first, last = self._row()
            self._next[start].append(first)
            self._next[last].append(end)
            if not self._special("|"):
                break
            self._pass()
        self._depth -= 1
        return start, end

    def _row(self) -> tuple[int, int]:
        start = last = self._state()
        begun = self._at
        while self._at < len(self._text) and not self._special("|") and not (self._special(")") and self._depth > 1):
            if self._special(")") and self._extended:
                raise BadPattern("Unmatched ) or \\)")
            mark = self._at
            first, end = self._single(self._at == begun)
            first, end = self._repeated(first, end, mark)
            self._next[last].append(first)
            last = end
        return start, last

    def _single(self, at_start: bool) -> tuple[int, int]:
        char = self._text[self._at]
        if self._special("("):
            self._pass()
            first, end = self._either()
            if not self._special(")"):
                raise BadPattern("Unmatched ( or \\(")
            self._pass()
            return first, end
        self._at += 1
        if char == "^" and (self._extended or at_start):
            return self._between("^")
        if char == "$" and (self._extended or self._at == len(self._text) or self._text.startswith(("\\)", "\\|"), self._at)):
            return self._between("$")
        if char == ".":
            return self._between(lambda _: True)
        if char == "[":
            return self._between(self._bracket())
        if char == "\\":
            if self._at >= len(self._text):
                raise BadPattern("Trailing backslash")
            return self._escaped()
        if char == "*" and at_start:
            return self._between(_same("*"))
        return self._between(_same(char.lower() if self._fold else char))

    def _escaped(self) -> tuple[int, int]:
        char = self._text[self._at]
        self._at += 1
        if char in "bB<>":
            return self._between("\\" + char)
        if char in "wWsS":
            inner = _word if char in "wW" else str.isspace
            return self._between(inner if char.islower() else lambda each: not inner(each))
        return self._between(_same(char.lower() if self._fold else char))

    def _between(self, test: Test | str) -> tuple[int, int]:
        start, end = self._state(test), self._state()
        self._next[start].append(end)
        return start, end

    def _repeated(self, first: int, end: int, mark: int) -> tuple[int, int]:
        while self._at < len(self._text):
            if self._text[self._at] == "*":
                self._at += 1
                least, most = 0, None
            elif self._special("+"):
                self._pass()
                least, most = 1, None
            elif self._special("?"):
                self._pass()
                least, most = 0, 1
            elif self._special("{"):
                first, end = self._counted(first, end, mark)
                continue
            else:
                break
            start, after = self._state(), self._state()
            self._next[start] += [first] if least else [first, after]
            self._next[end] += [after] if most else [first, after]
            first, end = start, after
        return first, end

    def _counted(self, first: int, end: int, mark: int) -> tuple[int, int]:
        """{2}, {2,} or {2,5}: the same again, so many times."""
        stop = self._at
        closer = "}" if self._extended else "\\}"
        close = self._text.find(closer, stop)
        self._pass()
        least, comma, most = self._text[self._at : max(close, 0)].partition(",")
        numbers = [int(each) if each.isascii() and each.isdigit() and len(each) < 4 else None for each in (least, most if comma else least)]
        if close < 0 or numbers[0] is None or (most and numbers[1] is None) or max(each or 0 for each in numbers) > MOST_TIMES:
            raise BadPattern("Invalid content of \\{\\}")
        rows: list[tuple[int, int]] = []
        times = numbers[1] if numbers[1] is not None else numbers[0] + 1
        for _ in range(times):
            self._at = mark
            rows.append(self._single(True))
        self._at = close + len(closer)
        start = last = self._state()
        final = self._state()
        for place, (begin, over) in enumerate(rows):
            if place >= numbers[0]:
                self._next[last].append(final)
            self._next[last].append(begin)
            last = over
            if comma and not most and place == times - 1:
                self._next[over].append(begin)
        self._next[last].append(final)
        return start, final

    def _bracket(self) -> Test:
        negated = self._text.startswith("^", self._at)
        self._at += negated
        tests: list[Test] = []
        first = True
        while True:
            if self._at >= len(self._text):
                raise BadPattern("Unmatched [, [^, [:, [., or [=")
            char = self._text[self._at]
            self._at += 1
            if char == "]" and not first:
                break
            first = False
            if char == "[" and self._text.startswith(":", self._at):
                close = self._text.find(":]", self._at)
                name = self._text[self._at + 1 : max(close, 0)]
                if name not in CLASSES:
                    raise BadPattern("Invalid character class name")
                self._at = close + 2
                tests.append(CLASSES[name])
            elif self._text.startswith("-", self._at) and self._text[self._at + 1 : self._at + 2] not in ("", "]"):
                last = self._text[self._at + 1]
                self._at += 2
                if last < char:
                    raise BadPattern("Invalid range end")
                tests.append(_range(char, last))
            else:
                tests.append(_same(char))
        if self._fold:
            return lambda each: any(test(each) or test(each.upper()) for test in tests) is not negated
        return lambda each: any(test(each) for test in tests) is not negated


def _same(char: str) -> Test:
    return lambda each: each == char


def _range(first: str, last: str) -> Test:
    return lambda each: first <= each <= last


def _word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _holds(condition: str, text: str, place: int) -> bool:
    if condition == "^":
        return place == 0
    if condition == "$":
        return place == len(text)
    before = place > 0 and _word(text[place - 1])
    after = place < len(text) and _word(text[place])
    return {"\\<": after and not before, "\\>": before and not after, "\\b": before is not after, "\\B": before is after}[condition]
