"""Exact overlap of two ranges of shingles, for many pairs of ranges at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from postlint.fingerprint import I64, U64
from postlint.hashing import FOLD_MULTIPLIER

Read = Callable[[int, int], U64]
"""The shingles from one position to another."""

BATCH = 1 << 16
"""Shingles that are compared at a time: what stays in the cache."""
KEPT = 1 << 22
"""Shingles that are kept for pairs to come."""

_PLACE_BITS = 17
_SHIFTS = (64 - _PLACE_BITS, 64 - 2 * _PLACE_BITS, 64 - 3 * _PLACE_BITS)


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
    sizes = np.cumsum((ends - starts)[second])
    start = 0
    while start < len(first):
        before = sizes[start - 1] if start else 0
        end = max(int(np.searchsorted(sizes, before + BATCH)), start + 1)
        shared[start:end] = _shared(ranges, first[start:end], second[start:end])
        start = end
    return Overlap(shared, ranges.sizes[first], ranges.sizes[second])


def _shared(ranges: _Ranges, first: I64, second: I64) -> I64:
    """How many shingles the two ranges of each pair have in common."""
    ranges.load(np.concatenate((first, second)))
    new = np.ones(len(first), dtype=bool)
    new[1:] = first[1:] != first[:-1]
    owners = first[new]
    # Each owner's shingles are changed in a way of its own, so that those of several can be looked up together.
    marks = _marks(len(owners))
    members = ranges.joined(owners) ^ np.repeat(marks, ranges.sizes[owners])
    lengths = ranges.sizes[second]
    queries = ranges.joined(second) ^ np.repeat(marks[np.cumsum(new) - 1], lengths)
    found = np.concatenate(([0], np.cumsum(ranges.places.contained(members, queries))))
    edges = np.concatenate(([0], np.cumsum(lengths)))
    counts: I64 = np.diff(found[edges])
    return counts


def _marks(count: int) -> U64:
    return np.multiply.accumulate(np.full(count, FOLD_MULTIPLIER, dtype=np.uint64))


class _Places:
    """A place for each of many numbers, by some of its bits; the few whose place is taken get one by other bits."""

    def __init__(self) -> None:
        self._places = np.zeros(1 << _PLACE_BITS, dtype=np.int32)
        self._mask = np.uint64((1 << _PLACE_BITS) - 1)

    def _slots(self, numbers: U64, shift: int) -> I64:
        slots = numbers >> np.uint64(shift)
        if shift + _PLACE_BITS < 64:
            slots &= self._mask
        return slots.view(np.int64)

    def _place(self, numbers: U64, shift: int) -> tuple[I64, NDArray[np.int32]]:
        """The rows whose place is another's, and the row that has the place of each."""
        slots = self._slots(numbers, shift)
        rows = np.arange(len(numbers), dtype=np.int32)
        self._places[slots] = rows
        having = self._places.take(slots)
        return np.flatnonzero(having != rows), having

    def distinct(self, numbers: U64, attempt: int = 0) -> NDArray[np.bool_]:
        """One row of each number."""
        if attempt == len(_SHIFTS):
            chosen = np.zeros(len(numbers), dtype=bool)
            chosen[np.unique(numbers, return_index=True)[1]] = True
            return chosen
        without, having = self._place(numbers, _SHIFTS[attempt])
        chosen = np.ones(len(numbers), dtype=bool)
        if len(without):
            chosen[without] = False
            other = without[numbers[without] != numbers[having[without]]]
            chosen[other] = self.distinct(numbers[other], attempt + 1)
        return chosen

    def contained(self, members: U64, queries: U64, attempt: int = 0) -> NDArray[np.bool_]:
        """Which of the queries are among the members, none of which occurs twice."""
        if not len(members):
            return np.zeros(len(queries), dtype=bool)
        if attempt == len(_SHIFTS):
            return np.isin(queries, members)
        without, _ = self._place(members, _SHIFTS[attempt])
        # A place may still name a row from an earlier use: the number there is what counts.
        found: NDArray[np.bool_] = (
            members.take(self._places.take(self._slots(queries, _SHIFTS[attempt])), mode="clip") == queries
        )
        if len(without):
            missed = np.flatnonzero(~found)
            found[missed] = self.contained(members[without], queries[missed], attempt + 1)
        return found


class _Ranges:
    """Ranges as distinct shingles, read when first needed and kept for a while."""

    def __init__(self, read: Read, starts: I64, ends: I64) -> None:
        self._read, self._starts, self._ends = read, starts, ends
        self._kept: dict[int, U64] = {}
        self._size = 0
        self.places = _Places()
        self.sizes: I64 = np.zeros(len(starts), dtype=np.int64)
        """How many distinct shingles a range has, once it was read."""

    def load(self, wanted: I64) -> None:
        """Have these ranges at hand."""
        if self._size > KEPT:
            self._kept.clear()
            self._size = 0
        missing = [index for index in dict.fromkeys(wanted.tolist()) if index not in self._kept]
        if not missing:
            return
        bounds = zip(self._starts[missing].tolist(), self._ends[missing].tolist(), strict=True)
        numbers = np.concatenate([self._read(start, end) for start, end in bounds])
        lengths = self._ends[missing] - self._starts[missing]
        chosen = self.places.distinct(np.bitwise_xor(numbers, np.repeat(_marks(len(missing)), lengths)))
        if not chosen.all():
            before = np.concatenate(([0], np.cumsum(chosen)))
            edges = np.concatenate(([0], np.cumsum(lengths)))
            numbers, lengths = numbers[chosen], np.diff(before[edges])
        self.sizes[missing] = lengths
        end = 0
        for index, length in zip(missing, lengths.tolist(), strict=True):
            self._kept[index] = numbers[end : end + length]
            end += length
        self._size += end

    def joined(self, wanted: I64) -> U64:
        """The shingles of ranges that are at hand, one range after the other."""
        return np.concatenate([self._kept[index] for index in wanted.tolist()])
