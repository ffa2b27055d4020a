"""Who may read one lesson's summary without a cookie?  Whoever has its address, for half a day: a window that a frame opens has nothing else to show.

A slip names a visitor and a lesson, and is signed. It opens that summary, and nothing can be changed by it.
"""

from __future__ import annotations

from django.core import signing

SALT = "playground.slip"
SECONDS = 12 * 3600


def written(visitor: str, lesson: str) -> str:
    return signing.TimestampSigner(salt=SALT, sep=".").sign_object([visitor, lesson])


def read(slip: str) -> tuple[str, str]:
    """The visitor and the lesson; both "" if the slip is not good any more."""
    try:
        visitor, lesson = signing.TimestampSigner(salt=SALT, sep=".").unsign_object(slip, max_age=SECONDS)
    except (signing.BadSignature, TypeError, ValueError):
        return "", ""
    return visitor, lesson
