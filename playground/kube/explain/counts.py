"""How many of n requests meet each fate?  Drawn from the multinomial distribution, in a time that does not grow with n.

Source: W. Hormann, The generation of binomial random variates (1993), algorithm BTRS; L. Devroye, Non-Uniform Random
Variate Generation (1986), section X.4 (second waiting time method) for few expected.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, lgamma, log, log1p, sqrt

from playground.kube.chance import Chance

FEW = 10


def multinomial(chance: Chance, n: int, probabilities: Sequence[float]) -> list[int]:
    """How often each of these happens in n draws; the probabilities add up to 1."""
    counts, left, rest = [], n, 1.0
    for probability in probabilities[:-1]:
        share = min(1.0, max(0.0, probability / rest)) if rest > 0 else 0.0
        counts.append(binomial(chance, left, share))
        left -= counts[-1]
        rest -= probability
    return [*counts, left] if probabilities else []


def binomial(chance: Chance, n: int, p: float) -> int:
    """How often something of probability p happens in n draws."""
    if n == 0 or p <= 0:
        return 0
    if p >= 1:
        return n
    if p > 0.5:
        return n - binomial(chance, n, 1 - p)
    return _by_waiting(chance, n, p) if n * p < FEW else _by_rejection(chance, n, p)


def _by_waiting(chance: Chance, n: int, p: float) -> int:
    """Add up how long one waits for each success, until that is longer than n."""
    successes, waited = -1, 0.0
    while waited <= n:
        successes += 1
        waited += floor(log(_positive(chance)) / log1p(-p)) + 1
    return successes


def _by_rejection(chance: Chance, n: int, p: float) -> int:
    """Transformed rejection: a point under a hat, put back if it is above the true density."""
    spread, odds = sqrt(n * p * (1 - p)), log(p / (1 - p))
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * p
    squeeze, alpha, mode = 0.92 - 4.2 / b, (2.83 + 5.1 / b) * spread, floor((n + 1) * p)
    top = lgamma(mode + 1) + lgamma(n - mode + 1)
    while True:
        u, v = chance.fraction() - 0.5, _positive(chance)
        edge = 0.5 - abs(u)
        if edge <= 0:
            continue
        k = floor((2 * a / edge + b) * u + n * p + 0.5)
        if edge >= 0.07 and v <= squeeze:
            return k
        if 0 <= k <= n and log(v * alpha / (a / (edge * edge) + b)) <= top - lgamma(k + 1) - lgamma(n - k + 1) + (k - mode) * odds:
            return k


def _positive(chance: Chance) -> float:
    """A number drawn evenly from (0, 1]."""
    return 1.0 - chance.fraction()
