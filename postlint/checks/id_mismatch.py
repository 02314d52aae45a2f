"""Identifiers of one post that hold different numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from postlint.checks.conditions import FIELDS, read_field
from postlint.meta import Entry
from postlint.needs import Guarded, Needs
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, choices, gives
from postlint.violations import Finding, Place, Related

_NUMBER = re.compile(r"(?<![^\W_])[0-9]+(?![^\W_])")
"""A number that stands by itself between separators: not one of a hash."""


SHAPE = Shape(
    scope="post",
    takes={
        "fields": choices("The fields whose numbers must agree.", *sorted(FIELDS - {"post"})),
    },
    gives=gives("key", "value", "other_key", "other_value"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """The first entry of `fields` with a number is held against those after it; leading zeros do not count."""
    fields = [read_field(field, "with") for field in options["fields"]]

    def inspect(post: Post) -> Iterator[Finding]:
        entries = [(entry, _numbers(entry)) for field in fields for entry in post.meta.all(field)[:1]]
        numbered = [(entry, found) for entry, found in entries if found]
        for entry, found in numbered[1:]:
            first, expected = numbered[0]
            if not found & expected:
                values = {
                    "key": " ".join(entry.key.split()),
                    "value": entry.value,
                    "other_key": " ".join(first.key.split()),
                    "other_value": first.value,
                }
                place = Place(post.path, post.number, first.start, first.end)
                yield Finding(entry.start, entry.end, values, (Related(place, "the other identifier"),))

    pairs = {frozenset({one, other}) for one in fields for other in fields if one != other}
    return Guarded(inspect, Needs(fields=frozenset(pairs)))


def _numbers(entry: Entry) -> set[int]:
    return {int(number) for number in _NUMBER.findall(entry.value)}
