"""Does every lesson of the project work?  Each is played by its solution, its alternatives and its wrong answers, with three seeds."""

import pytest
from django.conf import settings

from playground.clusters.library import OWN
from playground.clusters.management.commands.check_lessons import proven
from playground.curriculum.loader import Unit, load

FOLDER = settings.BASE_DIR / OWN
LIBRARY, FAULTS = load(FOLDER)


def test_every_lesson_is_sound() -> None:
    assert [str(each) for each in FAULTS] == []


@pytest.mark.parametrize("unit", LIBRARY.units.values(), ids=LIBRARY.units)
def test_a_lesson_works(unit: Unit) -> None:
    assert [str(each) for each in proven(unit, FOLDER)] == []
