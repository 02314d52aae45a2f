"""A last review that is longer ago than the house, or the post itself, allows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.needs import Guarded, Needs, one_of
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, count, gives
from postlint.values import parse_date, parse_days, parse_state
from postlint.violations import Finding

SHAPE = Shape(
    scope="post",
    takes={
        "max-age-days": count("Days since the last review."),
    },
    gives=gives("date", "days", "limit"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """`max-age-days`, unless the post names its own interval (`review in: 6 months`) or its next review."""
    allowed = options["max-age-days"]

    def inspect(post: Post) -> Iterator[Finding]:
        meta = post.meta
        dated = [(parse_date(entry.value).last, entry) for entry in meta.all("reviewed")]
        # Of several reviews the newest counts.
        newest = max((last for last, _ in dated if last is not None), default=None)
        if newest is None or any(parse_state(entry.value) == "retired" for entry in meta.all("status")):
            return
        for due in meta.all("review_due"):
            last = parse_date(due.value).last
            if last is not None and last >= as_of:
                return
        own = [days for entry in meta.all("review_interval") if (days := parse_days(entry.value))]
        limit = own[0] if own else allowed
        age = (as_of - newest).days
        if age > limit:
            entry = next(entry for last, entry in dated if last == newest)
            yield Finding(entry.start, entry.end, {"date": newest, "days": age, "limit": limit})

    return Guarded(inspect, Needs(fields=one_of("reviewed")))
