"""See `checks/slot_filled.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.judges.near_copies import NearCopy, near_copies
from postlint.judges.subject import Judge, Subject
from postlint.rules import Options
from postlint.templates import Template, template
from postlint.violations import Finding, Related


def bind(options: Options, as_of: date) -> Judge:
    """Near copies (`min-words`, `containment`) whose sentences pair up (`ratio`) and differ in a few short slots."""

    def judge(subject: Subject) -> Iterator[Finding]:
        for row, paragraph in enumerate(subject.facts.paragraphs):
            for copy in near_copies(subject, row, options["min-words"], options["containment"]):
                found = _template(subject, row, copy, options)
                if found is not None:
                    other = copy.place(subject)
                    yield Finding.at(
                        subject.place(paragraph.start, paragraph.end),
                        values={
                            "template": found.text,
                            "slots": list(found.first),
                            "other_slots": list(found.second),
                            "other": other.post,
                        },
                        related=(Related(other, "the same template"),),
                        minor=not subject.heavy,
                    )
                    break

    return judge


def _template(subject: Subject, row: int, copy: NearCopy, options: Options) -> Template | None:
    mine, its = subject.facts.blocks[row].text, subject.view.facts(copy.post).blocks[copy.paragraph].text
    limits = options["max-slots"], options["max-slot-words"], options["sentence-ratio"]
    # A pair has one template, whichever of the two is asked about: that of the first in the corpus.
    if copy.post.order < subject.known.order:
        found = template(its, mine, *limits)
        return found and found.mirrored()
    return template(mine, its, *limits)
