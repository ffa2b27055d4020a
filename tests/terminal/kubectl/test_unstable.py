"""Does the sort leave equals where Go's sort.Sort leaves them?  Whole runs are compared with the real kubectl, in the table."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from playground.terminal.kubectl.unstable import sort


@given(st.lists(st.integers(0, 9), max_size=200))
def test_it_sorts(numbers: list[int]) -> None:
    assert sort(numbers, lambda each: each) == sorted(numbers)


def test_of_few_equals_keep_their_order_and_of_many_they_do_not() -> None:
    few = [(0, place) for place in range(12)]
    assert sort(few, lambda pair: pair[0]) == few
    many = [(place % 2, place) for place in range(40)]
    assert sort(many, lambda pair: pair[0]) != sorted(many, key=lambda pair: pair[0])
