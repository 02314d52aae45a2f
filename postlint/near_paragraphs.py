"""Paragraphs that are copies but for a sentence or a few words: the closest other paragraphs of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from postlint.corpus import Corpus, repeated
from postlint.facts import I32
from postlint.fingerprint import I64
from postlint.hashing import SHINGLE
from postlint.overlap import overlap
from postlint.pairs import pack_pairs, split
from postlint.samples import BEST, SAMPLE, WINDOW
from postlint.sampling import Meetings, changes, meetings

F64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class NearCopies:
    """For paragraphs that are no exact copy of one in another post: their near copies, best first. A row each."""

    paragraph: I64
    partner: I64
    """A near copy of the paragraph, in an unrelated post."""
    containment: F64
    """Of the smaller of the two in the larger."""


def near_copies(
    corpus: Corpus, min_words: int, containment: float, window: int = WINDOW, keep: int = BEST
) -> NearCopies:
    """The near copies of every paragraph of at least `min_words` words, at or above a containment (0 to 1).

    Of the paragraphs in unrelated posts that one meets (see `sampling.meetings`), the `keep` likeliest are compared
    with it shingle by shingle. Those of fewer than `samples.LEAST_WORDS` words meet none.
    """
    return corpus.once(
        ("near copies", min_words, containment, window, keep),
        lambda: _find(corpus, min_words, containment, window, keep),
    )


def _find(corpus: Corpus, min_words: int, containment: float, window: int, keep: int) -> NearCopies:
    paragraphs = corpus.facts.paragraphs
    enough = paragraphs.size >= min_words
    # What is an exact copy has its finding.
    subjects = enough & (corpus.repeats("paragraph").witness < 0)
    rows, partners = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for met in meetings(corpus.samples, corpus.facts.sample_counts, paragraphs.post, subjects, window):
        chosen = _closest(corpus, met, enough, keep)
        rows.append(met.text[chosen])
        partners.append(met.other[chosen])
    row, partner = np.concatenate(rows), np.concatenate(partners)
    ratio = _containment(corpus, row, partner)
    near = ratio >= containment
    row, partner, ratio = row[near], partner[near], ratio[near]
    order = np.lexsort((partner, -ratio, row))
    return NearCopies(row[order], partner[order], ratio[order])


def _closest(corpus: Corpus, met: Meetings, enough: NDArray[np.bool_], keep: int) -> I64:
    """The rows of the best `keep` whom each paragraph met that are long enough and in unrelated posts, in any order.

    The best are those of the highest estimate, then of the most keys, then the first.
    """
    paragraphs = corpus.facts.paragraphs
    posts = paragraphs.post
    likely = _estimates(met.keys, paragraphs.size[met.text], paragraphs.size[met.other])
    best_first = np.lexsort((met.other, -met.keys, -likely, met.text))
    group = np.cumsum(changes(met.text)) - 1
    missing = np.full(int(group[-1]) + 1, keep)
    chosen = [np.zeros(0, dtype=np.int64)]
    waiting = best_first[enough[met.other[best_first]]]
    # Likeness is costly to tell, and most are unrelated: so many of each are looked at as are still missing.
    while len(waiting):
        owner = group[waiting]
        starts = np.flatnonzero(changes(owner))
        rank = np.arange(len(owner)) - np.repeat(starts, np.diff(np.append(starts, len(owner))))
        next_ones = rank < missing[owner]
        tried = waiting[next_ones]
        tried = tried[corpus.unrelated(posts[met.text[tried]], posts[met.other[tried]])]
        chosen.append(tried)
        missing -= np.bincount(group[tried], minlength=len(missing))
        waiting = waiting[~next_ones & (missing[owner] > 0)]
    return np.concatenate(chosen)


def _estimates(keys: I64, words: I32, others: I32) -> F64:
    """`samples.estimate` of many pairs."""
    smaller = np.minimum(words, others) - (SHINGLE - 1)
    larger = np.maximum(words, others) - (SHINGLE - 1)
    ratio: F64 = np.minimum(keys * larger / (SAMPLE * smaller), 1.0)
    return ratio


def _containment(corpus: Corpus, rows: I64, partners: I64) -> F64:
    """How much of the smaller of each two paragraphs stands in the larger. Pairs of two texts are compared once."""
    keys = corpus.facts.paragraphs.key
    first = np.arange(len(keys))
    copies = repeated(keys)
    new = changes(keys[copies])
    first[copies] = copies[new][np.cumsum(new) - 1]
    one, other = first[rows], first[partners]
    pairs = pack_pairs(np.minimum(one, other), np.maximum(one, other))
    order = np.argsort(pairs)
    new = changes(pairs[order])
    first, second = split(pairs[order][new])
    bounds = corpus.shingle_bounds
    found = overlap(corpus.shingles, bounds[:-1], bounds[1:], first, second).containment
    ratio = np.zeros(len(rows))
    ratio[order] = found[np.cumsum(new) - 1]
    return ratio
