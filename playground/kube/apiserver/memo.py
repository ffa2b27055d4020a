"""How is something read once from each distinct value?  By the value's identity: objects in the store share what is equal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")
MOST = 5_000


class Memo(Generic[T]):
    """The results of a pure function of JSON values that nobody changes; forgotten when there are more than MOST."""

    __slots__ = ("_function", "_known")

    def __init__(self, function: Callable[..., T]):
        self._function = function
        self._known: dict[Any, tuple[Any, ...]] = {}

    def of(self, value: Any, *more: Any) -> T:
        """The function's result for these very values. They are kept alive, so that their identities stay theirs."""
        key = (id(value), *map(id, more)) if more else id(value)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MOST:
                self._known.clear()
            found = self._known[key] = self._function(value, *more), value, *more
        result: T = found[0]
        return result
