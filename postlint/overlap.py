"""Exact overlap of two ranges of shingles, for many pairs of ranges at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from postlint.fingerprint import I64, U64

Read = Callable[[int, int], U64]
"""The shingles from one position to another."""

BATCH = 1 << 15
"""Shingles that are merged at a time: what stays in the cache."""


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
    shared = [np.zeros(0, dtype=np.int64)]
    sizes: list[tuple[int, int]] = []
    batch: list[U64] = []
    size = 0
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        left, right = ranges.get(one), ranges.get(other)
        sizes.append((len(left), len(right)))
        batch += (left, right)
        size += len(left) + len(right)
        if size >= BATCH:
            shared.append(_shared(batch))
            batch, size = [], 0
    shared.append(_shared(batch))
    of_first, of_second = np.array(sizes, dtype=np.int64).reshape(-1, 2).T
    return Overlap(np.concatenate(shared), of_first, of_second)


def _shared(batch: list[U64]) -> I64:
    """How many numbers the first and second range have in common, the third and fourth, and so on."""
    count = len(batch) // 2
    if not count:
        return np.zeros(0, dtype=np.int64)
    lengths = np.array([len(numbers) for numbers in batch], dtype=np.int64).reshape(-1, 2).sum(axis=1)
    numbers = np.concatenate(batch)
    if count > 1:
        # The number of the pair above the upper bits of the shingle, so that pairs stay apart.
        bits = (count - 1).bit_length()
        numbers >>= np.uint64(bits)
        numbers |= np.repeat(np.arange(count, dtype=np.uint64) << np.uint64(64 - bits), lengths)
    # Sorted ranges, two and two: a stable sort merges such runs in one pass.
    numbers.sort(kind="stable")
    twice = np.concatenate(([0], np.cumsum(numbers[1:] == numbers[:-1]), [0]))
    edges = np.concatenate(([0], np.cumsum(lengths)))
    last = np.maximum(edges[1:] - 1, edges[:-1])
    counts: I64 = twice[last] - twice[edges[:-1]]
    return counts


class _Ranges:
    """Ranges as sorted distinct shingles, a few thousand kept at a time."""

    KEPT = 8192

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
