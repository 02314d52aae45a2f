"""A value that should differ from post to post and is the same in all of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.corpus import Corpus
from postlint.errors import UserError, nearest
from postlint.rows import MEASURES
from postlint.rules import Compare, Options
from postlint.shapes import Shape, choices, count, gives
from postlint.violations import Finding

SHAPE = Shape(
    scope="corpus",
    takes={
        "fields": choices("The values that are compared.", *MEASURES),
        "min-posts": count("Values that it takes."),
    },
    gives=gives("field", "value", "posts"),
)


def bind(options: Options, as_of: date) -> Compare:
    """One finding for each of `fields` that `min-posts` posts or more have with one value, at the first of them.

    Raises UserError for a field that is not compared.
    """
    for field in options["fields"]:
        if field not in MEASURES:
            raise UserError(f'with: no field "{field}" is compared{nearest(field, MEASURES)}')

    def compare(corpus: Corpus) -> Iterator[Finding]:
        for field in options["fields"]:
            values = corpus.facts.values.get(field)
            if (
                values is not None
                and len(values) >= max(options["min-posts"], 2)
                and (values.key == values.key[0]).all()
            ):
                place = corpus.place_in(int(values.post[0]), int(values.start[0]), int(values.end[0]))
                yield Finding.at(
                    place,
                    values={"field": field.replace("_", " "), "value": values.text[0], "posts": len(values)},
                )

    return compare
