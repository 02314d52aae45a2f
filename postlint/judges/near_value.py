"""See `checks/near_value.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from postlint.canonical import joined, words
from postlint.index.catalog import Known, Order
from postlint.index.keys import SAMPLE_SHIFT, run_keys
from postlint.judges.subject import Judge, Subject
from postlint.limits import ROMAN
from postlint.rules import Options
from postlint.samples import WINDOW
from postlint.violations import Finding, Related


def bind(options: Options, as_of: date) -> Judge:
    """`kind` of value; `ratio` (0 to 100) of rapidfuzz's `fuzz.ratio` from which two are near; `min-words` of both."""
    kind, ratio, min_words = options["kind"], options["ratio"], options["min-words"]

    def judge(subject: Subject) -> Iterator[Finding]:
        values = subject.facts.values.get(kind)
        mine = words(values[0].text) if values else []
        # A text that stands in several posts already has a finding.
        if not values or len(mine) < min_words or subject.view.df(kind, values[0].key) != 1:
            return
        alike = [(_ratio(mine, words(text), ratio, min_words), other) for other, text in _met(subject, kind)]
        ranked = sorted((item for item in alike if item[0]), key=lambda item: (-item[0], item[1].order))
        subject.view.expect([other for _, other in ranked])
        best = next((item for item in ranked if not subject.view.related(subject.known, item[1])), None)
        if best is not None:
            place, its_text = subject.view.first_value(best[1], kind)
            percent = round(best[0])
            yield Finding.at(
                subject.place(values[0].start, values[0].end),
                values={
                    "field": kind,
                    "percent": percent,
                    "value": " ".join(values[0].text.split()),
                    "other": place.post,
                    "other_value": " ".join(its_text.split()),
                },
                related=(Related(place, f"{percent} % alike"),),
                minor=not subject.heavy,
            )

    return judge


def _met(subject: Subject, kind: str) -> Sequence[tuple[Known, str]]:
    """The posts whose value it meets by runs of words, and these values."""
    met: dict[Order, Known] = {}
    for key in run_keys(subject.facts, kind):
        for post in subject.view.around(f"{kind} run", key << SAMPLE_SHIFT, subject.known.order, WINDOW):
            met[post.order] = post
    return [(post, subject.view.first_value(post, kind)[1]) for post in met.values()]


def _ratio(mine: Sequence[str], its: Sequence[str], ratio: float, min_words: int) -> float:
    """How alike two different values are; 0 where they are not near, or tell parts of a series apart."""
    from rapidfuzz import fuzz

    if len(its) < min_words or its == mine or _numbers(mine) != _numbers(its):
        return 0.0
    return fuzz.ratio(joined(mine), joined(its), score_cutoff=ratio)


def _numbers(found: Sequence[str]) -> Sequence[str]:
    return [word for word in found if word.isdecimal() or word in ROMAN]
