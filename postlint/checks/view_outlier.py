"""A view count far from those of all other posts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.corpus import Corpus
from postlint.rules import Compare, Options
from postlint.shapes import Shape, count, gives, number
from postlint.view_counts import outlier
from postlint.violations import Finding

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

    def compare(corpus: Corpus) -> Iterator[Finding]:
        facts = corpus.facts.values.get("views")
        found = outlier(list(facts.text), options) if facts is not None else None
        if facts is not None and found is not None:
            row, values = found
            yield Finding.at(corpus.place_in(int(facts.post[row]), int(facts.start[row]), int(facts.end[row])), values)

    return compare
