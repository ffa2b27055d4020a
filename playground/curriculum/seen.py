"""What was seen when a check was made?  Whether it holds, and what to say of it: the key of a sentence, and what stands in it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from playground.curriculum.phrases import translated
from playground.manifests.reader import read

FOLDER = Path(__file__).parent / "words"
FALLBACK = "en"
WORD = "@"


class Seen(msgspec.Struct, frozen=True):
    """`values` fill in the sentence of `key` in a file of `words/`; `key` is "" where nothing need be said. A value that begins with WORD is
    itself the key of words. `copied`: it was seen on a copy to which something had been done first."""

    passed: bool
    key: str = ""
    values: dict[str, Any] = {}
    copied: bool = False


GOOD = Seen(True)


def bad(key: str, **values: Any) -> Seen:
    return Seen(False, key, values)


def sentence(seen: Seen, language: str = FALLBACK) -> str:
    """In words of the language, or in English where that has none."""
    if not seen.key:
        return ""
    known = sentences(language)
    said = _template(seen.key, known).format(**{name: _shown(value, known, language) for name, value in seen.values.items()})
    return _template("after.copy", known).format(said=said) if seen.copied else said


def _template(key: str, known: dict[str, str]) -> str:
    return known.get(key) or sentences(FALLBACK)[key]


@cache
def sentences(language: str) -> dict[str, str]:
    """The templates of a language; none if there is no file of it. Only files of the folder can be named."""
    files = {path.stem: path for path in FOLDER.glob("*.yaml")}
    return read(files[language].read_text("utf-8")).values[0] if language in files else {}


def _shown(value: Any, known: dict[str, str], language: str) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    key = value.removeprefix(WORD) if str(value).startswith(WORD) else f"outcome.{value}"
    return known.get(key) or sentences(FALLBACK).get(key) or translated(str(value), language)
