"""Who may read one lesson's summary without a cookie?  Whoever has its address, for half a day: a window that a frame opens has nothing else to show.

A slip names a visitor and a lesson, and is signed. It opens that summary, and nothing can be changed by it.
"""

from __future__ import annotations

from playground.clusters import signed

SALT = "playground.slip"
SECONDS = 12 * 3600


def written(visitor: str, lesson: str) -> str:
    return signed.written(visitor, lesson, SALT)


def read(slip: str) -> tuple[str, str]:
    """The visitor and the lesson; both "" if the slip is not good any more."""
    return signed.read(slip, SALT, SECONDS)
