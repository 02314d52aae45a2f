"""Exact overlap of two ranges of shingles, for many pairs of ranges at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from postlint.fingerprint import I64, U64

Read = Callable[[int, int], U64]
"""The shingles from one position to another."""

BATCH = 1 << 11
"""Shingles that are searched in at a time: a search is fast in what fits in the innermost cache."""


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
    shared: list[I64] = []
    of_first: list[int] = []
    of_second: list[int] = []
    # The ranges to search in, each once, and those to look up with the number of the one they are looked up in.
    lefts: list[U64] = []
    rights: list[U64] = []
    searched: list[int] = []
    size = 0
    previous = -1
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        if one != previous:
            if size >= BATCH:
                shared.append(_shared(lefts, rights, searched))
                lefts, rights, searched = [], [], []
                size = 0
            lefts.append(ranges.get(one))
            size += len(lefts[-1])
            previous = one
        rights.append(ranges.get(other))
        searched.append(len(lefts) - 1)
        of_first.append(len(lefts[-1]))
        of_second.append(len(rights[-1]))
    shared.append(_shared(lefts, rights, searched))
    return Overlap(np.concatenate(shared), np.array(of_first, dtype=np.int64), np.array(of_second, dtype=np.int64))


def _shared(lefts: list[U64], rights: list[U64], searched: list[int]) -> I64:
    sizes = [len(right) for right in rights]
    if not sum(sizes) or not sum(map(len, lefts)):
        return np.zeros(len(rights), dtype=np.int64)
    left, right = np.concatenate(lefts), np.concatenate(rights)
    if len(lefts) > 1:
        # The number of the range above the upper bits of the shingle: one sorted array, one search for all pairs.
        bits = (len(lefts) - 1).bit_length()
        shift, above = np.uint64(bits), np.uint64(64 - bits)
        number = np.arange(len(lefts), dtype=np.uint64) << above
        left = (left >> shift) | np.repeat(number, [len(one) for one in lefts])
        right = (right >> shift) | np.repeat(number[searched], sizes)
    positions = left.searchsorted(right)
    positions[positions == len(left)] = 0
    hits = np.concatenate(([0], np.cumsum(left[positions] == right)))
    edges = np.concatenate(([0], np.cumsum(sizes)))
    counts: I64 = hits[edges[1:]] - hits[edges[:-1]]
    return counts


class _Ranges:
    """Ranges as sorted distinct shingles, a few thousand kept at a time."""

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
                self._kept.clear()
            self._kept[index] = found
        return found
