"""Do drawn counts have the distribution that they say?  Moments and chi-square against the exact binomial."""

from __future__ import annotations

from math import comb, sqrt

import pytest

from playground.kube.chance import Chance
from playground.kube.explain.counts import binomial, multinomial
from tests.chisquare import chi_square_p

DRAWS = 4_000


@pytest.mark.parametrize(("n", "p"), [(5, 0.3), (40, 0.05), (200, 0.2), (100, 0.5), (60, 0.9), (1_000, 0.4)])
def test_counts_follow_the_binomial_distribution(n: int, p: float) -> None:
    chance = Chance(n)
    seen: dict[int, int] = {}
    for _ in range(DRAWS):
        k = binomial(chance, n, p)
        seen[k] = seen.get(k, 0) + 1
    cells = [(seen.get(k, 0), comb(n, k) * p**k * (1 - p) ** (n - k) * DRAWS) for k in range(n + 1)]
    kept = [(observed, expected) for observed, expected in cells if expected >= 5]
    rest = (DRAWS - sum(observed for observed, _ in kept), DRAWS - sum(expected for _, expected in kept))
    assert chi_square_p([*kept, rest] if rest[1] > 1 else kept) > 0.001


def test_a_million_has_the_right_mean_and_spread() -> None:
    chance, n, p = Chance(7), 1_000_000, 1 / 3
    drawn = [binomial(chance, n, p) for _ in range(500)]
    mean = sum(drawn) / len(drawn)
    spread = sqrt(sum((each - mean) ** 2 for each in drawn) / len(drawn))
    assert abs(mean - n * p) < 4 * sqrt(n * p * (1 - p) / len(drawn))
    assert 0.85 < spread / sqrt(n * p * (1 - p)) < 1.15


@pytest.mark.parametrize(("n", "p", "k"), [(0, 0.5, 0), (10, 0.0, 0), (10, 1.0, 10), (10, -1e-18, 0), (10, 1 + 1e-12, 10)])
def test_what_is_certain_is_not_drawn(n: int, p: float, k: int) -> None:
    chance = Chance(1)
    assert binomial(chance, n, p) == k
    assert chance.state == 1


def test_all_of_them_are_shared_out() -> None:
    assert sum(multinomial(Chance(3), 1_000_000, [0.5, 0.25, 0.125, 0.125])) == 1_000_000
    assert multinomial(Chance(3), 9, []) == []
    assert multinomial(Chance(3), 9, [1.0]) == [9]
