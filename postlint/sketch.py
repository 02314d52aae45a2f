"""MinHash sketches of posts, and the candidates of each: the posts whose sketches agree best with its own.

`sketch_one.py` is the twin for one post, in plain Python.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from postlint.fingerprint import I64, U64
from postlint.pairs import distinct, pack_pairs, within
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

WAITING = 8
"""Candidates a post that are held before all but the best are let go: what bounds the memory in a dense corpus."""
_EMPTY = np.uint32(EMPTY)
_POSTS = 256
_PAIRS = 2048
_TO_SLOT = np.uint64(64 - (SLOTS - 1).bit_length())
_UPPER_HALF = 1 if sys.byteorder == "little" else 0
_32 = np.uint64(32)

Clear = Callable[[I64, I64], NDArray[np.bool_]]
"""For rows of post numbers: whether the two posts may be compared."""


def sketch(shingles: U64, owners: NDArray[np.integer], posts: int) -> NDArray[np.uint32]:
    """Sketches (posts, SLOTS): the least 32-bit value of each slot among the shingles of a post, all ones where none.

    `owners` has the post of each shingle. A shingle's slot is its uppermost bits, its value the upper half.
    """
    found = np.full(posts * SLOTS, _EMPTY)
    slots = (shingles >> _TO_SLOT).view(np.int64)
    slots += owners * SLOTS
    np.minimum.at(found, slots, shingles.view(np.uint32)[_UPPER_HALF::2])
    return found.reshape(posts, SLOTS)


def sketch_ranges(shingles: U64, starts: I64, ends: I64) -> NDArray[np.uint32]:
    """The sketches of posts whose shingles are each `shingles[start:end]`; those between two posts are of neither."""
    lengths = np.diff(np.stack((starts, ends), axis=1).ravel(), append=len(shingles))
    # What stands between goes to a post more than there are.
    owners = np.full(2 * len(starts), len(starts))
    owners[::2] = np.arange(len(starts))
    return sketch(shingles, np.repeat(owners, lengths), len(starts) + 1)[:-1]


def low_bytes(sketches: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """A byte of each slot: what estimates are made of. It is enough to rank by, and keeps all posts in the cache."""
    low = sketches.astype(np.uint8)
    np.minimum(low, EMPTY_BYTE - 1, out=low)
    low[sketches == _EMPTY] = EMPTY_BYTE
    return low


def sort_keys(sketches: NDArray[np.uint32]) -> tuple[U64, NDArray[np.bool_]]:
    """By what posts stand in the order of each band, and whether they take part in it: both (BANDS, posts)."""
    keys = np.zeros((BANDS, len(sketches)), dtype=np.uint64)
    filled = np.zeros(keys.shape, dtype=bool)
    for slot in range(BAND):
        slots = sketches[:, slot::BAND].T
        filled |= slots != _EMPTY
        keys += slots * np.uint64(BAND_MULTIPLIERS[slot])
    keys ^= keys >> _32
    keys *= np.uint64(BAND_MULTIPLIERS[0])
    keys >>= np.uint64(64 - KEY_BITS)
    keys *= filled
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
    Posts are in order, 2**28 at most.
    """
    keys = np.empty((BANDS, len(posts)), dtype=np.uint64)
    filled = np.empty(keys.shape, dtype=bool)
    low = np.empty((len(posts), SLOTS), dtype=np.uint8)
    for start in range(0, len(posts), _POSTS):
        batch = slice(start, start + _POSTS)
        sketches_of_batch = sketches[posts[batch]]
        keys[:, batch], filled[:, batch] = sort_keys(sketches_of_batch)
        low[batch] = low_bytes(sketches_of_batch)
    best = _OwnBest(posts, clear)
    for band in range(BANDS):
        rows, groups = _order(keys[band], filled[band])
        in_order = low.take(rows, axis=0)
        has_empty = (in_order == EMPTY_BYTE).any(axis=1)
        for near, step in within(groups, WINDOW):
            for start in range(0, len(near), _PAIRS):
                first = near[start : start + _PAIRS]
                agreeing, filled_slots = agreement(in_order, has_empty, first, first + step)
                good = likely(agreeing, filled_slots, resemblance)
                best.offer(rows[first[good]], rows[first[good] + step], agreeing[good])
    return best.rows()


