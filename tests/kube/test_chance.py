"""Chance is one integer: equal states draw equal numbers, evenly enough."""

from playground.kube.chance import SAFE_LETTERS, Chance


def test_the_numbers_are_those_of_splitmix64():
    """First outputs for seed 1234567, as published with the reference implementation (prng.di.unimi.it/splitmix64.c)."""
    chance = Chance(1234567)
    assert [chance.bits() for _ in range(3)] == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def test_equal_states_draw_equal_numbers():
    one, other = Chance(7), Chance(7)
    assert [one.below(10) for _ in range(50)] == [other.below(10) for _ in range(50)]
    assert one.state == other.state


def test_draws_below_n_are_even():
    chance, counts = Chance(3), [0] * 6
    for _ in range(6_000):
        counts[chance.below(6)] += 1
    assert sum((count - 1_000) ** 2 / 1_000 for count in counts) < 20.5  # chi-square, 5 degrees of freedom, p = 0.001


def test_fractions_stand_in_zero_to_one():
    chance = Chance(5)
    assert all(0 <= chance.fraction() < 1 for _ in range(1_000))


def test_between_reaches_both_ends():
    chance = Chance(11)
    assert {chance.between(2, 4) for _ in range(200)} == {2, 3, 4}


def test_suffixes_use_the_letters_kubernetes_uses():
    suffix = Chance(9).suffix(50)
    assert len(suffix) == 50
    assert set(suffix) <= set(SAFE_LETTERS)
