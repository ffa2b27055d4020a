"""Is there room for one more socket?  So many of one visitor, so many in this process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

_taken: Counter[str] = Counter()


class Full(Exception):
    """No more sockets: of this visitor, or at all."""


@contextmanager
def place(visitor: str) -> Iterator[None]:
    """A place for one socket, given back at the end; Full if there is none. Only the event loop's thread may ask."""
    if _taken[visitor] >= settings.LIMITS.sockets_per_visitor or _taken.total() >= settings.LIMITS.sockets:
        raise Full
    _taken[visitor] += 1
    try:
        yield
    finally:
        _taken[visitor] -= 1
        if not _taken[visitor]:
            del _taken[visitor]
