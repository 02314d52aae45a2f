"""See `checks/near_paragraph.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.judges.near_copies import near_copies
from postlint.judges.subject import Judge, Subject
from postlint.limits import NEAR_COPIES
from postlint.rules import Options
from postlint.violations import Finding, Related


def bind(options: Options, as_of: date) -> Judge:
    """`min-words` of either paragraph; `containment` of the smaller one's shingles in the larger."""
    min_words, containment = options["min-words"], options["containment"]

    def judge(subject: Subject) -> Iterator[Finding]:
        for row, paragraph in enumerate(subject.facts.paragraphs):
            found = near_copies(subject, row, min_words, containment)
            if found:
                yield Finding.at(
                    subject.place(paragraph.start, paragraph.end),
                    values={
                        "words": paragraph.size,
                        "percent": round(100 * found[0].containment),
                        "containment": found[0].containment,
                        "other": found[0].post.name,
                    },
                    related=tuple(
                        Related(copy.place(subject), f"near copy, {round(100 * copy.containment)} % shared")
                        for copy in found[:NEAR_COPIES]
                    ),
                    minor=not subject.heavy,
                )

    return judge
