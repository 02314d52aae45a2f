"""Shared text: how much of each post's prose stands in sentences that unrelated posts have too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from postlint.corpus import Corpus
from postlint.fingerprint import I64


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
    return SharedText(words, distinct, corpus.prose_words)
