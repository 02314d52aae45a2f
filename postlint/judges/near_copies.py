"""The near copies of one paragraph: see `near_paragraphs.py`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from postlint.index.catalog import Known, Order
from postlint.index.one_post import Segment
from postlint.judges.subject import Subject
from postlint.samples import BEST, WINDOW, estimate
from postlint.violations import Place


class NearCopy(NamedTuple):
    """A paragraph of another, unrelated post, and how much of the smaller of the two stands in the larger."""

    post: Known
    paragraph: int
    containment: float

    def segment(self, subject: Subject) -> Segment:
        """The paragraph."""
        return subject.view.facts(self.post).paragraphs[self.paragraph]

    def place(self, subject: Subject) -> Place:
        """Where the paragraph stands."""
        segment = self.segment(subject)
        return Place(self.post.path, self.post.number, segment.start, segment.end)


def near_copies(subject: Subject, paragraph: int, min_words: int, containment: float) -> Sequence[NearCopy]:
    """The near copies of a paragraph, best first; none if it is an exact copy of one in an unrelated post."""

    def make() -> Sequence[NearCopy]:
        return tuple(_find(subject, paragraph, min_words, containment))

    found: Sequence[NearCopy] = subject.once(("near copies", paragraph, min_words, containment), make)
    return found


def _find(subject: Subject, paragraph: int, min_words: int, containment: float) -> list[NearCopy]:
    mine = subject.facts.paragraphs[paragraph]
    if mine.size < min_words or subject.witness("paragraph", mine.key) is not None:
        return []
    ranked = []
    for (order, row), (keys, words, post) in _met(subject, paragraph).items():
        if words >= min_words:
            ranked.append((-estimate(keys, mine.size, words), -keys, order, row, post))
    ranked.sort(key=lambda item: item[:4])
    subject.view.expect([item[-1] for item in ranked])
    # Likeness is costly to tell: no more are looked at than have to be.
    unrelated = (item for item in ranked if not subject.view.related(subject.known, item[-1]))
    shingles = frozenset(subject.facts.shingles(paragraph))
    found = []
    for _, _, order, row, post in islice(unrelated, BEST):
        its = frozenset(subject.view.facts(post).shingles(row))
        ratio = len(shingles & its) / max(min(len(shingles), len(its)), 1)
        if ratio >= containment:
            found.append((-ratio, order, row, NearCopy(post, row, ratio)))
    return [copy for _, _, _, copy in sorted(found, key=lambda item: item[:3])]


def _met(subject: Subject, paragraph: int) -> dict[tuple[Order, int], tuple[int, int, Known]]:
    """The paragraphs of other posts that it meets, each with the number of keys by which they met, and its words."""

    def make() -> dict[tuple[Order, int], tuple[int, int, Known]]:
        found: dict[tuple[Order, int], tuple[int, int, Known]] = {}
        for key in subject.facts.samples(paragraph):
            for post, row, words in subject.view.sampled(key, subject.known.order, WINDOW):
                keys = found[post.order, row][0] if (post.order, row) in found else 0
                found[post.order, row] = keys + 1, words, post
        return found

    found: dict[tuple[Order, int], tuple[int, int, Known]] = subject.once(("met", paragraph), make)
    return found
