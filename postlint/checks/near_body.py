"""A post that nearly repeats another one, or stands in it almost whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from postlint.bodies import BodyPairs, body_pairs, components
from postlint.clusters import representative
from postlint.corpus import Corpus
from postlint.rules import Compare, Options
from postlint.violations import Finding, Related


def bind(options: Options, as_of: date) -> Compare:
    """`measure` is "resemblance" or "containment"; the other options are the thresholds."""
    min_words, resemblance = options["min-words"], options["resemblance"]
    if options["measure"] == "resemblance":
        return lambda corpus: _resembling(corpus, body_pairs(corpus, min_words), resemblance)
    containment = options["containment"]
    return lambda corpus: _contained(corpus, body_pairs(corpus, min_words), resemblance, containment)


def _resembling(corpus: Corpus, pairs: BodyPairs, threshold: float) -> Iterator[Finding]:
    values = pairs.resemblance
    good = np.flatnonzero((values >= threshold) & ~_same_body(corpus, pairs))
    closest: dict[int, tuple[float, int]] = {}
    for row in good.tolist():
        first, second, value = int(pairs.first[row]), int(pairs.second[row]), float(values[row])
        for post, other in ((first, second), (second, first)):
            # Of equally close posts the first in order.
            closest[post] = min(closest.get(post, (0.0, 0)), (-value, other))
    for members in components(pairs.first[good], pairs.second[good]).values():
        original = representative(corpus, members)
        for post in members:
            negative, other = closest[post]
            yield _finding(
                corpus,
                post,
                other,
                {
                    "percent": round(-100 * negative),
                    "resemblance": round(-negative, 4),
                    "posts": len(members) - 1,
                    "original": corpus.posts[original].path,
                },
                "closest post",
            )


def _contained(corpus: Corpus, pairs: BodyPairs, resemblance: float, threshold: float) -> Iterator[Finding]:
    fresh = (pairs.resemblance < resemblance) & ~_same_body(corpus, pairs)
    best: dict[int, tuple[float, int]] = {}
    for row in np.flatnonzero(fresh).tolist():
        shared = int(pairs.shared[row])
        for post, other, size in (
            (int(pairs.first[row]), int(pairs.second[row]), int(pairs.of_first[row])),
            (int(pairs.second[row]), int(pairs.first[row]), int(pairs.of_second[row])),
        ):
            if size and shared / size >= threshold:
                best[post] = min(best.get(post, (0.0, 0)), (-shared / size, other))
    for post, (negative, other) in sorted(best.items()):
        yield _finding(
            corpus, post, other, {"percent": round(-100 * negative), "containment": round(-negative, 4)}, "contains it"
        )


def _same_body(corpus: Corpus, pairs: BodyPairs) -> np.typing.NDArray[np.bool_]:
    keys = corpus.body_keys
    return keys[pairs.first] == keys[pairs.second]


def _finding(corpus: Corpus, post: int, other: int, values: dict[str, object], role: str) -> Finding:
    place, related = corpus.anchor(post), corpus.anchor(other)
    return Finding(
        start=place.start,
        end=place.end,
        path=place.path,
        number=place.number,
        values={**values, "other": related.path, "title": corpus.posts[other].title},
        related=(Related(related, role),),
    )
