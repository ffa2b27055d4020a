"""Which values are there, each once, and which number has each?  For what is saved once and named often."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any


class Distinct:
    """Values in the order in which they were met, told apart by `key`. What is the same value in memory is not looked at
    again: whoever asks keeps the values alive meanwhile."""

    def __init__(self, key: Callable[[Any], Hashable]):
        self.listed: list[Any] = []
        self._key = key
        self._by_key: dict[Hashable, int] = {}
        self._by_identity: dict[int, int] = {}

    def number(self, value: Any) -> int:
        """The place of a value in `listed`."""
        known = self._by_identity.get(id(value))
        if known is None:
            known = self._by_identity[id(value)] = self._by_key.setdefault(self._key(value), len(self.listed))
            if known == len(self.listed):
                self.listed.append(value)
        return known
