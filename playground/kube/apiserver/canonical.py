"""How does the API server write an amount that was given as `0.5` or `1024Mi`?  In its shortest form with a whole number: `500m`, `1Gi`.

Source: staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go (CanonicalizeBytes), suffix.go.
"""

from __future__ import annotations

from decimal import ROUND_UP, Context, Decimal
from typing import Any

from playground.kube.apiserver.quantity import amount
from playground.kube.apiserver.schema import Field, Schema

BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
MOST = Decimal((1 << 63) - 1)
EXACT = Context(prec=80)
DECIMAL = {-9: "n", -6: "u", -3: "m", 0: "", 3: "k", 6: "M", 9: "G", 12: "T", 15: "P", 18: "E"}


def canonicalise(schema: Schema, document: dict[str, Any]) -> None:
    """Write every amount of a document of right types as the API server does, in place."""
    _walk(schema, schema.root(document["apiVersion"], document["kind"]), document)


def canonical(quantity: str | float) -> str | float:
    """An amount in its canonical form; what is no amount stays as it is."""
    number, text = amount(quantity), str(quantity)
    if number is None:
        return quantity
    number = max(-MOST, min(MOST, number))
    if text.endswith("i") and abs(number) >= 1024 and number == number.to_integral_value():
        return _binary(int(number))
    return _decimal(number, "e" in text.lower() and not text.endswith("E"))


def _walk(schema: Schema, field: Field, value: Any) -> None:
    if isinstance(value, list):
        for each in value:
            _walk(schema, field.get("items", {}), each)
    elif isinstance(value, dict):
        for name, each in value.items():
            child = schema.child(field, name)
            if child.get("type") == "quantity":
                value[name] = canonical(each)
            elif isinstance(each, (dict, list)):
                _walk(schema, child, each)


def _binary(number: int) -> str:
    power = 0
    while number % 1024 == 0 and power < len(BINARY) - 1:
        number, power = number // 1024, power + 1
    return f"{number}{BINARY[power]}"


def _decimal(number: Decimal, exponential: bool) -> str:
    """With an exponent that is a multiple of three, of billionths at least."""
    rounded = number.quantize(Decimal("1e-9"), ROUND_UP, EXACT)
    sign, digits, power = rounded.normalize(EXACT).as_tuple()
    whole, exponent = int("".join(map(str, digits))), int(power)
    if not whole:
        return "0"
    while exponent % 3 or exponent > max(DECIMAL):
        whole, exponent = whole * 10, exponent - 1
    suffix = (f"e{exponent}" if exponent else "") if exponential else DECIMAL[exponent]
    return f"{'-' if sign else ''}{whole}{suffix}"
