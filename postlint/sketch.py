"""MinHash sketches of posts, and the candidates of each: the posts whose sketches agree best with its own.

`sketch_one.py` is the twin for one post, in plain Python.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from postlint.fingerprint import I64, U64
from postlint.pairs import counted, directed, own_best, split, within
from postlint.sketch_layout import (
    BAND,
    BAND_MULTIPLIERS,
    BAND_SHIFT,
    BANDS,
    BEST,
    EMPTY,
    EMPTY_BYTE,
    KEY_BITS,
    KEY_SHIFT,
    NEXT_BITS,
    NEXT_SHIFTS,
    SLOTS,
    WINDOW,
    likely,
)

MOST_WAITING = 1 << 22
"""Pairs that are held before all but the promising are let go: what bounds the memory in a dense corpus."""
_EMPTY = np.uint32(EMPTY)
_BATCH = 1 << 14
_32 = np.uint64(32)

Clear = Callable[[I64, I64], NDArray[np.bool_]]
"""For rows of post numbers: whether the two posts may be compared."""


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


def low_bytes(sketches: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """A byte of each slot: what estimates are made of. It is enough to rank by, and keeps all posts in the cache."""
    low = sketches.astype(np.uint8)
    np.minimum(low, EMPTY_BYTE - 1, out=low)
    low[sketches == _EMPTY] = EMPTY_BYTE
    return low


def sort_keys(sketches: NDArray[np.uint32]) -> tuple[U64, NDArray[np.bool_]]:
    """By what posts stand in the order of each band, and whether they take part in it: both (BANDS, posts)."""
    keys = np.empty((BANDS, len(sketches)), dtype=np.uint64)
    filled = np.empty(keys.shape, dtype=bool)
    multipliers = np.array(BAND_MULTIPLIERS, dtype=np.uint64)
    for band in range(BANDS):
        slots = sketches[:, band * BAND : (band + 1) * BAND]
        mixed = (slots.astype(np.uint64) * multipliers).sum(axis=1, dtype=np.uint64)
        mixed ^= mixed >> _32
        mixed *= multipliers[0]
        mixed >>= np.uint64(64 - KEY_BITS)
        filled[band] = (slots != _EMPTY).any(axis=1)
        keys[band] = mixed * filled[band]
    upper = keys >> np.uint64(KEY_BITS - NEXT_BITS)
    keys <<= np.uint64(KEY_SHIFT)
    keys |= np.arange(BANDS, dtype=np.uint64)[:, None] << np.uint64(BAND_SHIFT)
    for step, shift in enumerate(NEXT_SHIFTS, 1):
        keys |= np.roll(upper, -step, axis=0) << np.uint64(shift)
    return keys, filled


def candidates(sketches: NDArray[np.uint32], posts: I64, resemblance: float, clear: Clear | None = None) -> U64:
    """The candidates of each of `posts` that may resemble it as much as asked: (post << 32 | candidate), in order.

    In each band the posts are put in the order of its key and of those of the bands that follow (as in an LSH forest:
    Bawa, Condie, Ganesan 2005), and each meets the few before and after it with the same key of the band. So the work
    is linear however many agree, and in a crowd the partners are still the most alike. Of those that it meets and that
    are `clear` to compare a post keeps those whose sketches agree best with its own, whatever they themselves keep.
    """
    keys, filled = sort_keys(sketches[posts])
    low = low_bytes(sketches)
    found = np.zeros(0, dtype=np.uint64)
    agreeing = np.zeros(0, dtype=np.int64)
    waiting: list[U64] = []
    for band in range(BANDS):
        waiting.append(_met(keys[band], filled[band], posts))
        if band == BANDS - 1 or sum(map(len, waiting)) > MOST_WAITING:
            # What is not among the best of either post so far will not be among the best of all.
            found, agreeing = _promising(low, counted(np.concatenate([found, *waiting]))[0], resemblance, clear)
            waiting = []
    return np.sort(own_best(directed(found), np.tile(agreeing, 2), BEST))


def _promising(low: NDArray[np.uint8], pairs: U64, resemblance: float, clear: Clear | None) -> tuple[U64, I64]:
    """The pairs that may resemble each other as much as asked, and are among the best of one of their posts."""
    agreeing, filled = _agreement(low, pairs)
    good = likely(agreeing, filled, resemblance)
    pairs, agreeing = pairs[good], agreeing[good]
    if clear is not None:
        good = clear(*split(pairs))
        pairs, agreeing = pairs[good], agreeing[good]
    good = _high(pairs, agreeing, len(low))
    return pairs[good], agreeing[good]


def _high(pairs: U64, agreeing: I64, posts: int) -> NDArray[np.bool_]:
    """Which pairs have a score that is among the BEST of either post, ties included: cheap, and leaves few to sort."""
    # Counts of each post's scores, from the highest down; two scores share a level, to save memory.
    levels = SLOTS // 2 + 1
    level = (SLOTS - agreeing) // 2
    high = np.zeros(len(pairs), dtype=bool)
    first, second = split(pairs)
    counts = np.bincount(first * levels + level, minlength=posts * levels)
    counts += np.bincount(second * levels + level, minlength=posts * levels)
    reached = np.cumsum(counts.reshape(posts, levels), axis=1) >= BEST
    cut = np.where(reached.any(axis=1), reached.argmax(axis=1), levels)
    high |= level <= cut[first]
    high |= level <= cut[second]
    return high


def _met(keys: U64, filled: NDArray[np.bool_], posts: I64) -> U64:
    """The pairs of posts that stand close in the order of a band and have the same key of it."""
    rows = np.flatnonzero(filled)
    # Most posts agree with no other: they need no place in the order.
    bits = np.uint64(64 - KEY_BITS)
    packed = keys[rows] >> np.uint64(KEY_SHIFT) << bits | rows.astype(np.uint64)
    packed.sort()
    same = packed[1:] >> bits == packed[:-1] >> bits
    grouped = np.zeros(len(packed), dtype=bool)
    grouped[1:] = same
    grouped[:-1] |= same
    rows = (packed[grouped] & np.uint64((1 << 64 - KEY_BITS) - 1)).astype(np.int64)
    rows = rows[np.argsort(keys[rows], kind="stable")]
    return within(keys[rows] >> np.uint64(KEY_SHIFT), posts[rows], WINDOW)


def _agreement(low: NDArray[np.uint8], pairs: U64) -> tuple[I64, I64]:
    """In how many slots the sketches of each pair agree, and how many are filled in either."""
    first, second = split(pairs)
    agreeing = np.zeros(len(pairs), dtype=np.int64)
    filled = np.full(len(pairs), SLOTS, dtype=np.int64)
    has_empty = (low == EMPTY_BYTE).any(axis=1)
    for start in range(0, len(pairs), _BATCH):
        rows = slice(start, start + _BATCH)
        one, other = first[rows], second[rows]
        agreeing[rows] = _row_sums(low[one] == low[other])
        sparse = np.flatnonzero(has_empty[one] & has_empty[other])
        if len(sparse):
            both = (low[one[sparse]] == EMPTY_BYTE) & (low[other[sparse]] == EMPTY_BYTE)
            empty = both.sum(axis=1)
            agreeing[rows][sparse] -= empty
            filled[rows][sparse] -= empty
    return agreeing, filled


def _row_sums(flags: NDArray[np.bool_]) -> I64:
    # Eight flags at a time: sums of 16 words whose bytes cannot overflow, then the bytes of one word.
    words = np.ascontiguousarray(flags).view(np.uint64).sum(axis=1, dtype=np.uint64)
    sums: I64 = np.ascontiguousarray(words).view(np.uint8).reshape(len(flags), 8).sum(axis=1, dtype=np.int64)
    return sums
