"""How much is a quantity, as in `500m` or `64Mi`?

Source: staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

_QUANTITY = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?[0-9]{1,2}))?")
_DECIMAL = {"n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}


def amount(quantity: str | float) -> Decimal | None:
    """The number that a quantity stands for, or None if it is none."""
    text = str(quantity)
    match = _QUANTITY.fullmatch(text) if len(text) <= 32 else None
    if match is None:
        return None
    number, suffix, exponent = match.groups()
    try:
        scaled = Decimal(number).scaleb(int(exponent or 0))
    except InvalidOperation:
        return None
    if suffix in _BINARY:
        return scaled * Decimal(1024) ** _BINARY[suffix]
    return scaled.scaleb(_DECIMAL.get(suffix or "", 0))
