"""A post that nearly repeats another one, or stands in it almost whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np

from postlint.bodies import components, containing, resembling
from postlint.clusters import representative
from postlint.corpus import Corpus
from postlint.rules import Compare, Options
from postlint.violations import Finding, Related


def bind(options: Options, as_of: date) -> Compare:
    """`measure` is "resemblance" or "containment"; the other options are the thresholds."""
    if options["measure"] == "resemblance":
        return lambda corpus: _resembling(corpus, options["min-words"], options["resemblance"], options["exact"])
    return lambda corpus: _contained(corpus, options["min-words"], options["resemblance"], options["containment"])


def _resembling(corpus: Corpus, min_words: int, threshold: float, exact: bool) -> Iterator[Finding]:
    pairs = resembling(corpus, min_words, threshold, exact)
    keys = corpus.body_keys
    closest: dict[int, tuple[float, int]] = {}
    for first, second, value in zip(
        pairs.first.tolist(), pairs.second.tolist(), pairs.overlap.resemblance.tolist(), strict=True
    ):
        for post, other in ((first, second), (second, first)):
            # Of equally close posts the first in order.
            closest[post] = min(closest.get(post, (0.0, 0)), (-value, other))
    for members in components(pairs.first, pairs.second).values():
        original = representative(corpus, members)
        for post in members:
            negative, other = closest[post]
            if keys[post] != keys[other]:
                values = {
                    "percent": round(-100 * negative),
                    "resemblance": round(-negative, 4),
                    "posts": len(members) - 1,
                    "original": corpus.posts.path[original],
                }
                yield _finding(corpus, post, other, values, "closest post")


def _contained(corpus: Corpus, min_words: int, resemblance: float, threshold: float) -> Iterator[Finding]:
    pairs = containing(corpus, min_words)
    counts = pairs.overlap
    best: dict[int, tuple[float, int]] = {}
    for row in np.flatnonzero((counts.resemblance < resemblance) & (counts.containment >= threshold)).tolist():
        for post, other, size in (
            (int(pairs.first[row]), int(pairs.second[row]), int(counts.of_first[row])),
            (int(pairs.second[row]), int(pairs.first[row]), int(counts.of_second[row])),
        ):
            share = int(counts.shared[row]) / size
            if share >= threshold:
                best[post] = min(best.get(post, (0.0, 0)), (-share, other))
    for post, (negative, other) in sorted(best.items()):
        values = {"percent": round(-100 * negative), "containment": round(-negative, 4)}
        yield _finding(corpus, post, other, values, "contains it")


def _finding(corpus: Corpus, post: int, other: int, values: Mapping[str, object], role: str) -> Finding:
    place, related = corpus.anchor(post), corpus.anchor(other)
    return Finding.at(
        place,
        values={**values, "other": related.path},
        related=(Related(related, role),),
    )
