"""Exact overlap of two ranges of shingles, for many pairs of ranges at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from postlint.fingerprint import I64, U64

Read = Callable[[int, int], U64]
"""The shingles from one position to another."""

BATCH = 1 << 16
"""Shingles that are compared at a time: what fits in the cache with its sort."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Counts of distinct shingles, a row a pair."""

    shared: I64
    of_first: I64
    of_second: I64

    @property
    def resemblance(self) -> NDArray[np.float64]:
        """Jaccard: shared over all, 0 to 1."""
        ratio: NDArray[np.float64] = self.shared / np.maximum(self.of_first + self.of_second - self.shared, 1)
        return ratio

    @property
    def containment(self) -> NDArray[np.float64]:
        """Shared over those of the smaller one, 0 to 1."""
        ratio: NDArray[np.float64] = self.shared / np.maximum(np.minimum(self.of_first, self.of_second), 1)
        return ratio


def overlap(read: Read, starts: I64, ends: I64, first: I64, second: I64) -> Overlap:
    """The overlap of pairs of ranges. Range i is what `read(starts[i], ends[i])` gives. Pairs are best in order."""
    ranges = _Ranges(read, starts, ends)
    shared = np.zeros(len(first), dtype=np.int64)
    of_first = np.zeros(len(first), dtype=np.int64)
    of_second = np.zeros(len(first), dtype=np.int64)
    lefts: list[U64] = []
    rights: list[U64] = []
    begin = size = 0
    for row, (one, other) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        left, right = ranges.get(one), ranges.get(other)
        of_first[row], of_second[row] = len(left), len(right)
        lefts.append(left)
        rights.append(right)
        size += len(left) + len(right)
        if size >= BATCH or row == len(first) - 1:
            shared[begin : row + 1] = _shared(lefts, rights)
            lefts, rights = [], []
            begin, size = row + 1, 0
    return Overlap(shared, of_first, of_second)


def _shared(lefts: list[U64], rights: list[U64]) -> I64:
    count = len(lefts)
    # The number of the pair above the upper bits of the shingle: one sorted array a side, one search for all pairs.
    bits = max((count - 1).bit_length(), 1)
    shift, above = np.uint64(bits), np.uint64(64 - bits)
    pair = np.arange(count, dtype=np.uint64) << above
    left_pair = np.repeat(pair, [len(left) for left in lefts])
    right_sizes = [len(right) for right in rights]
    left = (np.concatenate(lefts) >> shift) | left_pair
    right = (np.concatenate(rights) >> shift) | np.repeat(pair, right_sizes)
    if not len(left) or not len(right):
        return np.zeros(count, dtype=np.int64)
    positions = np.searchsorted(left, right)
    positions[positions == len(left)] = 0
    hits = left[positions] == right
    return np.bincount(np.repeat(np.arange(count), right_sizes)[hits], minlength=count)


class _Ranges:
    """Ranges as sorted distinct shingles, the last few thousand kept."""

    KEPT = 4096

    def __init__(self, read: Read, starts: I64, ends: I64) -> None:
        self._read, self._starts, self._ends = read, starts, ends
        self._kept: dict[int, U64] = {}

    def get(self, index: int) -> U64:
        found = self._kept.get(index)
        if found is None:
            found = np.sort(self._read(int(self._starts[index]), int(self._ends[index])))
            if len(found):
                found = found[np.concatenate(([True], found[1:] != found[:-1]))]
            if len(self._kept) >= self.KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[index] = found
        return found
