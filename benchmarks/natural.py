"""Articles as if each had an author of its own, and among them near-duplicates of known resemblance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from articles import Article, around, prose, sentence_lengths
from vocabulary import Ids, Vocabulary, vocabulary

WORDS = (559, 960)
"""Least and (excluded) greatest number of words: 759 on average, which makes 755 word 5-grams."""
PARAGRAPH = 80
SHINGLE = 5
COPIES = 0.1
"""The share of posts that are copies of another."""
TARGETS = (0.5, 0.98)
"""The resemblances aimed at, drawn evenly."""


class Planted(NamedTuple):
    """A copy and its original, by post number, and the exact Jaccard of their sets of word 5-grams."""

    original: int
    copy: int
    whole: float
    """5-grams of the whole text."""
    within: float
    """5-grams that stay inside a paragraph."""


class _Draft(NamedTuple):
    ids: Ids
    sentences: list[list[int]]


def natural(posts: int, seed: int) -> Iterator[tuple[Article, Planted | None]]:
    """Articles by number; with each copy, how much it resembles its original. Only the plan of copies is held."""
    words = vocabulary(seed)
    plan = np.random.default_rng([seed, 1])
    count = int(posts * COPIES)
    drawn = plan.permutation(posts)[: 2 * count].tolist()
    originals = dict(zip(drawn[:count], drawn[count:], strict=True))
    for number in range(posts):
        rng = np.random.default_rng([seed, 2, number])
        planted = None
        if number in originals:
            original = _draft(words, seed, originals[number])
            draft = _copied(words, rng, original)
            planted = Planted(
                originals[number],
                number,
                _resemblance(_whole(original), _whole(draft)),
                _resemblance(_within(original), _within(draft)),
            )
        else:
            draft = _draft(words, seed, number)
        yield around(words, rng, number, prose(words, draft.ids, draft.sentences)), planted


def _draft(words: Vocabulary, seed: int, number: int) -> _Draft:
    rng = np.random.default_rng([seed, 3, number])
    length = int(rng.integers(*WORDS))
    return _Draft(words.draw(rng, length), sentence_lengths(rng, length, PARAGRAPH))


def _copied(words: Vocabulary, rng: np.random.Generator, original: _Draft) -> _Draft:
    target = rng.uniform(*TARGETS)
    ids = original.ids.copy()
    shingles = len(ids) - SHINGLE + 1
    # Of two sets of one size, Jaccard j means that 2j / (1 + j) of either is shared.
    lost = round(shingles * (1 - 2 * target / (1 + target)))
    if rng.random() < 0.5:
        # Single words all over the text, each of which stands in five 5-grams.
        count = max(lost // SHINGLE, 1)
        where = ((np.arange(count) + rng.uniform(0.2, 0.8, count)) * (len(ids) / count)).astype(np.int64)
    else:
        # One passage.
        count = max(lost - SHINGLE + 1, 1)
        where = np.arange(count) + rng.integers(len(ids) - count)
    ids[where] = words.other(rng, ids[where])
    return _Draft(ids, original.sentences)


def _grams(ids: list[int]) -> set[tuple[int, ...]]:
    return {tuple(ids[start : start + SHINGLE]) for start in range(len(ids) - SHINGLE + 1)}


def _whole(draft: _Draft) -> set[tuple[int, ...]]:
    return _grams(draft.ids.tolist())


def _within(draft: _Draft) -> set[tuple[int, ...]]:
    ids = draft.ids.tolist()
    found: set[tuple[int, ...]] = set()
    start = 0
    for lengths in draft.sentences:
        end = start + sum(lengths)
        found |= _grams(ids[start:end])
        start = end
    return found


def _resemblance(first: set[tuple[int, ...]], second: set[tuple[int, ...]]) -> float:
    return len(first & second) / len(first | second)
