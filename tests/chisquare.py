"""How likely is it that counts differ from what is expected as much as these do, by chance alone?"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, lgamma, log


def chi_square_p(cells: Sequence[tuple[float, float]]) -> float:
    """The p-value of (observed, expected) cells with one degree of freedom less than cells; 1 for a single cell."""
    if len(cells) < 2:
        return 1.0
    distance = sum((observed - expected) ** 2 / expected for observed, expected in cells)
    return _upper_gamma((len(cells) - 1) / 2, distance / 2)


def _upper_gamma(a: float, x: float) -> float:
    """The regularised upper incomplete gamma function: a series below a + 1, a continued fraction above (Lentz)."""
    if x <= 0:
        return 1.0
    front = exp(-x + a * log(x) - lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        for k in range(1, 10_000):
            term *= x / (a + k)
            total += term
            if term < total * 1e-15:
                break
        return 1 - front * total
    b, c = x + 1 - a, 1e300
    d = h = 1 / b
    for k in range(1, 10_000):
        step = -k * (k - a)
        b += 2
        d = 1 / (step * d + b)
        c = b + step / c
        h *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return front * h
