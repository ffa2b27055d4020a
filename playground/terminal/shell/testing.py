"""Does a condition hold?  `test` and `[`.

Source: POSIX XCU test; sentences of dash's and busybox's `test.c`.
"""

from __future__ import annotations

from collections.abc import Callable

from playground.terminal.programs.asks import Program
from playground.terminal.programs.call import Call, complain, number_of

NUMBERS: dict[str, Callable[[int, int], bool]] = {
    "-eq": lambda a, b: a == b,
    "-ne": lambda a, b: a != b,
    "-lt": lambda a, b: a < b,
    "-le": lambda a, b: a <= b,
    "-gt": lambda a, b: a > b,
    "-ge": lambda a, b: a >= b,
}
TEXTS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda a, b: a == b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
}
DEEPEST = 50


class BadTest(Exception):
    """The message is what test says."""


def test(call: Call) -> Program:
    words = call.args
    if call.name == "[":
        if words[-1:] != ["]"]:
            return (yield from complain(call, "missing ]", 2))
        words = words[:-1]
    try:
        return 0 if _Test(words, call).whole() else 1
    except BadTest as error:
        return (yield from complain(call, str(error), 2))


class _Test:
    def __init__(self, words: list[str], call: Call) -> None:
        self._words = words
        self._at = 0
        self._call = call
        self._depth = 0

    def whole(self) -> bool:
        if not self._words:
            return False
        held = self._either()
        if self._at < len(self._words):
            raise BadTest(f"{self._words[self._at]}: unexpected operator")
        return held

    def _peek(self, ahead: int = 0) -> str | None:
        at = self._at + ahead
        return self._words[at] if at < len(self._words) else None

    def _either(self) -> bool:
        held = self._both()
        while self._peek() == "-o":
            self._at += 1
            held = self._both() or held
        return held

    def _both(self) -> bool:
        held = self._one()
        while self._peek() == "-a":
            self._at += 1
            held = self._one() and held
        return held

    def _one(self) -> bool:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadTest("too many conditions inside each other")
        word, op = self._peek(), self._peek(1)
        if word is None:
            raise BadTest("argument expected")
        if op is not None and (op in NUMBERS or op in TEXTS) and self._peek(2) is not None:
            return self._compared(word, op, self._words[self._at + 2])
        if word == "!" and op is not None:
            self._at += 1
            return not self._one()
        if word == "(" and op is not None:
            self._at += 1
            held = self._either()
            if self._peek() != ")":
                raise BadTest("closing paren expected")
            self._at += 1
            return held
        if len(word) == 2 and word[0] == "-" and word[1] in "zndefrswx" and op is not None:
            self._at += 2
            return self._single(word[1], op)
        self._at += 1
        return word != ""

    def _compared(self, left: str, op: str, right: str) -> bool:
        self._at += 3
        if op in TEXTS:
            return TEXTS[op](left, right)
        for each in (left, right):
            if number_of(each.strip()) is None:
                raise BadTest(f"Illegal number: {each}" if not self._call.busybox else f"{each}: bad number")
        return NUMBERS[op](int(left), int(right))

    def _single(self, op: str, word: str) -> bool:
        if op in "zn":
            return (word != "") is (op == "n")
        files, path = self._call.files, self._call.path(word)
        if op == "d":
            return files.is_directory(path)
        if op == "f":
            return files.is_file(path) and path != "/dev/null"
        if op == "s":
            return files.is_directory(path) or (files.is_file(path) and files.read(path) != "")
        if op in "wx":
            return files.exists(path) and path.startswith("/tmp")
        return files.exists(path)
