"""Whole posts side by side: sketches, candidates, exact resemblance and containment, clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from postlint.corpus import Corpus
from postlint.facts import I64, U64
from postlint.pairs import best, neighbours, shared_counts

SLOTS = 128
"""Slots of a sketch (one-permutation MinHash: Li, Owen, Zhang 2012)."""
BAND = 4
"""Slots in a band. 32 bands of 4 miss a pair of resemblance .8 once in 20 million, and one of .5 in eight."""
_EMPTY = np.uint32(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class BodyPairs:
    """Verified pairs of unrelated posts, first < second, in order; all counts are of distinct shingles."""

    first: I64
    second: I64
    shared: I64
    of_first: I64
    of_second: I64

    @property
    def resemblance(self) -> NDArray[np.float64]:
        """Jaccard of the two posts' shingles, 0 to 1."""
        ratio: NDArray[np.float64] = self.shared / np.maximum(self.of_first + self.of_second - self.shared, 1)
        return ratio


def sketches(shingles: U64, bounds: I64) -> NDArray[np.uint32]:
    """The sketch of each range of shingles: (ranges, SLOTS), the least 32-bit value of each slot, all ones where none."""
    posts = len(bounds) - 1
    sketch = np.full(posts * SLOTS, _EMPTY)
    owner = np.repeat(np.arange(posts), np.diff(bounds))
    slot = (shingles >> np.uint64(57)).astype(np.int64)
    value = ((shingles >> np.uint64(20)) & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    np.minimum.at(sketch, owner * SLOTS + slot, value)
    return sketch.reshape(posts, SLOTS)


def body_pairs(corpus: Corpus, min_words: int) -> BodyPairs:
    """The pairs of posts of at least `min_words` words worth reporting, verified on their shingles."""
    facts = corpus.facts
    posts = len(corpus.posts)
    paragraph_bounds = np.searchsorted(facts.paragraphs.post, np.arange(posts + 1))
    bounds = facts.shingle_bounds[paragraph_bounds]
    long = np.flatnonzero(corpus.prose_words >= min_words)
    first, second = _candidates(corpus, bounds, long)
    clear = corpus.unrelated(first.astype(np.int32), second.astype(np.int32))
    first, second = first[clear], second[clear]
    counts = shared_counts(facts.shingles, bounds[:-1], bounds[1:], first, second)
    return BodyPairs(first, second, *counts)


def _candidates(corpus: Corpus, bounds: I64, long: I64) -> tuple[I64, I64]:
    facts = corpus.facts
    sketch = sketches(facts.shingles, bounds)[long]
    bands = sketch.reshape(len(long), SLOTS // BAND, BAND)
    filled = ~np.all(bands == _EMPTY, axis=2)
    weights = np.array(
        [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], dtype=np.uint64
    )
    keys = (bands.astype(np.uint64) * weights).sum(axis=2, dtype=np.uint64)
    # The number of the band goes into its key: equal values in different bands are no match.
    keys ^= np.arange(SLOTS // BAND, dtype=np.uint64) * np.uint64(0x9E3779B185EBCA87)
    owners = np.repeat(long, SLOTS // BAND).reshape(keys.shape)
    close = best(*neighbours(keys[filled], owners[filled]))

    # A short post inside a long one resembles it little, but its sentences are there: weigh shared sentences by words.
    sentences = facts.sentences
    repeated = np.flatnonzero((corpus.repeats("sentence").df > 1) & np.isin(sentences.post, long))
    first_of_post = _first_rows(sentences.key[repeated], sentences.post[repeated])
    rows = repeated[first_of_post]
    inside = best(
        *neighbours(
            sentences.key[rows], sentences.post[rows].astype(np.int64), weights=sentences.size[rows].astype(np.int64)
        )
    )
    pairs = np.unique(
        np.stack((np.concatenate((close[0], inside[0])), np.concatenate((close[1], inside[1]))), 1), axis=0
    )
    return pairs[:, 0], pairs[:, 1]


def _first_rows(keys: U64, owners: NDArray[np.int32]) -> I64:
    order = np.lexsort((owners, keys))
    if not len(order):
        return order
    key, owner = keys[order], owners[order]
    new = np.concatenate(([True], (key[1:] != key[:-1]) | (owner[1:] != owner[:-1])))
    return np.sort(order[new])


def components(first: I64, second: I64) -> dict[int, list[int]]:
    """The clusters that pairs make: the least member of each to all of its members, in order."""
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    members: dict[int, list[int]] = {}
    for node in sorted(parent):
        members.setdefault(root(node), []).append(node)
    return members
