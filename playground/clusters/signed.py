"""How is a pair of words given away so that nobody can make one?  Signed, with the time, in characters that an address takes."""

from __future__ import annotations

from django.core import signing


def written(first: str, second: str, salt: str) -> str:
    return signing.TimestampSigner(salt=salt, sep=".").sign_object([first, second])


def read(text: str, salt: str, seconds: int) -> tuple[str, str]:
    """The pair; both "" if it is not good any more."""
    try:
        first, second = signing.TimestampSigner(salt=salt, sep=".").unsign_object(text, max_age=seconds)
    except (signing.BadSignature, TypeError, ValueError):
        return "", ""
    return first, second
