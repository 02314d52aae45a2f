"""See `checks/repeated_segment.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.judges.subject import Judge, Subject
from postlint.rules import Options
from postlint.violations import Finding, Related


def bind(options: Options, as_of: date) -> Judge:
    """`kind` names the segments; `min-size` is in their unit (words, items, lines), `min-posts` counts this one too."""
    kind: str = options["kind"]
    min_size, min_posts = options["min-size"], options["min-posts"]

    def judge(subject: Subject) -> Iterator[Finding]:
        for segment in subject.facts.segments(kind):
            if segment.size < min_size:
                continue
            witness = subject.witness(kind, segment.key)
            df = subject.view.df(kind, segment.key) if witness is not None else 0
            if witness is not None and df >= min_posts:
                other = subject.view.first_place(witness, kind, segment.key)
                yield Finding.at(
                    subject.place(segment.start, segment.end),
                    values={"size": segment.size, "posts": df - 1, "other": other.post},
                    related=(Related(other, "also here"),),
                    minor=not subject.heavy,
                )

    return judge
