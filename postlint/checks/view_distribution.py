"""View counts of a corpus that look drawn or typed, not counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import log10

from postlint.corpus import Corpus
from postlint.facts import Values
from postlint.rules import Compare, Options
from postlint.shapes import Gives, Shape, choice, count, gives, number, optional, share
from postlint.statistics import first_digits, round_share, uniform_p
from postlint.values import parse_number
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
    judge = _drawn if options["test"] == "drawn" else _round

    def compare(corpus: Corpus) -> Iterator[Finding]:
        facts = corpus.facts.values.get("views")
        if facts is None:
            return
        counts = [int(views) for views in map(parse_number, facts.text) if views is not None and views > 0]
        if len(counts) >= options["min-posts"]:
            values = judge(counts, options)
            if values is not None:
                yield _finding(corpus, facts, {"posts": len(counts), **values})

    return compare


def _drawn(counts: list[int], options: Options) -> dict[str, object] | None:
    orders = log10(max(counts)) - log10(min(counts))
    digits = first_digits(counts)
    even = uniform_p(counts)
    grown = digits.deviation < options["min-deviation"] or digits.p > options["p"]
    if orders < options["min-orders"] or grown or even < options["even-p"]:
        return None
    return {"deviation": round(digits.deviation, 4), "p": round(digits.p, 6), "even": round(even, 4)}


def _round(counts: list[int], options: Options) -> dict[str, object] | None:
    share = round_share(counts, options["unit"])
    if share < options["share"]:
        return None
    return {"percent": round(100 * share), "unit": options["unit"]}


def _finding(corpus: Corpus, facts: Values, values: dict[str, object]) -> Finding:
    place = corpus.place_in(int(facts.post[0]), int(facts.start[0]), int(facts.end[0]))
    return Finding.at(place, values)
