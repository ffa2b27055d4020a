"""What value does a word of YAML stand for?  As sigs.k8s.io/yaml reads it (YAML 1.1), with numbers bounded.

Source: sigs.k8s.io/yaml/goyaml.v2/resolve.go.
Simplified: a whole number beyond 64 bits is refused where Kubernetes makes it a fraction; `.inf` and `.nan`, which JSON cannot
say, are refused here rather than by the API server.
"""

from __future__ import annotations

import math
import re
from typing import Any

TRUE = frozenset("y Y yes Yes YES true True TRUE on On ON".split())
FALSE = frozenset("n N no No NO false False FALSE off Off OFF".split())
NULL = frozenset(["", "~", "null", "Null", "NULL"])
NOT_JSON = frozenset(sign + word for word in (".inf", ".Inf", ".INF") for sign in ("", "+", "-")) | {".nan", ".NaN", ".NAN"}

_LONGEST_NUMBER = 80
_INTEGER = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)", re.ASCII)
_FRACTION = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_LARGEST = 2**64 - 1
_SMALLEST = -(2**63)
_EXACT = 2.0**53


class NotANumber(ValueError):
    """The word looks like a number that cannot be held: `found` and `expected` say why."""

    def __init__(self, found: str, expected: str):
        super().__init__(found)
        self.found = found
        self.expected = expected


def resolve(word: str) -> Any:
    """The value of an unquoted word: None, a bool, an int, a float or the word itself. Raises NotANumber."""
    if word in NULL:
        return None
    if word in TRUE or word in FALSE:
        return word in TRUE
    if word in NOT_JSON:
        raise NotANumber(f"{word}, which JSON has no word for", "a finite number, or quotes around it")
    if word[0] in "+-.0123456789":
        return _number(word)
    return word


def _number(word: str) -> Any:
    bare = word.replace("_", "")
    if len(bare) > _LONGEST_NUMBER:
        if bare.lstrip("+-").isdecimal():
            raise NotANumber(f"a number of {len(bare)} digits", "a number within 64 bits, or quotes around it")
        return word
    if _INTEGER.fullmatch(bare):
        return _integer(bare)
    if _FRACTION.fullmatch(bare):
        return _fraction(bare)
    return word


def _integer(bare: str) -> int:
    sign, digits = (-1, bare[1:]) if bare[0] == "-" else (1, bare.lstrip("+"))
    prefix = digits[:2].lower()
    if prefix in ("0x", "0b", "0o"):
        value = sign * int(digits[2:], {"0x": 16, "0b": 2, "0o": 8}[prefix])
    else:
        value = sign * int(digits, 8 if len(digits) > 1 and digits[0] == "0" else 10)
    if not _SMALLEST <= value <= _LARGEST:
        raise NotANumber(f"the number {bare}", "a number within 64 bits, or quotes around it")
    return value


def _fraction(bare: str) -> int | float:
    """A whole fraction is an integer, because JSON's 80.0 is written 80 on its way to the API server."""
    value = float(bare)
    if math.isinf(value):
        raise NotANumber(f"the number {bare}, which is too large", "a smaller number, or quotes around it")
    return int(value) if value.is_integer() and abs(value) < _EXACT else value
