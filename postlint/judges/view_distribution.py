"""See `checks/view_distribution.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.judges.subject import Judge, Subject
from postlint.rules import Options
from postlint.violations import Finding


def bind(options: Options, as_of: date) -> Judge:
    """`test` is "drawn" or "round". One finding for a corpus, at the first post that has a count."""

    def judge(subject: Subject) -> Iterator[Finding]:
        mine = subject.facts.values.get("views")
        if mine:
            values = subject.view.uncounted(subject.known, options)
            if values is not None:
                yield Finding.at(subject.place(mine[0].start, mine[0].end), values)

    return judge
