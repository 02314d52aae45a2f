"""Pairs worth a closer look, in time linear in the keys: neighbours in groups of equal keys, the best few of each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from postlint.fingerprint import I64, U64

_32 = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)


def within(groups: U64, window: int) -> Iterator[tuple[I64, int]]:
    """Steps of 1 to `window`, and the rows that many steps before another of their run of equal groups."""
    near = np.arange(len(groups))
    for step in range(1, window + 1):
        # Who has no follower so near has none further on.
        near = near[: np.searchsorted(near, len(groups) - step)]
        near = near[groups[near] == groups[near + step]]
        yield near, step


def meetings(keys: U64, owners: I64, window: int) -> U64:
    """The pairs of owners that meet under a key, one for each key: those at most `window` apart of those that have it.

    Rows are in order of the key, then of the owner. An owner that has a key twice counts once.
    """
    again = np.zeros(len(keys), dtype=bool)
    again[1:] = (keys[1:] == keys[:-1]) & (owners[1:] == owners[:-1])
    keys, owners = keys[~again], owners[~again]
    found = [pack_pairs(owners[near], owners[near + step]) for near, step in within(keys, window)]
    return np.concatenate([np.zeros(0, dtype=np.uint64), *found])


def all_pairs(keys: U64, owners: NDArray[np.integer], most: int) -> U64 | None:
    """Every pair of owners that share a key, once for each key; None where there are more than `most`."""
    order = np.lexsort((owners, keys))
    keys, owners = keys[order], owners[order].astype(np.uint64)
    same = (
        np.concatenate(([False], (keys[1:] == keys[:-1]) & (owners[1:] == owners[:-1]))) if len(keys) else keys != keys
    )
    keys, owners = keys[~same], owners[~same]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else np.zeros(0, np.int64)
    sizes = np.diff(np.append(starts, len(keys)))
    if int((sizes * (sizes - 1) // 2).sum()) > most:
        return None
    found = []
    for step in range(1, int(sizes.max(initial=1))):
        # The rows that have a follower so many rows on in their group.
        sizes_left = sizes - step
        starts, sizes = starts[sizes_left > 0], sizes[sizes_left > 0]
        first = _ranges(starts, sizes - step)
        found.append(owners[first] << _32 | owners[first + step])
    return np.concatenate(found) if found else np.zeros(0, dtype=np.uint64)


def _ranges(starts: I64, lengths: I64) -> I64:
    offsets = np.cumsum(lengths) - lengths
    return np.repeat(starts - offsets, lengths) + np.arange(int(lengths.sum()))


def counted(pairs: U64) -> tuple[U64, I64]:
    """The distinct pairs, in order, and how often each was found."""
    if not len(pairs):
        return pairs, np.zeros(0, dtype=np.int64)
    ordered = np.sort(pairs)
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    return ordered[starts], np.diff(np.append(starts, len(ordered)))


def distinct(ordered: U64) -> U64:
    """The distinct numbers of a sorted array. (np.unique costs a hundred times as much on many 64-bit numbers.)"""
    if not len(ordered):
        return ordered
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))]


def split(pairs: U64) -> tuple[I64, I64]:
    """The first and the second owner of each pair."""
    return (pairs >> _32).astype(np.int64), (pairs & _LOW).astype(np.int64)


def pack_pairs(first: I64, second: I64) -> U64:
    """(first << 32 | second) of each row."""
    packed: U64 = first.astype(np.uint64) << _32 | second.astype(np.uint64)
    return packed


def directed(pairs: U64) -> U64:
    """Every pair both ways: as they are, then (second << 32 | first)."""
    return np.concatenate((pairs, pairs << _32 | pairs >> _32))


def undirected(rows: U64) -> U64:
    """The distinct pairs, lesser first and in order, of rows that may have either first."""
    first, second = split(rows)
    return counted(pack_pairs(np.minimum(first, second), np.maximum(first, second)))[0]


def own_best(rows: U64, scores: I64, keep: int) -> U64:
    """Of rows (owner << 32 | partner) those of each owner's `keep` best scores, which are from 0 to 2**20.

    Of equal scores the partner of the smaller number is the better one.
    """
    if not len(rows):
        return rows
    worse = ((1 << 20) - scores).astype(np.uint64)
    order = np.lexsort((rows & _LOW, worse, rows >> _32))
    ordered = rows[order] >> _32
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    return rows[order[rank < keep]]
