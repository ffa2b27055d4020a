"""Is what somebody typed into a blank what is meant?  What is written otherwise and means the same counts, as far as the blank's kind says.

Of every kind: blanks do not count around the whole and around `:`, `=` and `,`, nor do quotes around it, and many blanks are one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from playground.curriculum.lesson import Blank

QUOTES = "\"'`"
_SEPARATORS = re.compile(r"\s*([:=,])\s*")
_NUMBER = re.compile(r"([+-]?\d+(?:[.,]\d+)?)(%?)\Z")
_PAIR = re.compile(r"([^:=]+)[:=]([^:=]+)\Z")


def meant(blank: str | Blank) -> Blank:
    """A text alone is a blank of the kind text."""
    return Blank(blank) if isinstance(blank, str) else blank


def same(blank: str | Blank, typed: str) -> bool:
    wanted = meant(blank)
    return any(_KINDS[wanted.kind](_plain(each), _plain(typed)) for each in (wanted.text, *wanted.also))


def _plain(text: str) -> str:
    text = text.strip()
    while len(text) > 1 and text[0] == text[-1] and text[0] in QUOTES and text[0] not in text[1:-1]:
        text = text[1:-1].strip()
    return _SEPARATORS.sub(r"\1", " ".join(text.split()))


def _is_text(wanted: str, typed: str) -> bool:
    return wanted == typed


def _is_word(wanted: str, typed: str) -> bool:
    return wanted.casefold() == typed.casefold()


def _is_number(wanted: str, typed: str) -> bool:
    """A percent sign may stand behind it, or says hundredths: 33, 33 %; 0.5, 0,5, 50 %."""
    one, other = (_NUMBER.match(each.replace(" ", "")) for each in (wanted, typed))
    if one is None or other is None:
        return wanted == typed
    left, right = (Fraction(each[1].replace(",", ".")) for each in (one, other))
    return left == right or (bool(other[2]) and left == right / 100)


def _is_label(wanted: str, typed: str) -> bool:
    """As in a selector or as in YAML: app=frontend, app: frontend, {app: frontend}."""
    pairs = [_PAIR.match(each.strip("{} ")) for each in (wanted, typed)]
    parts = [tuple(_plain(part) for part in pair.groups()) if pair else None for pair in pairs]
    return parts[0] is not None and parts[0] == parts[1]


_KINDS: dict[str, Callable[[str, str], bool]] = {"text": _is_text, "word": _is_word, "number": _is_number, "label": _is_label}