def _order(keys: U64, filled: NDArray[np.bool_]) -> tuple[I64, U64]:
    """The rows that agree in a band with another one, in its order, and its key (equal where they agree)."""
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
    ordered = keys[rows]
    order = np.argsort(ordered, kind="stable")
    return rows[order], ordered[order] >> np.uint64(KEY_SHIFT)


def agreement(
    low: NDArray[np.uint8], has_empty: NDArray[np.bool_], first: I64, second: I64
) -> tuple[I64, I64 | np.int64]:
    """In how many slots the sketches of each pair agree, and how many are filled in either."""
    # A bit a slot, then the bits of two numbers.
    same = np.packbits(low.take(first, axis=0) == low.take(second, axis=0)).view(np.uint64)
    bits = np.bitwise_count(same).reshape(-1, 2)
    agreeing = np.add(bits[:, 0], bits[:, 1], dtype=np.int64)
    sparse = np.flatnonzero(has_empty[first] & has_empty[second])
    if not len(sparse):
        return agreeing, np.int64(SLOTS)
    both = (low[first[sparse]] == EMPTY_BYTE) & (low[second[sparse]] == EMPTY_BYTE)
    empty = both.sum(axis=1)
    agreeing[sparse] -= empty
    filled = np.full(len(first), SLOTS, dtype=np.int64)
    filled[sparse] -= empty
    return agreeing, filled


class _OwnBest:
    """The best candidates of each row so far: numbers of owner, disagreement and partner, so that they can be sorted.

    What is not among the best of its owner so far will not be among the best of all, and is let go.
    """

    _PARTNER = 28
    _OWNER = 36

    def __init__(self, posts: I64, clear: Clear | None) -> None:
        self._posts, self._clear = posts, clear
        self._kept = np.zeros(0, dtype=np.uint64)
        self._waiting: list[U64] = []
        self._count = 0
        self._least = np.zeros(len(posts), dtype=np.int64)
        """What a row's candidate must agree to be among its best."""

    def offer(self, first: I64, second: I64, agreeing: I64) -> None:
        """Rows that met, each a candidate of the other."""
        for owner, partner in ((first, second), (second, first)):
            good = np.flatnonzero(agreeing >= self._least.take(owner))
            worse = SLOTS - agreeing[good]
            packed = (owner[good] << self._OWNER) | (worse << self._PARTNER) | partner[good]
            self._waiting.append(packed.view(np.uint64))
            self._count += len(packed)
        if self._count > WAITING * len(self._posts):
            self._settle()

    def _settle(self) -> None:
        met = distinct(np.sort(np.concatenate([np.zeros(0, dtype=np.uint64), *self._waiting])))
        self._waiting, self._count = [], 0
        if self._clear is not None:
            met = met[self._clear(*self._split(met))]
        kept = distinct(np.sort(np.concatenate((self._kept, met))))
        owner = kept >> np.uint64(self._OWNER)
        good = np.ones(len(kept), dtype=bool)
        good[BEST:] = owner[BEST:] != owner[:-BEST]
        kept, owner = kept[good], owner[good].astype(np.int64)
        last = np.flatnonzero(owner[BEST - 1 :] == owner[: max(len(owner) - BEST + 1, 0)]) + BEST - 1
        self._least[owner[last]] = SLOTS - (kept[last] >> np.uint64(self._PARTNER) & np.uint64(0xFF)).astype(np.int64)
        self._kept = kept

    def _split(self, packed: U64) -> tuple[I64, I64]:
        owner = (packed >> np.uint64(self._OWNER)).astype(np.int64)
        partner = (packed & np.uint64((1 << self._PARTNER) - 1)).astype(np.int64)
        return self._posts[owner], self._posts[partner]

    def rows(self) -> U64:
        """Posts and their candidates: (post << 32 | candidate), in order."""
        self._settle()
        return np.sort(pack_pairs(*self._split(self._kept)))
