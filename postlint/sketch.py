"""MinHash sketches of posts, and the pairs of posts whose sketches agree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from postlint.fingerprint import I64, U64
from postlint.pairs import best, counted, split

SLOTS = 128
"""Slots of a sketch (one-permutation MinHash: Li, Owen, Zhang 2012)."""
BAND = 4
"""Slots in a band. 32 bands of 4 miss a pair of resemblance .8 once in 20 million, and one of .5 in eight."""
DEPTH = 2
"""How many further bands order the posts that agree in one: the more alike two posts are, the closer they stand."""
WINDOW = 8
"""How many followers in that order a post is compared with."""
BEST = 6
"""How many partners of a post are verified: those whose sketches agree best with its own."""
MARGIN = 0.25
"""How far an estimate may lie below the resemblance asked for: seven standard deviations at .8."""
MOST_WAITING = 1 << 22
"""Pairs that are held before all but the promising are let go: what bounds the memory in a dense corpus."""
_EMPTY = np.uint32(0xFFFFFFFF)
_BATCH = 1 << 14
_32 = np.uint64(32)


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

    In each band the posts that agree in it are put in the order of the bands that follow (as in an LSH forest: Bawa,
    Condie, Ganesan 2005), and each is paired with the next few. So the work is linear however many agree, and in a
    crowd the partners are still the most alike. Each post keeps those whose sketches agree best with its own.
    """
    keys = [_band_keys(sketches[posts, first : first + BAND]) for first in range(0, SLOTS, BAND)]
    found = np.zeros(0, dtype=np.uint64)
    waiting: list[U64] = []
    for band in range(len(keys)):
        waiting.append(_linked(keys, band, posts))
        if band == len(keys) - 1 or sum(map(len, waiting)) > MOST_WAITING:
            # What is not among the best of either post so far will not be among the best of all.
            found = _promising(sketches, counted(np.concatenate([found, *waiting]))[0], resemblance)
            waiting = []
    agreeing, _ = _agreement(sketches, found)
    return found[best(found, agreeing, BEST)]


def _promising(sketches: NDArray[np.uint32], pairs: U64, resemblance: float) -> U64:
    """The pairs that may resemble each other as much as asked, and are among the best of one of their posts."""
    agreeing, filled_slots = _agreement(sketches, pairs)
    likely = agreeing >= (resemblance - MARGIN) * filled_slots
    pairs, agreeing = pairs[likely], agreeing[likely]
    return pairs[_high(pairs, agreeing, len(sketches))]


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


def _band_keys(band: NDArray[np.uint32]) -> U64:
    """One key for the values of a band; 0 where all its slots are empty."""
    # A multiplier a slot, so that the values of a band make one key.
    weights = np.array(
        [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], dtype=np.uint64
    )
    keys: U64 = (band.astype(np.uint64) * weights).sum(axis=1, dtype=np.uint64)
    keys ^= keys >> _32
    keys *= weights[0]
    keys[(band == _EMPTY).all(axis=1)] = 0
    return keys


def _linked(keys: list[U64], band: int, posts: I64) -> U64:
    """Pairs of posts that agree in a band and stand close in the order of the bands that follow."""
    order = np.argsort(keys[band], kind="stable")
    ordered = keys[band][order]
    same = ordered[1:] == ordered[:-1]
    grouped = np.zeros(len(order), dtype=bool)
    grouped[1:] = same
    grouped[:-1] |= same
    rows = order[grouped & (ordered != 0)]
    following = [keys[(band + step) % len(keys)][rows] for step in range(DEPTH, -1, -1)]
    rows = rows[np.lexsort(following)]
    key = keys[band][rows]
    found = []
    for step in range(1, WINDOW + 1):
        near = np.flatnonzero(key[step:] == key[:-step])
        first, second = posts[rows[near]], posts[rows[near + step]]
        low, high = np.minimum(first, second), np.maximum(first, second)
        found.append(low.astype(np.uint64) << _32 | high.astype(np.uint64))
    return np.concatenate(found)


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
