"""Two posts with the same prose, word for word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby

import numpy as np

from postlint.clusters import representative
from postlint.corpus import Corpus, repeated
from postlint.limits import WITNESSES
from postlint.rules import Compare, Options
from postlint.shapes import Shape, count, gives
from postlint.violations import Finding, Related

SHAPE = Shape(
    scope="corpus",
    takes={
        "min-words": count("Posts with fewer prose words are passed over."),
    },
    gives=gives("posts", "words", "other", "original"),
)


def bind(options: Options, as_of: date) -> Compare:
    """Posts of at least `min-words` prose words; case, punctuation and mark-up do not count."""
    min_words = options["min-words"]

    def compare(corpus: Corpus) -> Iterator[Finding]:
        keys = corpus.body_keys
        posts = np.flatnonzero(corpus.prose_words >= min_words)
        order = posts[repeated(keys[posts])]
        for _, group in groupby(order.tolist(), key=keys.__getitem__):
            members = list(group)
            original = representative(corpus, members)
            for post in members:
                others = [original, *members[: WITNESSES + 1]]
                other = next(
                    (other for other in others if not corpus.related(post, other)),
                    None,
                )
                if other is None:
                    continue
                place, related = corpus.anchor(post), corpus.anchor(other)
                yield Finding.at(
                    place,
                    values={
                        "posts": len(members) - 1,
                        "words": int(corpus.prose_words[post]),
                        "other": related.post,
                        "original": corpus.anchor(original).post,
                    },
                    related=(Related(related, "the same body"),),
                )

    return compare
