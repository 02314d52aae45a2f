"""Shared text: how much of each post's prose stands in sentences that unrelated posts have too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from postlint.corpus import Corpus
from postlint.facts import I64


@dataclass(frozen=True, slots=True)
class SharedText:
    """One row a post."""

    words: I64
    """Prose words in shared sentences."""
    sentences: I64
    """Distinct shared sentences."""
    total: I64
    """Prose words."""

    @property
    def share(self) -> NDArray[np.float64]:
        """Shared words over prose words, 0 to 1."""
        ratio: NDArray[np.float64] = self.words / np.maximum(self.total, 1)
        return ratio

    def stitched(self, share: float, min_words: int, min_sentences: int) -> NDArray[np.bool_]:
        """Which posts are mostly shared text: a share of their words, in a number of distinct sentences."""
        enough: NDArray[np.bool_] = (self.total >= min_words) & (self.sentences >= min_sentences)
        return enough & (self.share >= share)


def shared_text(corpus: Corpus, min_sentence_words: int) -> SharedText:
    """The shared text of every post; sentences of fewer words are everybody's and not counted."""
    sentences = corpus.facts.sentences
    shared = np.flatnonzero((corpus.repeats("sentence").witness >= 0) & (sentences.size >= min_sentence_words))
    posts = len(corpus.posts)
    owner, key = sentences.post[shared], sentences.key[shared]
    words = np.bincount(owner, weights=sentences.size[shared], minlength=posts).astype(np.int64)
    order = np.lexsort((key, owner))
    owner, key = owner[order], key[order]
    new = np.concatenate(([True], (owner[1:] != owner[:-1]) | (key[1:] != key[:-1]))) if len(order) else order
    distinct = np.bincount(owner[new] if len(order) else owner, minlength=posts)
    return SharedText(words, distinct, corpus.prose_words)
