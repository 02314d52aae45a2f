"""Shared text: how much of each post's prose stands in sentences that unrelated posts have too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from postlint.corpus import Corpus
from postlint.fingerprint import I64

Options = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SharedText:
    """One row a post."""

    words: I64
    """Prose words in shared sentences."""
    sentences: I64
    """Distinct shared sentences."""
    total: I64
    """Prose words."""
    single: I64
    """Of the words in shared sentences the most that one other post has; each sentence counts for its witness."""

    @property
    def share(self) -> NDArray[np.float64]:
        """Shared words over prose words, 0 to 1."""
        ratio: NDArray[np.float64] = self.words / np.maximum(self.total, 1)
        return ratio

    def stitched(self, options: Options) -> NDArray[np.bool_]:
        """Which posts are mostly shared text, by the options of BP004.

        A follow-up that repeats its forerunner shares much with one post; a post made from a pool shares with many.
        """
        enough: NDArray[np.bool_] = (self.total >= options["min-words"]) & (self.sentences >= options["min-sentences"])
        one_source = self.single >= options["one-source"] * self.words
        return enough & (self.share >= np.where(one_source, options["one-source-share"], options["share"]))


def tenths(corpus: Corpus) -> tuple[int, ...]:
    """How many posts have prose of which under a tenth, two tenths ... is shared, by the options of BP004."""
    shared = shared_text(corpus, corpus.weights["min-sentence-words"])
    prose = shared.total > 0
    # Whole numbers, so that three tenths are three tenths.
    places = np.minimum(10 * shared.words[prose] // shared.total[prose], 9)
    return tuple(np.bincount(places, minlength=10).tolist())


def shared_text(corpus: Corpus, min_sentence_words: int) -> SharedText:
    """The shared text of every post; sentences of fewer words are everybody's and not counted."""
    return corpus.once(("shared text", min_sentence_words), lambda: _measure(corpus, min_sentence_words))


def _measure(corpus: Corpus, min_sentence_words: int) -> SharedText:
    sentences = corpus.facts.sentences
    shared = np.flatnonzero((corpus.repeats("sentence").witness >= 0) & (sentences.size >= min_sentence_words))
    posts = len(corpus.posts)
    owner, key = corpus.sentence_post[shared], sentences.key[shared]
    words = np.bincount(owner, weights=sentences.size[shared], minlength=posts).astype(np.int64)
    # Distinct keys of each post: sorted by key, then stably by post, so that repetitions stand side by side.
    order = np.argsort(key, kind="stable")
    order = order[np.argsort(owner[order], kind="stable")]
    owner, key = owner[order], key[order]
    repeated = np.zeros(len(order), dtype=bool)
    repeated[1:] = (owner[1:] == owner[:-1]) & (key[1:] == key[:-1])
    distinct = np.bincount(owner[~repeated], minlength=posts)
    return SharedText(words, distinct, corpus.prose_words, _most_from_one(corpus, shared, posts))


def _most_from_one(corpus: Corpus, shared: I64, posts: int) -> I64:
    source = corpus.sentence_post[corpus.repeats("sentence").witness[shared]].astype(np.uint64)
    owner = corpus.sentence_post[shared].astype(np.uint64)
    pair = owner << np.uint64(32) | source
    order = np.argsort(pair, kind="stable")
    most = np.zeros(posts, dtype=np.int64)
    if len(order):
        pair = pair[order]
        starts = np.flatnonzero(np.concatenate(([True], pair[1:] != pair[:-1])))
        sums = np.add.reduceat(corpus.facts.sentences.size[shared][order].astype(np.int64), starts)
        np.maximum.at(most, (pair[starts] >> np.uint64(32)).astype(np.int64), sums)
    return most


def stitched(corpus: Corpus) -> NDArray[np.bool_]:
    """Which posts of a corpus are mostly shared text: what repeated segments in them weigh by."""
    options = corpus.weights
    return corpus.once("stitched", lambda: shared_text(corpus, options["min-sentence-words"]).stitched(options))
