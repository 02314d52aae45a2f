"""Whole posts side by side: which others each resembles or is contained in, verified, and the clusters they make."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from math import ceil

import numpy as np
from numpy.typing import NDArray

from postlint.corpus import Corpus, read_column, repeated
from postlint.facts import Column, put
from postlint.fingerprint import I64, U64, runs
from postlint.overlap import Overlap, Read, overlap
from postlint.pairs import all_pairs, counted, directed, distinct, meetings, own_best, pack_pairs, split, undirected
from postlint.sketch import candidates, sketch_ranges
from postlint.sketch_layout import SENTENCE_BEST, SENTENCE_WINDOW, SLOTS, enough_shared
from postlint.store import Reader, Store

MOST_PAIRS = 20_000_000
"""More pairs than this are not compared one by one: in so dense a corpus every post has a match anyway."""
BATCH = 100
"""Texts that are fingerprinted at a time: about what fits in the cache."""


@dataclass(frozen=True, slots=True)
class Partners:
    """Posts, each with those of its own candidates that are verified: a row each, in order of post and partner.

    A post may be a partner of one that is none of its own. All counts are of distinct shingles.
    """

    post: I64
    partner: I64
    overlap: Overlap
    """With the post as the first and the partner as the second."""


def resembling(corpus: Corpus, min_words: int, resemblance: float, exact: bool = False) -> Partners:
    """For posts of at least `min_words` words those that resemble them as much as asked (Jaccard of shingles, 0 to 1).

    Each post is compared with the few whose sketches are most like its own. With `exact` every partner is found; where
    that would mean more than `MOST_PAIRS` comparisons, a note says so and sketches choose the partners after all.
    """

    def make() -> Partners:
        long = np.flatnonzero(corpus.prose_words >= min_words)
        pairs = _every(corpus, long, resemblance) if exact else None
        if pairs is None:
            rows = candidates(corpus.facts.sketches, long, resemblance, corpus.unrelated)
        else:
            rows = np.sort(directed(pairs[corpus.unrelated(*split(pairs))]))
        verified = _verified(corpus, rows)
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


def near_duplicates(texts: Iterable[str], resemblance: float, store: Store | None = None) -> tuple[I64, I64]:
    """The pairs of texts, by position, that resemble each other (Jaccard of shingles, 0 to 1): lesser and greater.

    What `resembling` finds for posts, of either of two, for texts that are no posts: each is one paragraph, and nothing
    is legitimately alike. With a store the shingles are kept there, eight bytes each, instead of in memory.
    """
    columns: list[Column] = []
    sketches = [np.zeros((0, SLOTS), dtype=np.uint32)]
    starts, ends = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    remaining = iter(texts)
    position = 0
    while batch := list(islice(remaining, BATCH)):
        found = runs(batch)
        starts.append(found.starts + position)
        ends.append(found.ends + position)
        position += len(found.shingles)
        columns.append(put(found.shingles.tobytes(), store))
        sketches.append(sketch_ranges(found.shingles, found.starts, found.ends))
    table = np.concatenate(sketches)
    column_starts = np.cumsum([0, *(column.length for column in columns)])
    with closing(Reader()) as reader:

        def read(start: int, end: int) -> U64:
            return np.frombuffer(read_column(reader, columns, column_starts, start * 8, end * 8), dtype=np.uint64)

        pairs = undirected(candidates(table, np.arange(len(table)), resemblance))
        counts = _overlap(read, np.concatenate(starts), np.concatenate(ends), pairs, table)
    return split(pairs[counts.resemblance >= resemblance])


def containing(corpus: Corpus, min_words: int) -> Partners:
    """For posts of at least `min_words` words those that share many sentences, whichever contains the other.

    Under each sentence a post meets the few posts before and after it that have it, too. Of those that it meets under
    enough sentences, and that are long enough and unrelated, it is compared with the few it meets most.
    """

    def make() -> Partners:
        posts = corpus.sentence_post
        rows = np.flatnonzero(corpus.repeats("sentence").df > 1)
        keys = corpus.facts.sentences.key[rows]
        order = repeated(keys)
        pairs, met = counted(meetings(keys[order], posts[rows[order]].astype(np.int64), SENTENCE_WINDOW))
        first, second = split(pairs)
        sizes = np.bincount(posts, minlength=len(corpus.posts))
        long = corpus.prose_words >= min_words
        good = enough_shared(met, np.minimum(sizes[first], sizes[second])) & long[first] & long[second]
        pairs, met = pairs[good], met[good]
        good = corpus.unrelated(*split(pairs))
        found = own_best(directed(pairs[good]), np.tile(met[good], 2), SENTENCE_BEST)
        return _verified(corpus, np.sort(found))

    return corpus.once(("containing", min_words), make)


def _verified(corpus: Corpus, rows: U64) -> Partners:
    """Posts and candidates (post << 32 | candidate) with their overlap, each two compared once."""
    pairs = undirected(rows)
    bounds = corpus.post_shingle_bounds
    counts = _overlap(corpus.shingles, bounds[:-1], bounds[1:], pairs, corpus.facts.sketches)
    post, partner = split(rows)
    where = np.searchsorted(pairs, pack_pairs(np.minimum(post, partner), np.maximum(post, partner)))
    in_order = post < partner
    of_lesser, of_greater = counts.of_first[where], counts.of_second[where]
    return Partners(
        post,
        partner,
        Overlap(
            counts.shared[where],
            np.where(in_order, of_lesser, of_greater),
            np.where(in_order, of_greater, of_lesser),
        ),
    )


def _overlap(read: Read, starts: I64, ends: I64, pairs: U64, sketches: NDArray[np.uint32]) -> Overlap:
    """The overlap of pairs of posts, crowd by crowd: posts that are alike have one least shingle in most slots."""
    first, second = split(pairs)
    order = np.lexsort((first, sketches[first, 0]))
    counts = overlap(read, starts, ends, first[order], second[order])
    back = np.argsort(order)
    return Overlap(counts.shared[back], counts.of_first[back], counts.of_second[back])


def _chosen(found: Partners, good: NDArray[np.bool_]) -> Partners:
    counts = found.overlap
    return Partners(
        found.post[good],
        found.partner[good],
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
