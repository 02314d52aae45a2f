"""A stitched post: most of its prose stands in sentences that other posts have too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from postlint.corpus import Corpus, repeated
from postlint.fingerprint import I64
from postlint.limits import LOOKED_AT, SOURCES
from postlint.rules import Compare, Options
from postlint.shapes import Shape, count, gives, share
from postlint.shared_text import shared_text
from postlint.violations import Finding, Related

SHAPE = Shape(
    scope="corpus",
    takes={
        "share": share("Share of the prose words."),
        "one-source": share("Share of the shared words in one other post."),
        "one-source-share": share("Share of the prose words where there is one source."),
        "min-sentence-words": count("Shorter sentences do not count."),
        "min-sentences": count("Distinct sentences that are shared."),
        "min-words": count("Posts with fewer prose words are passed over."),
    },
    gives=gives("percent", "shared", "words", "sentences"),
)


def bind(options: Options, as_of: date) -> Compare:
    """A `share` of at least `min-words` of prose stands in `min-sentences` distinct shared sentences."""
    min_sentence_words = options["min-sentence-words"]

    def compare(corpus: Corpus) -> Iterator[Finding]:
        shared = shared_text(corpus, min_sentence_words)
        sentences, witness = corpus.facts.sentences, corpus.repeats("sentence").witness
        share = shared.share
        bounds = np.searchsorted(corpus.sentence_post, np.arange(len(corpus.posts) + 1))
        occurrences = _Occurrences(corpus)
        for post in np.flatnonzero(shared.stitched(options)).tolist():
            rows = np.arange(bounds[post], bounds[post + 1])
            rows = rows[(witness[rows] >= 0) & (sentences.size[rows] >= min_sentence_words)]
            sources = occurrences.sources(post, rows)
            yield Finding.at(
                corpus.anchor(post),
                values={
                    "percent": round(100 * float(share[post])),
                    "shared": int(shared.words[post]),
                    "words": int(shared.total[post]),
                    "sentences": int(shared.sentences[post]),
                },
                related=tuple(Related(corpus.anchor(source), f"shares {words} words") for source, words in sources),
            )

    return compare


class _Occurrences:
    """The posts with each sentence that stands more than once."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        rows = repeated(corpus.facts.sentences.key)
        key, post = corpus.facts.sentences.key[rows], corpus.sentence_post[rows]
        # A post that has a sentence twice shares it once.
        new = np.ones(len(rows), dtype=bool)
        new[1:] = (key[1:] != key[:-1]) | (post[1:] != post[:-1])
        self._keys, self._posts = key[new], post[new].astype(np.int64)

    def sources(self, post: int, rows: I64) -> list[tuple[int, int]]:
        """The unrelated posts that have the most words of a post's sentences, and how many."""
        facts = self._corpus.facts.sentences
        rows = rows[np.unique(facts.key[rows], return_index=True)[1]]
        keys = facts.key[rows]
        starts = self._keys.searchsorted(keys)
        counts = np.minimum(self._keys.searchsorted(keys, side="right") - starts, LOOKED_AT)
        places = np.repeat(starts - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
        posts, number = np.unique(self._posts[places], return_inverse=True)
        words = np.bincount(number, weights=np.repeat(facts.size[rows], counts)).astype(np.int64)
        found: list[tuple[int, int]] = []
        for place in np.argsort(-words, kind="stable").tolist():
            if len(found) == SOURCES:
                break
            if not self._corpus.related(post, int(posts[place])):
                found.append((int(posts[place]), int(words[place])))
        return found
