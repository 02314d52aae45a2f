"""See `checks/repeated_end.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.judges.near_copies import near_copies
from postlint.judges.subject import Judge, Subject
from postlint.rules import Options
from postlint.violations import Finding, Related


def bind(options: Options, as_of: date) -> Judge:
    """`end` is "first" or "last": which paragraph of a post is looked at, wherever the others have theirs."""
    is_first = options["end"] == "first"
    min_words, containment = options["min-words"], options["containment"]

    def judge(subject: Subject) -> Iterator[Finding]:
        rows = [row for row, paragraph in enumerate(subject.facts.paragraphs) if paragraph.size]
        if not rows:
            return
        row = rows[0 if is_first else -1]
        paragraph = subject.facts.paragraphs[row]
        if paragraph.size < min_words:
            return
        witness = subject.witness("paragraph", paragraph.key)
        near = near_copies(subject, row, min_words, containment)
        if witness is not None:
            other, contained = subject.view.first_place(witness, "paragraph", paragraph.key), 1.0
        elif near:
            other, contained = near[0].place(subject), near[0].containment
        else:
            return
        finding = Finding.at(
            subject.place(paragraph.start, paragraph.end),
            values={"other": other.post, "percent": round(100 * contained)},
            related=(Related(other, "also here"),),
        )
        finding.variant = "exact" if witness is not None else "near"
        yield finding

    return judge
