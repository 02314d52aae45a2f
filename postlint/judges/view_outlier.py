"""See `checks/view_outlier.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.judges.subject import Judge, Subject
from postlint.rules import Options
from postlint.values import parse_number
from postlint.view_counts import outlier
from postlint.violations import Finding


def bind(options: Options, as_of: date) -> Judge:
    """At least `min-posts` counts; a robust z of log10(views) above `z`, and `min-factor` times the next largest."""

    def judge(subject: Subject) -> Iterator[Finding]:
        mine = subject.facts.values.get("views")
        count = parse_number(mine[0].text) if mine else None
        # Only the largest of all can be one; to know that it is not, a few of the largest are enough.
        if mine and count is not None and not subject.view.has_more_views(count):
            counts = subject.view.views()
            found = outlier([text for _, text in counts], options)
            if found is not None and counts[found[0]][0] == subject.known.order:
                yield Finding.at(subject.place(mine[0].start, mine[0].end), found[1])

    return judge
