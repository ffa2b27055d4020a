"""Where does the cluster's chance come from?  From one integer: the same seed draws the same numbers on any machine.

SplitMix64 (Steele, Lea, Flood 2014): the state advances by a constant, the output is a mix of the state.
"""

from __future__ import annotations

MASK = (1 << 64) - 1
GAMMA = 0x9E3779B97F4A7C15
# Kubernetes draws the suffixes of generated names from these letters (apimachinery/pkg/util/rand/rand.go).
SAFE_LETTERS = "bcdfghjklmnpqrstvwxz2456789"


class Chance:
    """A generator whose whole state is `state`, an integer below 2**64."""

    __slots__ = ("state",)

    def __init__(self, state: int):
        self.state = state & MASK

    def bits(self) -> int:
        """The next 64 random bits."""
        self.state = value = (self.state + GAMMA) & MASK
        value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
        return value ^ (value >> 31)

    def fraction(self) -> float:
        """A number drawn evenly from [0, 1), with 53 bits."""
        return (self.bits() >> 11) / (1 << 53)

    def below(self, n: int) -> int:
        """An integer drawn evenly from 0 .. n-1 (the bias is below n / 2**64)."""
        return (self.bits() * n) >> 64

    def bits_among(self, n: int) -> int:
        """The next 64 random bits, which are to choose one of n: that at `bits * n >> 64`."""
        return self.bits()

    def between(self, low: int, high: int) -> int:
        """An integer drawn evenly from low .. high, both included."""
        return low + self.below(high - low + 1)

    def suffix(self, length: int = 5) -> str:
        """Random letters as Kubernetes appends them to generated names."""
        return "".join(SAFE_LETTERS[self.below(len(SAFE_LETTERS))] for _ in range(length))


def mix(value: int) -> int:
    """Scramble an integer below 2**64 into another, one to one."""
    return Chance(value - GAMMA).bits()
