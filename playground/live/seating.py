"""Is there room for one more socket?  So many of one visitor, so many by one share link, so many in this process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

_taken: Counter[str] = Counter()
_looking: Counter[str] = Counter()


class Full(Exception):
    """No more sockets: of this visitor, by this link, or at all."""


@contextmanager
def place(visitor: str, share: str = "") -> Iterator[None]:
    """A place for one socket, given back at the end; Full if there is none. Only the event loop's thread may ask."""
    limits = settings.LIMITS
    if (
        _taken[visitor] >= limits.sockets_per_visitor
        or _taken.total() >= limits.sockets
        or _looking[share] >= limits.sockets_per_share_link
    ):
        raise Full
    counted = [(_taken, visitor), *([(_looking, share)] if share else [])]
    for counter, who in counted:
        counter[who] += 1
    try:
        yield
    finally:
        for counter, who in counted:
            counter[who] -= 1
            if not counter[who]:
                del counter[who]
