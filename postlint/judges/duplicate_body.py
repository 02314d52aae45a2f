"""See `checks/duplicate_body.py`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from postlint.index.catalog import Known
from postlint.judges.subject import Judge, Subject
from postlint.limits import WITNESSES
from postlint.rules import Options
from postlint.violations import Finding, Related


def bind(options: Options, as_of: date) -> Judge:
    """Posts of at least `min-words` prose words; case, punctuation and mark-up do not count."""
    min_words = options["min-words"]

    def judge(subject: Subject) -> Iterator[Finding]:
        view, facts = subject.view, subject.facts
        if facts.words < min_words or view.df("body", facts.body_key) < 2:
            return
        members = [post for post in view.first("body", facts.body_key, view.posts) if post.words >= min_words]
        if len(members) < 2:
            return
        original = representative(members)
        others = [original, *members[: WITNESSES + 1]]
        other = next((other for other in others if not view.related(subject.known, other)), None)
        if other is not None:
            related = subject.anchor_of(other)
            yield Finding.at(
                subject.anchor,
                values={
                    "posts": len(members) - 1,
                    "words": facts.words,
                    "other": related.post,
                    "original": original.path,
                },
                related=(Related(related, "the same body"),),
            )

    return judge


def representative(members: Iterable[Known]) -> Known:
    """The post of several that the others are said to repeat: the earliest published, else the first in order."""
    found: Sequence[Known] = sorted(members, key=lambda post: post.order)
    dated = [post for post in found if post.published]
    return min(dated, key=lambda post: post.published) if dated else found[0]
