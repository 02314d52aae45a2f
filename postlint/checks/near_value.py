"""Two titles or summaries that are one text but for a few letters or words."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterator, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from postlint.canonical import joined, words
from postlint.corpus import Corpus
from postlint.facts import Values
from postlint.fingerprint import I64
from postlint.limits import ROMAN
from postlint.rules import Compare, Options
from postlint.samples import WINDOW, runs, sample
from postlint.sampling import changes, meetings
from postlint.shapes import Shape, choice, count, gives, percent
from postlint.shared_text import stitched
from postlint.violations import Finding, Related

SHAPE = Shape(
    scope="corpus",
    takes={
        "kind": choice("The kind of value.", "title", "summary", "topic"),
        "ratio": percent("How alike two texts are."),
        "min-words": count("Shorter texts are passed over."),
    },
    gives=gives("field", "percent", "value", "other", "other_value"),
)


def bind(options: Options, as_of: date) -> Compare:
    """`kind` of value; `ratio` (0 to 100) of rapidfuzz's `fuzz.ratio` from which two are near; `min-words` of both.

    The first value of a post is compared with those it meets by runs of words (see `sampling.meetings`). Texts whose
    numbers differ are parts of a series, not copies, and equal texts are another rule's. Reference pages
    have summaries of one form by right: a finding is minor unless the post is mostly shared text.
    """
    kind: str = options["kind"]

    def compare(corpus: Corpus) -> Iterator[Finding]:
        values = corpus.facts.values.get(kind)
        if values is not None:
            heavy = stitched(corpus)
            for row, other, alike in near_values(corpus, values, options["ratio"], options["min-words"]):
                finding = _finding(corpus, kind, values, row, other, round(alike))
                finding.minor = not heavy[values.post[row]]
                yield finding

    return compare


def near_values(
    corpus: Corpus, values: Values, ratio: float, min_words: int, window: int = WINDOW
) -> Iterator[tuple[int, int, float]]:
    """The rows of values that are near another, the closest other, and their ratio; in order."""
    from rapidfuzz import fuzz, process

    rows = np.flatnonzero(changes(values.post))
    posts = values.post[rows]
    texts, numbers, keys = [], [], array("Q")
    enough = np.zeros(len(rows), dtype=bool)
    counts = np.zeros(len(rows), dtype=np.int64)
    for place, row in enumerate(rows.tolist()):
        found = words(values.text[row])
        texts.append(joined(found))
        numbers.append(tuple(word for word in found if word.isdecimal() or word in ROMAN))
        enough[place] = len(found) >= min_words
        sampled = sample(runs(found))
        keys.extend(sampled)
        counts[place] = len(sampled)
    of_text, of_numbers = _numbered(texts), _numbered(numbers)
    flat = np.frombuffer(keys, dtype=np.uint64)
    # A text that stands in several posts already has a finding: it is no subject here, but may be a partner.
    for met in meetings(flat, counts, posts, enough & _alone(values)[rows], window):
        good = enough[met.other] & (of_text[met.text] != of_text[met.other])
        good &= of_numbers[met.text] == of_numbers[met.other]
        mine, its = met.text[good], met.other[good]
        left, right = ([texts[row] for row in side.tolist()] for side in (mine, its))
        alike = process.cpdist(left, right, scorer=fuzz.ratio, score_cutoff=ratio, dtype=np.float64)
        near = np.flatnonzero(alike > 0)
        near = near[corpus.unrelated(posts[mine[near]], posts[its[near]])]
        # Of each value the most alike, and of those the first.
        near = near[np.lexsort((its[near], -alike[near], mine[near]))]
        for pair in near[changes(mine[near])].tolist():
            yield int(rows[mine[pair]]), int(rows[its[pair]]), float(alike[pair])


def _alone(values: Values) -> NDArray[np.bool_]:
    """Which values no other post has."""
    order = np.lexsort((values.post, values.key))
    key, post = values.key[order], values.post[order]
    group = np.cumsum(changes(key)) - 1
    posts = np.bincount(group[changes(key) | changes(post)])
    alone = np.ones(len(order), dtype=bool)
    alone[order] = posts[group] == 1
    return alone


def _numbered(values: Sequence[Hashable]) -> I64:
    """A number for each value, equal for equal ones."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.int64)


def _finding(corpus: Corpus, kind: str, values: Values, mine: int, its: int, percent: int) -> Finding:
    place = corpus.place_in(int(values.post[mine]), int(values.start[mine]), int(values.end[mine]))
    other = corpus.place_in(int(values.post[its]), int(values.start[its]), int(values.end[its]))
    return Finding.at(
        place,
        values={
            "field": kind,
            "percent": percent,
            "value": " ".join(values.text[mine].split()),
            "other": other.post,
            "other_value": " ".join(values.text[its].split()),
        },
        related=(Related(other, f"{percent} % alike"),),
    )
