"""A view count far from those of all other posts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import log10
from statistics import median

from postlint.corpus import Corpus
from postlint.rules import Compare, Options
from postlint.values import parse_number
from postlint.violations import Finding

# Makes the median absolute deviation of normal values their standard deviation (Iglewicz & Hoaglin 1993).
_CONSISTENCY = 0.6745


def bind(options: Options, as_of: date) -> Compare:
    """At least `min-posts` counts; a robust z of log10(views) above `z`, and `min-factor` times the next largest."""
    min_posts, limit, min_factor = options["min-posts"], options["z"], options["min-factor"]

    def compare(corpus: Corpus) -> Iterator[Finding]:
        counts = []
        for fact in corpus.values.get("views", ()):
            views = parse_number(fact.text)
            if views is not None and views > 0:
                counts.append((views, fact))
        if len(counts) < max(min_posts, 2):
            return
        counts.sort(key=lambda item: (item[0], item[1].post))
        logs = [log10(views) for views, _ in counts]
        middle = median(logs)
        deviation = median(abs(value - middle) for value in logs)
        (next_largest, _), (largest, fact) = counts[-2:]
        if deviation == 0 or largest < min_factor * next_largest:
            return
        z = _CONSISTENCY * (logs[-1] - middle) / deviation
        if z > limit:
            post = corpus.posts[fact.post]
            yield Finding(
                start=fact.start,
                end=fact.end,
                path=post.path,
                number=post.number,
                values={
                    "views": fact.text,
                    "median": round(10**middle),
                    "posts": len(counts),
                    "z": round(z, 2),
                    "factor": int(largest / next_largest),
                },
            )

    return compare
