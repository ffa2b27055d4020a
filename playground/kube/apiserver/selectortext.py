"""Which requirements does the text of a label selector state?  And the words of the parser where it is none.

Source: staging/src/k8s.io/apimachinery/pkg/labels/selector.go (Lexer, Parser, NewRequirement).
"""

from __future__ import annotations

import re

import msgspec

from playground.kube.apiserver.names import label_key, label_value
from playground.kube.errors import Refusal, bad_request

Stated = tuple[str, str, tuple[str, ...]]
_TOKEN = re.compile(r"[ \t\r\n]*(==|!=|[=!(),<>]|[^=!(),<> \t\r\n]+)")
_SYMBOLS = frozenset(("==", "!=", "=", "!", "(", ")", ",", "<", ">"))
OPERATORS = {"in": "In", "notin": "NotIn", "=": "In", "==": "In", "!=": "NotIn", ">": "Gt", "<": "Lt"}
_KNOWN = "in, notin, =, ==, !=, gt, lt"
_END = ""


def stated(text: str) -> list[Stated]:
    """Key, operator and values of each requirement; raises Refusal."""
    return _Parser(text).all()


class _Parser:
    """The end of the text is an empty token."""

    def __init__(self, text: str) -> None:
        self._tokens: list[str] = [*_TOKEN.findall(text), _END, _END, _END]
        self._at = 0

    def all(self) -> list[Stated]:
        found: list[Stated] = []
        while self._next != _END:
            if not self._is_word() and self._next != "!":
                raise bad_request(f"found '{self._next}', expected: !, identifier, or 'end of string'")
            found.append(self._requirement())
            token = self._take()
            if token == _END:
                break
            if token != ",":
                raise bad_request(f"found '{token}', expected: ',' or 'end of string'")
            if not self._is_word() and self._next != "!":
                raise bad_request(f"found '{self._next}', expected: identifier after ','")
        return found

    @property
    def _next(self) -> str:
        return self._tokens[self._at]

    def _take(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]

    def _is_word(self) -> bool:
        return self._next != _END and self._next not in _SYMBOLS

    def _requirement(self) -> Stated:
        absent = self._next == "!"
        if absent:
            self._take()
        if not self._is_word():
            raise _wrong(f"found '{self._next}', expected: identifier")
        key = self._take()
        for problem in label_key(key)[:1]:
            raise _wrong(_invalid("<nil>", key, problem))
        if absent:
            return key, "DoesNotExist", ()
        if self._next in (_END, ","):
            return key, "Exists", ()
        sign = self._take()
        if sign not in OPERATORS:
            raise _wrong(f"found '{sign}', expected: {_KNOWN}")
        values = self._values() if sign in ("in", "notin") else (self._value(),)
        _check(key, OPERATORS[sign], values)
        return key, OPERATORS[sign], values

    def _value(self) -> str:
        if self._next in (_END, ","):
            return ""
        if not self._is_word():
            raise _wrong(f"found '{self._next}', expected: identifier")
        return self._take()

    def _values(self) -> tuple[str, ...]:
        """`(x,,y)`, each once and sorted."""
        token = self._take()
        if token != "(":
            raise _wrong(f"found '{token}' expected: '('")
        if not self._is_word() and self._next not in (",", ")"):
            raise _wrong(f"found '{self._next}', expected: ',', ')' or identifier")
        found = [""] if self._next in (",", ")") else []
        while (token := self._take()) != ")":
            if token == ",":
                found += [""] if self._next in (",", ")") else []
                if not self._is_word() and self._next not in (",", ")"):
                    raise _wrong(f"found '{self._next}', expected: ',', or identifier")
            else:
                found.append(token)
                if self._next not in (",", ")"):
                    raise _wrong(f"found '{self._next}', expected: ',' or ')'")
        return tuple(sorted(dict.fromkeys(found)))


def _check(key: str, operator: str, values: tuple[str, ...]) -> None:
    said = []
    if operator in ("Gt", "Lt") and not is_integer(values[0]):
        said.append(_invalid("values[0]", values[0], "for 'Gt', 'Lt' operators, the value must be an integer"))
    for place, value in enumerate(values):
        said += [_invalid(f"values[{place}][{key}]", value, problem) for problem in label_value(value)[:1]]
    if said:
        raise _wrong(said[0] if len(said) == 1 else f"[{', '.join(said)}]")


def _invalid(path: str, value: str, problem: str) -> str:
    return f"{path}: Invalid value: {msgspec.json.encode(value).decode()}: {problem}"


def is_integer(text: str) -> bool:
    return len(text) <= 19 and re.fullmatch(r"[+-]?[0-9]+", text) is not None


def _wrong(why: str) -> Refusal:
    return bad_request(f"unable to parse requirement: {why}")
