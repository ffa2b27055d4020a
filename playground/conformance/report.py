"""How did a case end?  What was expected of it, and what came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec


class Unreadable(Exception):
    """A file is not of a format that is known; the text says what was seen, what is allowed, and where."""


class Result(msgspec.Struct, frozen=True):
    """`case` names it within its file; `expected` and `got` are of the same shape, JSON-able."""

    case: str
    expected: Any
    got: Any

    @property
    def passed(self) -> bool:
        return bool(self.expected == self.got)


def tried(case: str, expected: Any, work: Callable[[], Any]) -> Result:
    """What `work` gives beside what is expected. A case that cannot be run (a field is missing or of another type) has not passed."""
    try:
        return Result(case, expected, work())
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        return Result(case, expected, {"cannot be run": f"{type(error).__name__}: {error}"})


def listed(value: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """A list of objects in a file, empty if it is not there."""
    found = value.get(key, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Unreadable(f"{key!r} must be a list of objects")
    return found


def case_name(case: dict[str, Any], section: str, index: int) -> str:
    """A case's id, else its place; with its name if it has one."""
    name = str(case.get("id") or f"{section} {index}")
    return f"{name}: {case['name']}" if case.get("name") else name
