"""Whole posts side by side: pairs that resemble or contain each other, verified, and the clusters they make."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from math import ceil

import numpy as np
from numpy.typing import NDArray

from postlint.corpus import Corpus, distinct, read_column
from postlint.facts import Column, put
from postlint.fingerprint import I64, U64, fingerprint
from postlint.overlap import Overlap, Read, overlap
from postlint.pairs import all_pairs, best, counted, neighbours, split
from postlint.sketch import SLOTS, candidates, sketch
from postlint.store import Reader, Store

MOST_PAIRS = 20_000_000
"""More pairs than this are not compared one by one: in so dense a corpus every post has a match anyway."""
BATCH = 100
"""Texts that are fingerprinted at a time: about what fits in the cache."""
LEAST_SHARED = 0.4
"""A post that another one contains shares at least this part of its sentences with it, slots and edits allowed for."""


@dataclass(frozen=True, slots=True)
class BodyPairs:
    """Verified pairs of unrelated posts, first < second, in order; all counts are of distinct shingles."""

    first: I64
    second: I64
    overlap: Overlap


def resembling(corpus: Corpus, min_words: int, resemblance: float, exact: bool = False) -> BodyPairs:
    """The pairs of posts of at least `min_words` words that resemble each other (Jaccard of shingles, 0 to 1).

    Each post is compared with the few whose sketches are most like its own. With `exact` every pair is found; where
    that would mean more than `MOST_PAIRS` comparisons, a note says so and sketches choose the pairs after all.
    """

    def make() -> BodyPairs:
        long = np.flatnonzero(corpus.prose_words >= min_words)
        pairs = _every(corpus, long, resemblance) if exact else None
        if pairs is None:
            pairs = candidates(corpus.facts.sketches, long, resemblance)
        verified = _verified(corpus, *split(pairs))
        return _chosen(verified, verified.overlap.resemblance >= resemblance)

    return corpus.once(("resembling", min_words, resemblance, exact), make)


def _every(corpus: Corpus, posts: I64, resemblance: float) -> U64 | None:
    """Every pair that can resemble as much as asked; None, and a note, where there are too many.

    Prefix filtering (Chaudhuri, Ganti, Kaushik 2006): of n shingles in any fixed order, two posts of resemblance t
    have one in common among the first n - ceil(t * n) + 1 of each.
    """
    bounds = corpus.post_shingle_bounds
    keys, owners = [], []
    for post in posts.tolist():
        ordered = distinct(np.sort(corpus.shingles(int(bounds[post]), int(bounds[post + 1]))))
        # A float just above a whole number must not shorten the prefix.
        prefix = len(ordered) - ceil(resemblance * len(ordered) - 1e-9) + 1
        keys.append(ordered[:prefix])
        owners.append(np.full(min(prefix, len(ordered)), post, dtype=np.int64))
    if not keys:
        return np.zeros(0, dtype=np.uint64)
    found = all_pairs(np.concatenate(keys), np.concatenate(owners), MOST_PAIRS)
    if found is None:
        corpus.notes.append(
            f"exact comparison would need more than {MOST_PAIRS:,} pairs; sketches chose the pairs instead"
        )
        return None
    return counted(found)[0]


def near_duplicates(texts: Iterable[str], resemblance: float, store: Store | None = None) -> BodyPairs:
    """The pairs of texts, by position, that resemble each other (Jaccard of shingles, 0 to 1).

    What `resembling` does for posts, for texts that are no posts: each is one paragraph, and nothing is legitimately
    alike. With a store the shingles are kept there, eight bytes each, instead of in memory.
    """
    columns: list[Column] = []
    sketches = []
    counts = [np.zeros(1, dtype=np.int64)]
    remaining = iter(texts)
    while batch := list(islice(remaining, BATCH)):
        marks = fingerprint(batch)
        lengths = np.diff(marks.shingle_bounds)
        counts.append(lengths)
        columns.append(put(marks.shingles.tobytes(), store))
        sketches.append(sketch(marks.shingles, np.repeat(np.arange(len(batch)), lengths), len(batch)))
    bounds = np.cumsum(np.concatenate(counts))
    starts = np.cumsum([0, *(column.length for column in columns)])
    with closing(Reader()) as reader:

        def read(start: int, end: int) -> U64:
            return np.frombuffer(read_column(reader, columns, starts, start * 8, end * 8), dtype=np.uint64)

        every = np.arange(len(bounds) - 1)
        table = np.concatenate(sketches) if sketches else np.zeros((0, SLOTS), dtype=np.uint32)
        first, second = split(candidates(table, every, resemblance))
        pairs = BodyPairs(first, second, _overlap(read, bounds, first, second, table))
    return _chosen(pairs, pairs.overlap.resemblance >= resemblance)


def containing(corpus: Corpus, min_words: int) -> BodyPairs:
    """Pairs of posts of at least `min_words` words that share many sentences, whichever contains the other."""

    def make() -> BodyPairs:
        sentences = corpus.facts.sentences
        long = corpus.prose_words >= min_words
        rows = np.flatnonzero((corpus.repeats("sentence").df > 1) & long[corpus.sentence_post])
        pairs, shared = counted(neighbours(sentences.key[rows], corpus.sentence_post[rows]))
        sizes = np.bincount(corpus.sentence_post, minlength=len(long))
        first, second = split(pairs)
        enough = shared >= LEAST_SHARED * np.minimum(sizes[first], sizes[second])
        pairs, shared = pairs[enough], shared[enough]
        return _verified(corpus, *split(pairs[best(pairs, shared)]))

    return corpus.once(("containing", min_words), make)


def _verified(corpus: Corpus, first: I64, second: I64) -> BodyPairs:
    clear = corpus.unrelated(first, second)
    first, second = first[clear], second[clear]
    counts = _overlap(corpus.shingles, corpus.post_shingle_bounds, first, second, corpus.facts.sketches)
    return BodyPairs(first, second, counts)


def _overlap(read: Read, bounds: I64, first: I64, second: I64, sketches: NDArray[np.uint32]) -> Overlap:
    """The overlap of pairs of posts, crowd by crowd: posts that are alike have one least shingle in most slots."""
    order = np.lexsort((first, sketches[first, 0]))
    counts = overlap(read, bounds[:-1], bounds[1:], first[order], second[order])
    back = np.argsort(order)
    return Overlap(counts.shared[back], counts.of_first[back], counts.of_second[back])


def _chosen(pairs: BodyPairs, good: NDArray[np.bool_]) -> BodyPairs:
    counts = pairs.overlap
    return BodyPairs(
        pairs.first[good],
        pairs.second[good],
        Overlap(counts.shared[good], counts.of_first[good], counts.of_second[good]),
    )


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
