"""Which lessons are there?  Those of LESSONS_PATH, if an operator has a folder of their own, before those of the project; read once.

A lesson that is not sound is left out, with a warning: `manage.py check_lessons` says what is wrong with it.
"""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path

from django.conf import settings

from playground.curriculum.loader import Fault, Library, Unit, joined, load

logger = logging.getLogger(__name__)
OWN = Path("lessons")


@cache
def library() -> Library:
    """All lessons, in order."""
    own, faults = load(settings.BASE_DIR / OWN)
    if settings.LESSONS_PATH is not None:
        other, more = load(settings.LESSONS_PATH, own.units)
        own, faults = joined(other, own), [*faults, *more]
    for fault in faults:
        logger.warning("lesson left out: %s", fault)
    return own


def find(name: str) -> Unit:
    """The lesson of a name; KeyError."""
    return library().units[name]


def checked(folder: Path) -> tuple[Library, list[Fault]]:
    """A folder's lessons, read anew, and their faults; they may need lessons of the project."""
    own = (settings.BASE_DIR / OWN).resolve()
    return load(folder, () if folder.resolve() == own else load(own)[0].units)
