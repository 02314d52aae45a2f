"""See `checks/same_value.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from postlint.canonical import count_words
from postlint.index.catalog import Known
from postlint.index.one_post import Value
from postlint.judges.subject import Judge, Subject
from postlint.likeness import day_of, differ_in_day
from postlint.limits import WITNESSES
from postlint.rules import Options
from postlint.violations import Finding, Related


def bind(options: Options, as_of: date) -> Judge:
    """`kinds` of values, each compared with its own kind; `max-share` counts from ten posts on.

    `apart-days` and `dated-addresses` as in the check.
    """
    min_words, max_share = options["min-words"], options["max-share"]
    names = options.get("ignore-names", ())
    ignored = re.compile("|".join(map(re.escape, names)), re.IGNORECASE) if names else None
    days, dated = options.get("apart-days", 0), options.get("dated-addresses", False)

    def judge(subject: Subject) -> Iterator[Finding]:
        view = subject.view
        most = max_share * view.posts if view.posts >= 10 else view.posts
        for kind in options["kinds"]:
            seen = set()
            for value in subject.facts.values.get(kind, ()):
                if not value.key or value.key in seen:
                    continue
                seen.add(value.key)
                if count_words(value.text) < min_words or (ignored and ignored.search(value.text)):
                    continue
                posts = view.df(kind, value.key)
                if 1 < posts <= most:
                    yield from _found(subject, kind, value, posts, days, dated)

    return judge


def _found(subject: Subject, kind: str, value: Value, posts: int, days: int, dated: bool) -> Iterator[Finding]:
    view, mine = subject.view, subject.known
    others = [one for one in view.first(kind, value.key, WITNESSES + 1) if not view.related(mine, one)]
    if dated and "/" not in value.text:
        others = [one for one in others if not differ_in_day(mine.likeness.series, one.likeness.series)]
    if others:
        near = [one for one in others if not _apart(mine, one, days)]
        other = (near or others)[0]
        related = view.first_place(other, kind, value.key)
        yield Finding.at(
            subject.place(value.start, value.end),
            values={
                "field": kind.replace("_", " "),
                "value": " ".join(value.text.split()),
                "posts": posts - 1,
                "other": related.post,
            },
            related=(Related(related, "also here"),),
            minor=not near,
        )


def _apart(mine: Known, other: Known, days: int) -> bool:
    first, second = (known.published or day_of(known.likeness.series) for known in (mine, other))
    return bool(days and first and second) and abs(first - second) >= days
