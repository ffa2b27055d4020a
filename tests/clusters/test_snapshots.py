"""Which snapshots are let go of?"""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from playground.clusters.snapshots import too_many


@given(st.lists(st.integers(0, 10**9), max_size=40), st.integers(2, 20))
def test_as_many_stay_as_may_and_both_ends_are_among_them(moments: list[int], most: int) -> None:
    gone = too_many(sorted(moments), most)
    assert len(moments) - len(gone) == min(len(moments), most)
    assert len(set(gone)) == len(gone)
    assert not {0, len(moments) - 1} & set(gone)


def test_the_past_thins_out_faster_than_the_present() -> None:
    moments = [1_000_000 * second for second in range(1, 101)]
    gone = set(too_many(moments, 12))
    kept = [moment for place, moment in enumerate(moments) if place not in gone]
    gaps = [after - before for before, after in itertools.pairwise(kept)]
    assert gaps[-1] < gaps[0]
