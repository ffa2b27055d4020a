"""Which lessons are there, in which order, and in which language?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from playground.clusters.library import library
from playground.curriculum.loader import Unit
from playground.curriculum.prose import Prose


class Place(NamedTuple):
    """Where a lesson stands: the number in all lessons, how many there are, and the title of its part by language."""

    number: int
    of: int
    part: dict[str, str]


def units() -> list[Unit]:
    """Every lesson, in order."""
    known = library()
    return [known.units[name] for part in known.tracks.parts for name in part.lessons if name in known.units]


def place(name: str) -> Place:
    """KeyError if there is no such lesson."""
    known = library()
    order = [each.name for each in units()]
    part = next((each.title for each in known.tracks.parts if name in each.lessons), None)
    if part is None or name not in order:
        raise KeyError(name)
    return Place(order.index(name) + 1, len(order), part)


def told(unit: Unit, wanted: Sequence[str]) -> tuple[str, Prose]:
    """A lesson's words in the first of these languages that it has, and which that is."""
    language = next((each for each in wanted if each in unit.prose), "en")
    return language, unit.words(language)


def title(titles: dict[str, str], language: str) -> str:
    return titles.get(language) or titles.get("en") or next(iter(titles.values()), "")
