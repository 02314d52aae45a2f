"""Pairs worth a closer look, in time linear in the keys: neighbours within groups of equal keys, the best few of each."""

from __future__ import annotations

import numpy as np

from postlint.facts import I64, U64

WINDOW = 4
"""How many followers within its group an owner is paired with. All pairs of a group are never listed."""
BEST = 4
"""How many partners an owner keeps: those it shares the most keys with."""


def neighbours(keys: U64, owners: I64, weights: I64 | None = None, window: int = WINDOW) -> tuple[I64, I64, I64]:
    """Pairs of owners that share keys: (first, second, shared), first < second, each pair once.

    `keys` and `owners` are rows; an owner may have a key once. Rows of equal keys are ordered by owner, and each owner
    is paired with the next `window` of its group. `shared` counts the keys (or sums the weights) under which a pair met:
    a lower bound of what it shares, exact in groups of at most `window + 1` owners.
    """
    order = np.lexsort((owners, keys))
    keys, owners = keys[order], owners[order]
    weight = weights[order] if weights is not None else np.ones(len(keys), dtype=np.int64)
    firsts, seconds, shared = [], [], []
    for step in range(1, window + 1):
        if step >= len(keys):
            break
        same = np.flatnonzero((keys[step:] == keys[:-step]) & (owners[step:] != owners[:-step]))
        firsts.append(owners[same])
        seconds.append(owners[same + step])
        shared.append(weight[same])
    if not firsts:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, empty
    first, second, weight = np.concatenate(firsts), np.concatenate(seconds), np.concatenate(shared)
    order = np.lexsort((second, first))
    first, second, weight = first[order], second[order], weight[order]
    if not len(first):
        return first, second, weight
    new = np.concatenate(([True], (first[1:] != first[:-1]) | (second[1:] != second[:-1])))
    starts = np.flatnonzero(new)
    return first[starts], second[starts], np.add.reduceat(weight, starts)


def best(first: I64, second: I64, score: I64, keep: int = BEST) -> tuple[I64, I64]:
    """The pairs that are among the `keep` best of either of their two: (first, second), in order.

    Of equal scores the partner of the smaller number is the better one.
    """
    owner = np.concatenate((first, second))
    partner = np.concatenate((second, first))
    pair = np.concatenate((np.arange(len(first)), np.arange(len(first))))
    scores = np.concatenate((score, score))
    order = np.lexsort((partner, -scores, owner))
    owner_sorted = owner[order]
    if not len(order):
        return first, second
    starts = np.flatnonzero(np.concatenate(([True], owner_sorted[1:] != owner_sorted[:-1])))
    rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    kept = np.unique(pair[order][rank < keep])
    return first[kept], second[kept]


def flatten(starts: I64, ends: I64) -> I64:
    """The indices of ranges, one after the other: flatten([0, 5], [2, 7]) is [0, 1, 5, 6]."""
    lengths = ends - starts
    offsets = np.cumsum(lengths) - lengths
    return np.repeat(starts - offsets, lengths) + np.arange(int(lengths.sum()))


def shared_counts(
    values: U64, starts: I64, ends: I64, first: I64, second: I64, batch: int = 4096
) -> tuple[I64, I64, I64]:
    """How many distinct values two ranges share, and how many each has: (shared, of first, of second), one a pair.

    Range i is values[starts[i]:ends[i]]. Exact: the values themselves are compared, a batch of pairs at a time.
    """
    shared = np.zeros(len(first), dtype=np.int64)
    of_first = np.zeros(len(first), dtype=np.int64)
    of_second = np.zeros(len(first), dtype=np.int64)
    for begin in range(0, len(first), batch):
        rows = slice(begin, begin + batch)
        left, left_pair = _distinct(values, starts[first[rows]], ends[first[rows]])
        right, right_pair = _distinct(values, starts[second[rows]], ends[second[rows]])
        pair = np.concatenate((left_pair, right_pair))
        value = np.concatenate((left, right))
        order = np.lexsort((value, pair))
        pair, value = pair[order], value[order]
        twice = (pair[1:] == pair[:-1]) & (value[1:] == value[:-1])
        count = len(first[rows])
        shared[rows] = np.bincount(pair[1:][twice], minlength=count)
        of_first[rows] = np.bincount(left_pair, minlength=count)
        of_second[rows] = np.bincount(right_pair, minlength=count)
    return shared, of_first, of_second


def _distinct(values: U64, starts: I64, ends: I64) -> tuple[U64, I64]:
    pair = np.repeat(np.arange(len(starts)), ends - starts)
    value = values[flatten(starts, ends)]
    order = np.lexsort((value, pair))
    pair, value = pair[order], value[order]
    if not len(pair):
        return value, pair
    new = np.concatenate(([True], (pair[1:] != pair[:-1]) | (value[1:] != value[:-1])))
    return value[new], pair[new]
