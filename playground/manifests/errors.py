"""How is a manifest refused that cannot be read?  With the place, what stands there, and what was expected."""

from __future__ import annotations


class BadYAML(ValueError):
    """Line and column count from 1. `limit` names the field of Limits that was broken, or is empty."""

    def __init__(self, line: int, column: int, found: str, expected: str, limit: str = ""):
        self.line = line
        self.column = column
        self.found = found
        self.expected = expected
        self.limit = limit
        super().__init__(f"line {line}, column {column}: {self.message}")

    @property
    def message(self) -> str:
        return f"found {self.found}; expected {self.expected}"
