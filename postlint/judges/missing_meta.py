"""See `checks/missing_meta.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.judges.subject import Judge, Subject
from postlint.rules import Options
from postlint.violations import Finding


def bind(options: Options, as_of: date) -> Judge:
    """Posts without meta where at least `min-share` of the posts of their format, and `min-posts` of them, have it."""
    min_share, min_posts, require = options["min-share"], options["min-posts"], options["require"]

    def judge(subject: Subject) -> Iterator[Finding]:
        if subject.known.has_meta:
            return
        total, having = subject.view.formats(subject.known.format)
        if require or having >= max(min_posts, min_share * total):
            yield Finding.at(subject.anchor, values={"having": having, "posts": total})

    return judge
