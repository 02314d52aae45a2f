"""A post that nearly repeats another one, or stands in it almost whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from operator import itemgetter

import numpy as np

from postlint.bodies import containing, resembling
from postlint.clusters import representative
from postlint.corpus import Corpus
from postlint.rules import Compare, Options
from postlint.shapes import Gives, Shape, choice, count, gives, optional, share, switch
from postlint.violations import Finding, Related


def _gives(parameters: Options) -> Gives:
    if parameters.get("measure") == "resemblance":
        return gives("percent", "resemblance", "posts", "original", "other")
    return gives("percent", "containment", "other")


SHAPE = Shape(
    scope="corpus",
    takes={
        "measure": choice("What is measured.", "resemblance", "containment"),
        "min-words": count("Posts with fewer prose words are passed over."),
        "resemblance": share("From here on two posts are near-duplicates."),
        "containment": optional(share("From here on a post stands in another."), 0.8),
        "exact": optional(switch("Whether every pair is compared."), False),
    },
    gives=_gives,
)


def bind(options: Options, as_of: date) -> Compare:
    """`measure` is "resemblance" or "containment"; the other options are the thresholds."""
    if options["measure"] == "resemblance":
        return lambda corpus: _resembling(corpus, options["min-words"], options["resemblance"], options["exact"])
    return lambda corpus: _contained(corpus, options["min-words"], options["resemblance"], options["containment"])


def _resembling(corpus: Corpus, min_words: int, threshold: float, exact: bool) -> Iterator[Finding]:
    near = resembling(corpus, min_words, threshold, exact)
    keys = corpus.body_keys
    rows = zip(near.post.tolist(), near.partner.tolist(), near.overlap.resemblance.tolist(), strict=True)
    for post, mine in groupby(rows, key=itemgetter(0)):
        partners = [(-resemblance, other) for _, other, resemblance in mine]
        # Of equally close posts the first in order.
        negative, other = min(partners)
        if keys[post] != keys[other]:
            original = representative(corpus, [post, *(partner for _, partner in partners)])
            values = {
                "percent": round(-100 * negative),
                "resemblance": round(-negative, 4),
                "posts": len(partners),
                "original": corpus.anchor(original).post,
            }
            yield _finding(corpus, post, other, values, "closest post")


def _contained(corpus: Corpus, min_words: int, resemblance: float, threshold: float) -> Iterator[Finding]:
    found = containing(corpus, min_words)
    share = found.overlap.shared / np.maximum(found.overlap.of_first, 1)
    good = np.flatnonzero((found.overlap.resemblance < resemblance) & (share >= threshold))
    rows = zip(found.post[good].tolist(), found.partner[good].tolist(), share[good].tolist(), strict=True)
    for post, mine in groupby(rows, key=itemgetter(0)):
        negative, other = min((-part, partner) for _, partner, part in mine)
        values = {"percent": round(-100 * negative), "containment": round(-negative, 4)}
        yield _finding(corpus, post, other, values, "contains it")


def _finding(corpus: Corpus, post: int, other: int, values: Mapping[str, object], role: str) -> Finding:
    place, related = corpus.anchor(post), corpus.anchor(other)
    return Finding.at(
        place,
        values={**values, "other": related.post},
        related=(Related(related, role),),
    )
