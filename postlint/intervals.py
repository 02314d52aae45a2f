"""Stretches of a text, asked whether one of them covers another stretch."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate


class Intervals:
    """Stretches from start to end. A question costs the logarithm of their number."""

    __slots__ = ("_furthest", "_starts")

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(stretches)
        self._starts = [start for start, _ in ordered]
        # Where the stretches that start here or before reach at most.
        self._furthest = list(accumulate((end for _, end in ordered), max))

    def cover(self, start: int, end: int) -> bool:
        """Whether one of the stretches begins at `start` or before and ends at `end` or after."""
        index = bisect_right(self._starts, start) - 1
        return index >= 0 and self._furthest[index] >= end
