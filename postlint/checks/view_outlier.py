"""A view count far from those of all other posts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import log10
from statistics import median

from postlint.corpus import Corpus
from postlint.rules import Compare, Options
from postlint.shapes import Shape, count, gives, number
from postlint.values import parse_number
from postlint.violations import Finding

# Makes the median absolute deviation of normal values their standard deviation (Iglewicz & Hoaglin 1993).
_CONSISTENCY = 0.6745


SHAPE = Shape(
    scope="corpus",
    takes={
        "min-posts": count("Counts that it takes."),
        "z": number("The least robust z of the logarithm."),
        "min-factor": number("How many times the next largest it is."),
    },
    gives=gives("views", "median", "posts", "z", "factor"),
)


def bind(options: Options, as_of: date) -> Compare:
    """At least `min-posts` counts; a robust z of log10(views) above `z`, and `min-factor` times the next largest.

    Of other posts nothing counts but all their view counts, in any order.
    """
    min_posts, limit, min_factor = options["min-posts"], options["z"], options["min-factor"]

    def compare(corpus: Corpus) -> Iterator[Finding]:
        facts = corpus.facts.values.get("views")
        if facts is None:
            return
        parsed = [(parse_number(text), row) for row, text in enumerate(facts.text)]
        counts = sorted((views, row) for views, row in parsed if views is not None and views > 0)
        if len(counts) < max(min_posts, 2):
            return
        logs = [log10(views) for views, _ in counts]
        middle = median(logs)
        deviation = median(abs(value - middle) for value in logs)
        (next_largest, _), (largest, row) = counts[-2:]
        if deviation == 0 or largest < min_factor * next_largest:
            return
        z = _CONSISTENCY * (logs[-1] - middle) / deviation
        if z > limit:
            place = corpus.place_in(int(facts.post[row]), int(facts.start[row]), int(facts.end[row]))
            yield Finding.at(
                place,
                values={
                    "views": facts.text[row],
                    "median": round(10**middle),
                    "posts": len(counts),
                    "z": round(z, 2),
                    "factor": int(largest / next_largest),
                },
            )

    return compare
