"""See `checks/duplicate_body.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.judges.subject import Judge, Subject
from postlint.rules import Options
from postlint.violations import Finding, Related


def bind(options: Options, as_of: date) -> Judge:
    """Posts of at least `min-words` prose words; case, punctuation and mark-up do not count."""
    min_words = options["min-words"]

    def judge(subject: Subject) -> Iterator[Finding]:
        view, facts = subject.view, subject.facts
        if facts.words < min_words:
            return
        same = view.same_body(facts.body_key, min_words)
        if same is None:
            return
        others = (same.original, *same.first)
        view.expect(others)
        other = next((other for other in others if not view.related(subject.known, other)), None)
        if other is not None:
            related = subject.anchor_of(other)
            yield Finding.at(
                subject.anchor,
                values={
                    "posts": same.posts - 1,
                    "words": facts.words,
                    "other": related.post,
                    "original": same.original.name,
                },
                related=(Related(related, "the same body"),),
            )

    return judge
