"""See `checks/near_body.py` and `bodies.py`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice

from postlint.index.catalog import Known, Order, representative
from postlint.judges.subject import Judge, Subject
from postlint.rules import Options
from postlint.sketch_layout import BEST, SENTENCE_BEST, SENTENCE_WINDOW, enough_shared
from postlint.violations import Finding, Related


def bind(options: Options, as_of: date) -> Judge | None:
    """`measure` is "resemblance" or "containment"; the other options are the thresholds. An exact comparison is one of
    all posts."""
    if options["measure"] == "resemblance":
        if options["exact"]:
            return None
        return lambda subject: _resembling(subject, options["min-words"], options["resemblance"])
    return lambda subject: _contained(subject, options["min-words"], options["resemblance"], options["containment"])


def partners(subject: Subject, min_words: int, threshold: float) -> Sequence[tuple[Known, float]]:
    """The posts that resemble one as much as asked, and how much."""

    def make() -> Sequence[tuple[Known, float]]:
        if subject.facts.words < min_words:
            return ()
        found = []
        for other in _candidates(subject, threshold):
            shared, mine, its = _overlap(subject, other)
            resemblance = shared / max(mine + its - shared, 1)
            if resemblance >= threshold:
                found.append((other, resemblance))
        return found

    found: Sequence[tuple[Known, float]] = subject.once(("partners", min_words, threshold), make)
    return found


def _resembling(subject: Subject, min_words: int, threshold: float) -> Iterator[Finding]:
    found = partners(subject, min_words, threshold)
    if not found:
        return
    # Of equally close posts the first in order.
    other, resemblance = min(found, key=lambda pair: (-pair[1], pair[0].order))
    if subject.view.facts(other).body_key != subject.facts.body_key:
        values = {
            "percent": round(100 * resemblance),
            "resemblance": round(resemblance, 4),
            "posts": len(found),
            "original": representative([subject.known, *(partner for partner, _ in found)]).name,
        }
        yield _finding(subject, other, values, "closest post")


def _candidates(subject: Subject, resemblance: float) -> Sequence[Known]:
    """The posts that stand next to it in the order of a band, and whose sketches agree best with its own."""
    found = subject.view.alike(subject.known, subject.facts, resemblance)
    return _best(subject, [(agreeing, post) for post, agreeing in found], BEST)


def _contained(subject: Subject, min_words: int, resemblance: float, threshold: float) -> Iterator[Finding]:
    if subject.facts.words < min_words:
        return
    partners = []
    for other in _sharing(subject, min_words):
        shared, mine, its = _overlap(subject, other)
        share = shared / max(mine, 1)
        if shared / max(mine + its - shared, 1) < resemblance and share >= threshold:
            partners.append((-share, other.order, other))
    if partners:
        negative, _, other = min(partners)
        values = {"percent": round(-100 * negative), "containment": round(-negative, 4)}
        yield _finding(subject, other, values, "contains it")


def _sharing(subject: Subject, min_words: int) -> Sequence[Known]:
    """The posts that it meets under the most sentences, if these are enough."""
    sentences = subject.facts.sentences
    met: dict[Order, Known] = {}
    count: Counter[Order] = Counter()
    for key in {sentence.key for sentence in sentences}:
        for post in subject.view.around("sentence", key, subject.known.order, SENTENCE_WINDOW):
            met[post.order] = post
            count[post.order] += 1
    scores = [
        (times, met[order])
        for order, times in count.items()
        if enough_shared(times, min(len(sentences), met[order].sentences)) and met[order].words >= min_words
    ]
    return _best(subject, scores, SENTENCE_BEST)


def _best(subject: Subject, scores: Iterable[tuple[int, Known]], keep: int) -> list[Known]:
    """The unrelated posts of the highest scores, of equal ones the first in order; no more are looked at than have
    to be."""
    ranked = [post for _, post in sorted(scores, key=lambda item: (-item[0], item[1].order))]
    subject.view.expect(ranked)
    return list(islice((post for post in ranked if not subject.view.related(subject.known, post)), keep))


def _overlap(subject: Subject, other: Known) -> tuple[int, int, int]:
    """Distinct shingles: those of both posts, those of the one, those of the other."""
    mine, its = subject.facts.distinct_shingles, subject.view.facts(other).distinct_shingles
    return len(mine & its), len(mine), len(its)


def _finding(subject: Subject, other: Known, values: Mapping[str, object], role: str) -> Finding:
    related = subject.anchor_of(other)
    return Finding.at(subject.anchor, values={**values, "other": related.post}, related=(Related(related, role),))
