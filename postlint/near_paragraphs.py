"""Paragraphs that are copies but for a sentence or a few words: the closest other paragraph of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from postlint.corpus import WITNESSES, Corpus
from postlint.facts import I64
from postlint.pairs import best, flatten, neighbours, shared_counts

F64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class NearCopies:
    """For paragraphs that are no exact copy of one in another post: their near copies, best first.

    Rows are (paragraph row, row of the near copy in an unrelated post, containment of the smaller in the larger).
    """

    paragraph: I64
    partner: I64
    containment: F64


def near_copies(corpus: Corpus, min_words: int, containment: float) -> NearCopies:
    """The near copies of every paragraph of at least `min_words` words, at or above a containment (0 to 1)."""
    facts = corpus.facts
    paragraphs = facts.paragraphs
    rows = np.flatnonzero(paragraphs.size >= min_words)
    # Copies of one paragraph need comparing but once: by key, the first row standing for all.
    order = rows[np.argsort(paragraphs.key[rows], kind="stable")]
    keys = paragraphs.key[order]
    new = np.concatenate(([True], keys[1:] != keys[:-1])) if len(keys) else np.zeros(0, dtype=bool)
    first_of_group = np.flatnonzero(new)
    group = np.cumsum(new) - 1
    distinct = order[first_of_group]
    ends_of_group = np.append(first_of_group[1:], len(order)).astype(np.int64)

    starts, ends = facts.shingle_bounds[distinct], facts.shingle_bounds[distinct + 1]
    owner = np.repeat(np.arange(len(distinct)), ends - starts)
    shingles = facts.shingles[flatten(starts, ends)]
    first, second, shared = neighbours(*_once(shingles, owner))
    first, second = best(first, second, shared)
    shared, of_first, of_second = shared_counts(facts.shingles, starts, ends, first, second)
    smaller = np.minimum(of_first, of_second)
    ratio = shared / np.maximum(smaller, 1)
    good = ratio >= containment
    first, second, ratio = first[good], second[good], ratio[good]

    # Every paragraph that is no exact copy itself, with each group that is near to its own.
    unique = corpus.repeats("paragraph").witness[order] < 0
    left = np.concatenate((first, second))
    right = np.concatenate((second, first))
    ratios = np.concatenate((ratio, ratio))
    found: list[tuple[int, int, float]] = []
    for mine, other, value in zip(left.tolist(), right.tolist(), ratios.tolist(), strict=True):
        members = order[first_of_group[mine] : ends_of_group[mine]]
        members = members[unique[first_of_group[mine] : ends_of_group[mine]]]
        candidates = order[first_of_group[other] : ends_of_group[other]][:WITNESSES]
        for row in members.tolist():
            partner = _unrelated(corpus, row, candidates)
            if partner >= 0:
                found.append((row, partner, value))
    found.sort(key=lambda item: (item[0], -item[2], item[1]))
    columns = list(zip(*found, strict=True)) if found else [(), (), ()]
    del group
    return NearCopies(
        np.array(columns[0], dtype=np.int64), np.array(columns[1], dtype=np.int64), np.array(columns[2], dtype=float)
    )


def _once(shingles: NDArray[np.uint64], owner: I64) -> tuple[NDArray[np.uint64], I64]:
    order = np.lexsort((owner, shingles))
    shingles, owner = shingles[order], owner[order]
    if not len(owner):
        return shingles, owner
    new = np.concatenate(([True], (shingles[1:] != shingles[:-1]) | (owner[1:] != owner[:-1])))
    return shingles[new], owner[new]


def _unrelated(corpus: Corpus, row: int, candidates: I64) -> int:
    posts = corpus.facts.paragraphs.post
    mine = np.full(len(candidates), posts[row], dtype=np.int32)
    good = np.flatnonzero(corpus.unrelated(mine, posts[candidates]))
    return int(candidates[good[0]]) if len(good) else -1
