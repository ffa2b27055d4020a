"""How do sentences that the simulator says itself read in another language?  By a file of `words/said`, sentence by sentence; what none fits stays as it is.

A template stands for every sentence that says something else in its {places}. Kubernetes' own messages have none: they are read as they are everywhere.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from playground.manifests.reader import read

FOLDER = Path(__file__).parent / "words" / "said"
_PLACE = re.compile(r"\\{(\w+)\\}")


def translated(text: str, language: str) -> str:
    """The text, its sentences one after the other; from the first that is not known on, it stays."""
    for pattern, template in _phrases(language):
        found = pattern.match(text)
        if found is not None:
            said = template.format(**found.groupdict())
            rest = text[found.end() :]
            return f"{said} {translated(rest, language)}" if rest else said
    return text


@cache
def _phrases(language: str) -> list[tuple[re.Pattern[str], str]]:
    """Longer templates first, so that none is taken for the beginning of another. Only files of the folder can be named."""
    files = {path.stem: path for path in FOLDER.glob("*.yaml")}
    known: dict[str, str] = read(files[language].read_text("utf-8")).values[0] if language in files else {}
    return [(_pattern(each), known[each]) for each in sorted(known, key=len, reverse=True)]


def _pattern(template: str) -> re.Pattern[str]:
    """A sentence ends where the text does, or before a blank. Places never hold the end of one sentence and the beginning of the next."""
    return re.compile(_PLACE.sub(r"(?P<\1>(?:(?![.:] ).)+?)", re.escape(template)) + r"(?:\s+|\Z)")
