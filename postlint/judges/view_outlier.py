"""See `checks/view_outlier.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.judges.subject import Judge, Subject
from postlint.rules import Options
from postlint.values import parse_number
from postlint.violations import Finding


def bind(options: Options, as_of: date) -> Judge:
    """At least `min-posts` counts; a robust z of log10(views) above `z`, and `min-factor` times the next largest."""

    def judge(subject: Subject) -> Iterator[Finding]:
        mine = subject.facts.values.get("views")
        count = parse_number(mine[0].text) if mine else None
        if mine and count is not None:
            values = subject.view.outlier(subject.known, count, options)
            if values is not None:
                yield Finding.at(subject.place(mine[0].start, mine[0].end), values)

    return judge
