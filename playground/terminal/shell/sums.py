"""What is the value of an arithmetic expression, as in `$((i + 1))`?

Source: POSIX XCU 2.6.4 (Arithmetic Expansion): C's integers and operators.
Simplified: of the assignments only `=`, `+=`, `-=`, and no `? :`, shifts or bits.
"""

from __future__ import annotations

import re

TOKEN = re.compile(r"\s*(\d+|[A-Za-z_]\w*|&&|\|\||[-+]=|[=!<>]=|[-+*/%<>!()=])", re.ASCII)
LEVELS = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "/", "%"))
BITS = 1 << 64
LONGEST = 1_000
DEEPEST = 50


class BadSum(Exception):
    """The message says what is wrong."""


def value(expression: str, variables: dict[str, str]) -> int:
    """The value; assignments change `variables`. Raises BadSum."""
    if not expression.strip():
        return 0
    tokens = _tokens(expression)
    sum_ = _Sum(tokens, variables)
    found = sum_.assignment()
    if sum_.token:
        raise BadSum("arithmetic syntax error")
    return found


def _tokens(expression: str) -> list[str]:
    tokens, at, text = [], 0, expression[:LONGEST].rstrip()
    while at < len(text):
        found = TOKEN.match(text, at)
        if found is None:
            raise BadSum("arithmetic syntax error")
        tokens.append(found[1])
        at = found.end()
    return tokens


class _Sum:
    def __init__(self, tokens: list[str], variables: dict[str, str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._variables = variables
        self._depth = 0

    @property
    def token(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        token = self.token
        self._at += 1
        return token

    def assignment(self) -> int:
        op = self._tokens[self._at + 1] if self._at + 1 < len(self._tokens) else ""
        if op in ("=", "+=", "-=") and _is_name(self.token):
            name = self._take()
            self._take()
            after = self.assignment()
            before = self._variable(name) if op != "=" else 0
            found = _wrapped(after if op == "=" else before + after if op == "+=" else before - after)
            self._variables[name] = str(found)
            return found
        return self._level(0)

    def _level(self, level: int) -> int:
        if level == len(LEVELS):
            return self._single()
        left = self._level(level + 1)
        while self.token in LEVELS[level]:
            op = self._take()
            left = _wrapped(_apply(op, left, self._level(level + 1)))
        return left

    def _single(self) -> int:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadSum("arithmetic expression is too deep")
        try:
            token = self._take()
            if token == "(":
                found = self.assignment()
                if self._take() != ")":
                    raise BadSum("arithmetic syntax error")
                return found
            if token in ("-", "+", "!"):
                found = self._single()
                return -found if token == "-" else found if token == "+" else int(not found)
            if token.isdigit():
                return _wrapped(int(token))
            if _is_name(token):
                return self._variable(token)
            raise BadSum("arithmetic syntax error")
        finally:
            self._depth -= 1

    def _variable(self, name: str) -> int:
        text = self._variables.get(name, "").strip() or "0"
        if not re.fullmatch(r"[-+]?\d{1,30}", text, re.ASCII):
            raise BadSum(f"Illegal number: {text}" if text[0].isdigit() else "arithmetic syntax error")
        return _wrapped(int(text))


def _apply(op: str, left: int, right: int) -> int:
    if op in ("/", "%"):
        if right == 0:
            raise BadSum("division by zero")
        quotient = abs(left) // abs(right) * (1 if (left < 0) is (right < 0) else -1)
        return quotient if op == "/" else left - quotient * right
    plain = {"+": left + right, "-": left - right, "*": left * right, "||": left or right, "&&": left and right}
    if op in ("||", "&&"):
        return int(bool(plain[op]))
    compared = {"==": left == right, "!=": left != right, "<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}
    return plain[op] if op in plain else int(compared[op])


def _wrapped(number: int) -> int:
    """As 64 bits hold it."""
    return (number + BITS // 2) % BITS - BITS // 2


def _is_name(token: str) -> bool:
    return bool(token) and (token[0].isalpha() or token[0] == "_")
