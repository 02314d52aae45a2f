"""Intervals against a look at every stretch."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from postlint.intervals import Intervals

STRETCHES = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda pair: (min(pair), max(pair)))


@given(st.lists(STRETCHES, max_size=8), STRETCHES)
def test_cover(stretches: list[tuple[int, int]], asked: tuple[int, int]) -> None:
    expected = any(start <= asked[0] and asked[1] <= end for start, end in stretches)
    assert Intervals(stretches).cover(*asked) is expected
