"""Two titles or summaries that are one text but for a few letters or words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import numpy as np

from postlint.canonical import words
from postlint.corpus import Corpus
from postlint.facts import Values
from postlint.hashing import value_key
from postlint.pairs import counted, neighbours, split
from postlint.rules import Compare, Options
from postlint.shapes import Shape, choice, count, gives, percent
from postlint.shared_text import stitched
from postlint.violations import Finding, Related

RUN = 3
"""Words in a run that two near-equal texts must share to be compared at all."""
_ROMAN = frozenset("i ii iii iv v vi vii viii ix x xi xii".split())


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

    Texts whose numbers differ are parts of a series, not copies, and equal texts are another rule's. Reference pages
    have summaries of one form by right: a finding is minor unless the post is mostly shared text.
    """
    kind: str = options["kind"]

    def compare(corpus: Corpus) -> Iterator[Finding]:
        values = corpus.facts.values.get(kind)
        if values is not None:
            heavy = stitched(corpus)
            for row, finding in _near(corpus, kind, values, options["ratio"], options["min-words"]):
                finding.minor = not heavy[values.post[row]]
                yield finding

    return compare


def _near(corpus: Corpus, kind: str, values: Values, ratio: float, min_words: int) -> Iterator[tuple[int, Finding]]:
    from rapidfuzz import fuzz

    first_of_post = np.flatnonzero(np.concatenate(([True], values.post[1:] != values.post[:-1])))
    cut = {row: words(values.text[row]) for row in first_of_post.tolist()}
    texts = {row: " ".join(found) for row, found in cut.items()}
    # Texts that stand in several posts already have a finding: they are no subject here, but may be a partner.
    copies = Counter(texts.values())
    numbers = {row: [word for word in found if word.isdecimal() or word in _ROMAN] for row, found in cut.items()}
    closest: dict[int, tuple[float, int]] = {}
    for first, second in _candidates(cut, texts, min_words):
        if numbers[first] != numbers[second]:
            continue
        alike = fuzz.ratio(texts[first], texts[second], score_cutoff=ratio)
        if alike and not corpus.related(int(values.post[first]), int(values.post[second])):
            for mine, its in ((first, second), (second, first)):
                if copies[texts[mine]] == 1:
                    closest[mine] = min(closest.get(mine, (0.0, 0)), (-alike, its))
    for mine, (negative, its) in sorted(closest.items()):
        yield mine, _finding(corpus, kind, values, mine, its, round(-negative))


def _candidates(cut: dict[int, list[str]], texts: dict[int, str], min_words: int) -> Iterator[tuple[int, int]]:
    """Pairs of different texts that share a run of words, each text standing for its copies by the first of them."""
    first_of: dict[str, int] = {}
    for row, text in texts.items():
        if len(cut[row]) >= min_words:
            first_of.setdefault(text, row)
    keys: list[int] = []
    owners: list[int] = []
    for row in first_of.values():
        found = cut[row]
        runs = {value_key(*found[start : start + RUN]) for start in range(max(len(found) - RUN + 1, 1))}
        keys.extend(runs)
        owners.extend([row] * len(runs))
    pairs = counted(neighbours(np.array(keys, dtype=np.uint64), np.array(owners, dtype=np.int64)))[0]
    first, second = split(pairs)
    return zip(first.tolist(), second.tolist(), strict=True)


def _finding(corpus: Corpus, kind: str, values: Values, mine: int, its: int, percent: int) -> Finding:
    place = corpus.place_in(int(values.post[mine]), int(values.start[mine]), int(values.end[mine]))
    other = corpus.place_in(int(values.post[its]), int(values.start[its]), int(values.end[its]))
    return Finding.at(
        place,
        values={
            "field": kind,
            "percent": percent,
            "value": " ".join(values.text[mine].split()),
            "other": other.path,
            "other_value": " ".join(values.text[its].split()),
        },
        related=(Related(other, f"{percent} % alike"),),
    )
