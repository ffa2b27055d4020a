"""How much is a quantity, and how is it written again?

Source: apimachinery pkg/api/resource/quantity.go (canonical form).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

_SUFFIXES = {"n": Fraction(1, 10**9), "u": Fraction(1, 10**6), "m": Fraction(1, 1000), "": Fraction(1), "k": Fraction(10**3), "M": Fraction(10**6),
             "G": Fraction(10**9), "T": Fraction(10**12), "P": Fraction(10**15), "E": Fraction(10**18),
             "Ki": Fraction(2**10), "Mi": Fraction(2**20), "Gi": Fraction(2**30),
             "Ti": Fraction(2**40), "Pi": Fraction(2**50), "Ei": Fraction(2**60)}  # fmt: skip


def milli(quantity: Any) -> int:
    return -(-_value(quantity) * 1000 // 1)


def bytes_of(quantity: Any) -> int:
    return -(-_value(quantity) // 1)


def shown(name: str, amount: int) -> str:
    """`250m` CPUs, `128Mi` bytes."""
    if name == "cpu":
        return f"{amount}m" if amount % 1000 else str(amount // 1000)
    for suffix in ("Ei", "Pi", "Ti", "Gi", "Mi", "Ki"):
        size = int(_SUFFIXES[suffix])
        if amount and not amount % size:
            return f"{amount // size}{suffix}"
    return str(amount)


def _value(quantity: Any) -> Fraction:
    text = str(quantity)
    suffix = text.lstrip("+-0123456789.")
    return Fraction(text[: len(text) - len(suffix)]) * _SUFFIXES[suffix] if suffix in _SUFFIXES else Fraction(text)
