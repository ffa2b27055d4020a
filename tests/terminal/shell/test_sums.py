"""What is the value of an arithmetic expression?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.terminal.shell.sums import BadSum, value

NUMBERS = st.integers(0, 1_000).map(str)
SUMS = st.recursive(NUMBERS, lambda inner: st.tuples(inner, st.sampled_from("+ - * < > == != <= >=".split()), inner).map(
    lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
), max_leaves=8)  # fmt: skip


@given(SUMS)
def test_law_it_agrees_with_pythons_integers(text: str) -> None:
    assert value(text, {}) == int(eval(text))  # made of numbers and operators above


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", 0),
        ("-7 / 2", -3),
        ("-7 % 2", -1),
        ("9223372036854775807 + 1", -(1 << 63)),
        ("2 && 3", 1),
        ("0 || 0", 0),
        ("!0", 1),
        ("-3", -3),
        ("x + 1", 6),
        ("u", 0),
    ],
)
def test_values(text: str, found: int) -> None:
    assert value(text, {"x": "5"}) == found


def test_assignments_change_variables() -> None:
    variables = {"i": "1"}
    assert value("i = i + 4", variables) == 5
    assert value("i -= 2", variables) == 3
    assert variables == {"i": "3"}


@pytest.mark.parametrize("text", ["1 +", "1 2", "(1", "1)", "1 / 0", "a b", "$", "x", "(" * 100 + "1" + ")" * 100])
def test_what_is_no_expression_is_told(text: str) -> None:
    with pytest.raises(BadSum):
        value(text, {"x": "hello world"})
