"""The same paragraph, sentence or code block twice in one post."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from postlint.canonical import sentences as cut
from postlint.corpus import Corpus
from postlint.rules import Compare, Options
from postlint.violations import Finding, Place, Related

SHOWN = 4
"""Other occurrences named with a finding."""


def bind(options: Options, as_of: date) -> Compare:
    """`kind` names the segments, `min-size` is in their unit. The second occurrence is the place of the finding."""
    kind: str = options["kind"]
    min_size = options["min-size"]

    def compare(corpus: Corpus) -> Iterator[Finding]:
        segments = corpus.segments(kind)
        rows = np.flatnonzero((segments.size >= min_size) & (segments.key != 0))
        # Stable: within a post and key the occurrences stay in order.
        order = rows[np.lexsort((segments.key[rows], segments.post[rows]))]
        post, key = segments.post[order], segments.key[order]
        same = np.flatnonzero((post[1:] == post[:-1]) & (key[1:] == key[:-1])) + 1
        if not len(same):
            return
        runs = np.split(same, np.flatnonzero(np.diff(same) > 1) + 1)
        for run in runs:
            occurrences = [order[run[0] - 1], *order[run]]
            first, second, *others = (_place(corpus, kind, int(row)) for row in occurrences)
            quote = corpus.block(corpus.place(segments, int(occurrences[0])))
            yield Finding(
                start=second.start,
                end=second.end,
                path=second.path,
                number=second.number,
                values={
                    "count": len(occurrences),
                    "size": int(segments.size[occurrences[0]]),
                    "text": _excerpt(corpus, kind, int(occurrences[0]), quote.text if quote else ""),
                },
                related=tuple(Related(place, "also here") for place in (first, *others)[:SHOWN]),
            )

    return compare


def _place(corpus: Corpus, kind: str, row: int) -> Place:
    segments = corpus.segments(kind)
    place = corpus.place(segments, row)
    if kind != "sentence":
        return place
    block = corpus.block(place)
    if block is None:
        return place
    start, end = cut(block.text)[_ordinal(corpus, row)]
    return Place(place.path, place.number, *block.place(start, end))


def _ordinal(corpus: Corpus, row: int) -> int:
    owners = corpus.facts.sentence_paragraph
    return row - int(np.searchsorted(owners, owners[row]))


def _excerpt(corpus: Corpus, kind: str, row: int, text: str) -> str:
    if kind == "sentence" and text:
        start, end = cut(text)[_ordinal(corpus, row)]
        text = text[start:end]
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"
