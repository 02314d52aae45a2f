"""View counts of a corpus that look drawn or typed, not counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.corpus import Corpus
from postlint.rules import Compare, Options
from postlint.shapes import Gives, Shape, choice, count, gives, number, optional, share
from postlint.view_counts import uncounted
from postlint.violations import Finding


def _gives(parameters: Options) -> Gives:
    if parameters.get("test") == "drawn":
        return gives("posts", "deviation", "p", "even")
    return gives("posts", "percent", "unit")


SHAPE = Shape(
    scope="corpus",
    takes={
        "test": choice("What is tested.", "drawn", "round"),
        "min-posts": count("Counts that it takes."),
        "min-orders": optional(number("Orders of magnitude that the counts span."), 3),
        "min-deviation": optional(share("Deviation from the first digits that growth gives."), 0.015),
        "p": optional(share("Chance of such digits."), 0.001),
        "even-p": optional(share("Chance of such an even spread."), 0.05),
        "unit": optional(count("What round counts are multiples of."), 1000),
        "share": optional(share("Share of the counts that are round."), 0.3),
    },
    gives=_gives,
)


def bind(options: Options, as_of: date) -> Compare:
    """`test` is "drawn" (spread evenly and against Benford's law) or "round" (many multiples of `unit`).

    One finding for a corpus, at the first post that has a count; of the others all view counts matter, in any order.
    """

    def compare(corpus: Corpus) -> Iterator[Finding]:
        facts = corpus.facts.values.get("views")
        values = uncounted(list(facts.text), options) if facts is not None else None
        if facts is not None and values is not None:
            yield Finding.at(corpus.place_in(int(facts.post[0]), int(facts.start[0]), int(facts.end[0])), values)

    return compare
