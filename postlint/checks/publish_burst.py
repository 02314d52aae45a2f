"""Many posts that were published in one minute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.corpus import Corpus
from postlint.limits import OCCURRENCES
from postlint.rules import Compare, Options
from postlint.shapes import Shape, count, gives
from postlint.violations import Finding, Place, Related

SHAPE = Shape(
    scope="corpus",
    takes={
        "min-posts": count("So many posts of one minute."),
    },
    gives=gives("posts", "minute"),
)


def bind(options: Options, as_of: date) -> Compare:
    """One finding a minute in which at least `min-posts` posts were published, at the first of them."""
    least = max(options["min-posts"], 2)

    def compare(corpus: Corpus) -> Iterator[Finding]:
        facts = corpus.facts.values.get("minute")
        if facts is None:
            return
        rows_of: dict[int, list[int]] = {}
        for row, key in enumerate(facts.key.tolist()):
            rows_of.setdefault(key, []).append(row)

        def place(row: int) -> Place:
            return corpus.place_in(int(facts.post[row]), int(facts.start[row]), int(facts.end[row]))

        for rows in rows_of.values():
            if len(rows) >= least:
                first, *others = (place(row) for row in rows[: OCCURRENCES + 1])
                values = {"posts": len(rows), "minute": facts.text[rows[0]]}
                yield Finding.at(first, values, tuple(Related(other, "also here") for other in others))

    return compare
