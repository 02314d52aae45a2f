"""A stitched post: most of its prose stands in sentences that other posts have too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import numpy as np

from postlint.corpus import Corpus
from postlint.rules import Compare, Options
from postlint.shared_text import shared_text
from postlint.violations import Finding, Related

SOURCES = 3
"""Posts named as those that share the most with a stitched one."""


def bind(options: Options, as_of: date) -> Compare:
    """A `share` of at least `min-words` of prose stands in `min-sentences` distinct shared sentences."""
    min_sentence_words = options["min-sentence-words"]

    def compare(corpus: Corpus) -> Iterator[Finding]:
        shared = shared_text(corpus, min_sentence_words)
        sentences, repeats = corpus.facts.sentences, corpus.repeats("sentence")
        owner = corpus.sentence_post
        bounds = np.searchsorted(owner, np.arange(len(corpus.posts) + 1))
        for post in np.flatnonzero(shared.stitched(options)).tolist():
            rows = np.arange(bounds[post], bounds[post + 1])
            rows = rows[(repeats.witness[rows] >= 0) & (sentences.size[rows] >= min_sentence_words)]
            sources: Counter[int] = Counter()
            for row in rows.tolist():
                sources[int(owner[repeats.witness[row]])] += int(sentences.size[row])
            top = sorted(sources.items(), key=lambda item: (-item[1], item[0]))[:SOURCES]
            place = corpus.anchor(post)
            yield Finding.at(
                place,
                values={
                    "percent": round(100 * float(shared.share[post])),
                    "shared": int(shared.words[post]),
                    "words": int(shared.total[post]),
                    "sentences": int(shared.sentences[post]),
                },
                related=tuple(Related(corpus.anchor(source), f"shares {words} words") for source, words in top),
            )

    return compare
