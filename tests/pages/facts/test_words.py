"""How are times, counts and lists written?"""

import pytest

from playground.pages.facts import words

SECOND = 1_000_000
AGES = {
    "nothing yet": (0, "0s"),
    "less than two minutes in seconds": (119, "119s"),
    "minutes and seconds": (134, "2m14s"),
    "whole minutes": (180, "3m"),
    "many minutes": (45 * 60, "45m"),
    "hours and minutes": (3 * 3600 + 300, "3h5m"),
    "many hours": (30 * 3600, "30h"),
    "days and hours": (50 * 3600, "2d2h"),
    "many days": (20 * 86400, "20d"),
}


@pytest.mark.parametrize(("seconds", "said"), AGES.values(), ids=AGES)
def test_age(seconds: int, said: str) -> None:
    assert words.age(seconds * SECOND) == said


def test_moment() -> None:
    assert words.moment(134_600_000) == "02:14.6"


def test_counted() -> None:
    assert [words.counted(number, "Pod") for number in (0, 1, 2)] == ["no Pods", "1 Pod", "2 Pods"]


def test_listed() -> None:
    assert [words.listed(list(text)) for text in ("", "a", "ab", "abc")] == ["", "a", "a and b", "a, b and c"]
