"""See `checks/publish_burst.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.judges.subject import Judge, Subject
from postlint.limits import OCCURRENCES
from postlint.rules import Options
from postlint.violations import Finding, Related


def bind(options: Options, as_of: date) -> Judge:
    """One finding a minute in which at least `min-posts` posts were published, at the first of them."""
    least = max(options["min-posts"], 2)

    def judge(subject: Subject) -> Iterator[Finding]:
        view = subject.view
        for mine in subject.facts.values.get("minute", ()):
            posts = view.df("minute", mine.key)
            if posts < least:
                continue
            first, *others = view.first("minute", mine.key, OCCURRENCES + 1)
            if first.order == subject.known.order:
                related = [Related(view.first_place(other, "minute", mine.key), "also here") for other in others]
                values = {"posts": posts, "minute": mine.text}
                yield Finding.at(subject.place(mine.start, mine.end), values, tuple(related))

    return judge
