"""MinHash sketches of posts, and the pairs of posts whose sketches agree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from postlint.fingerprint import I64, U64
from postlint.pairs import best, counted, neighbours, split

SLOTS = 128
"""Slots of a sketch (one-permutation MinHash: Li, Owen, Zhang 2012)."""
BAND = 4
"""Slots in a band. 32 bands of 4 miss a pair of resemblance .8 once in 20 million, and one of .5 in eight."""
MARGIN = 0.25
"""How far an estimate may lie below the resemblance asked for: seven standard deviations at .8."""
_EMPTY = np.uint32(0xFFFFFFFF)
_BATCH = 1 << 14


def sketch(shingles: U64, owners: NDArray[np.integer], posts: int) -> NDArray[np.uint32]:
    """Sketches (posts, SLOTS): the least 32-bit value of each slot among the shingles of a post, all ones where none.

    `owners` has the post of each shingle.
    """
    found = np.full(posts * SLOTS, _EMPTY)
    slot = (shingles >> np.uint64(57)).astype(np.int64)
    slot += owners * SLOTS
    value = (shingles >> np.uint64(20)).astype(np.uint32)
    np.minimum.at(found, slot, value)
    return found.reshape(posts, SLOTS)


def candidates(sketches: NDArray[np.uint32], posts: I64, resemblance: float) -> U64:
    """Pairs among `posts` that may resemble each other as much as asked: (first << 32 | second), in order.

    Each post keeps the few partners whose sketches agree best with its own.
    """
    # A multiplier a slot, so that the four values of a band make one key.
    weights = np.array(
        [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], dtype=np.uint64
    )
    found = np.zeros(0, dtype=np.uint64)
    for first in range(0, SLOTS, BAND):
        band = sketches[posts, first : first + BAND]
        filled = np.flatnonzero((band != _EMPTY).any(axis=1))
        keys = (band[filled].astype(np.uint64) * weights).sum(axis=1, dtype=np.uint64)
        keys ^= keys >> np.uint64(32)
        keys *= weights[0]
        found = np.concatenate((found, neighbours(keys, posts[filled])))
        if len(found) > 1 << 21:
            found = counted(found)[0]
    pairs = counted(found)[0]
    agreeing, filled_slots = _agreement(sketches, pairs)
    likely = agreeing >= (resemblance - MARGIN) * filled_slots
    pairs, agreeing = pairs[likely], agreeing[likely]
    return pairs[best(pairs, agreeing)]


def _agreement(sketches: NDArray[np.uint32], pairs: U64) -> tuple[I64, I64]:
    """In how many slots the sketches of each pair agree, and how many are filled in either."""
    # One byte a slot is enough to rank by, and keeps all sketches in the cache.
    small = (sketches & np.uint32(0xFF)).astype(np.uint8)
    empty = sketches == _EMPTY
    first, second = split(pairs)
    agreeing = np.zeros(len(pairs), dtype=np.int64)
    filled = np.zeros(len(pairs), dtype=np.int64)
    has_empty = empty.any(axis=1)
    for start in range(0, len(pairs), _BATCH):
        rows = slice(start, start + _BATCH)
        one, other = first[rows], second[rows]
        same = small[one] == small[other]
        filled[rows] = SLOTS
        sparse = np.flatnonzero(has_empty[one] | has_empty[other])
        if len(sparse):
            both_empty = empty[one[sparse]] & empty[other[sparse]]
            same[sparse] &= ~both_empty
            filled[rows][sparse] -= both_empty.sum(axis=1)
        agreeing[rows] = _row_sums(same)
    return agreeing, filled


def _row_sums(flags: NDArray[np.bool_]) -> I64:
    # Eight flags at a time: sums of 16 words whose bytes cannot overflow, then the bytes of one word.
    words = np.ascontiguousarray(flags).view(np.uint64).sum(axis=1, dtype=np.uint64)
    sums: I64 = np.ascontiguousarray(words).view(np.uint8).reshape(len(flags), 8).sum(axis=1, dtype=np.int64)
    return sums
