"""Which shares do a band's words mean?"""

import pytest

from playground.curriculum.bands import Band


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("100%", [100], [99, 0]),
        ("0%", [0], [1]),
        ("27% to 40%", [27, 33, 40], [26, 41]),
        ("at least 95%", [95, 100], [94]),
        ("at most 2%", [0, 2], [3]),
    ],
)
def test_a_band_holds_the_shares_that_it_names(text: str, inside: list[int], outside: list[int]) -> None:
    band = Band(text)
    assert all(band.holds(each, 100) for each in inside)
    assert not any(band.holds(each, 100) for each in outside)
    assert str(band) == text


def test_of_nothing_no_band_holds() -> None:
    assert not Band("100%").holds(0, 0)


@pytest.mark.parametrize("text", ["", "100", "40% to 27%", "101%", "about 3%", "-1%", "27%-40%"])
def test_other_words_are_refused_with_the_words_that_are_understood(text: str) -> None:
    with pytest.raises(ValueError, match="expected 100%, 27% to 40%, at least 95% or at most 2%"):
        Band(text)
