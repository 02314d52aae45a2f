"""Check: a meta key that stands twice, or two keys for one fact that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.meta import SYNONYMS, Entry
from postlint.needs import Guarded, Needs, one_of
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, choices, gives
from postlint.values import parse_flag, parse_number
from postlint.violations import Finding, Place, Related

SHAPE = Shape(
    scope="post",
    takes={
        "fields": choices("Fields of which only one key may speak.", *sorted(SYNONYMS)),
    },
    gives=gives(same="key first_row", synonym="key first_key first_row"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """Values: `key`, `first_row`, and of "synonym" `first_key`. Variants: "same" key, "synonym" of another key."""
    fields = tuple(options["fields"])

    def inspect(post: Post) -> Iterator[Finding]:
        for problem in post.problems:
            if problem.kind == "duplicate-key":
                yield Finding(problem.start, problem.end, problem.values, variant="same")
        for field in fields:
            entries = post.meta.all(field)
            if len(entries) < 2:
                continue
            first = entries[0]
            for entry in entries[1:]:
                if entry.path[:-1] == first.path[:-1] and entry.key != first.key and _differ(first, entry):
                    values = {
                        "key": entry.key,
                        "first_key": first.key,
                        "first_row": post.row(first.key_start),
                    }
                    place = Place(post.path, post.number, first.key_start, first.end)
                    yield Finding(
                        entry.key_start, entry.key_end, values, (Related(place, "the first"),), variant="synonym"
                    )

    return Guarded(inspect, Needs(fields=one_of(*fields), problems=True))


def _differ(first: Entry, second: Entry) -> bool:
    for read in (parse_number, parse_flag):
        one, other = read(first.value), read(second.value)
        if one is not None and other is not None:
            return one != other
    return False
