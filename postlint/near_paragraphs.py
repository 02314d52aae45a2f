"""Paragraphs that are copies but for a sentence or a few words: the closest other paragraphs of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from postlint.corpus import WITNESSES, Corpus
from postlint.facts import Column
from postlint.fingerprint import I64, U64
from postlint.overlap import overlap
from postlint.pairs import best, counted, linked, owner_bits, pack, split

WINNOW = 4
"""Of each run of so many shingles the least is compared (winnowing: Schleimer, Wilkerson, Aiken 2003).

Two paragraphs that have a run of eight words in common are therefore always compared, and two fifths of the shingles
need to be looked at.
"""
PARTITION = 1 << 20
"""Keys that are sorted at a time."""

_WIDTH = np.dtype(np.uint64).itemsize
F64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class NearCopies:
    """For paragraphs that are no exact copy of one in another post: their near copies, best first. A row each."""

    paragraph: I64
    partner: I64
    """A near copy of the paragraph, in an unrelated post."""
    containment: F64
    """Of the smaller of the two in the larger."""


def near_copies(corpus: Corpus, min_words: int, containment: float) -> NearCopies:
    """The near copies of every paragraph of at least `min_words` words, at or above a containment (0 to 1)."""
    return corpus.once(("near copies", min_words, containment), lambda: _find(corpus, min_words, containment))


def _find(corpus: Corpus, min_words: int, containment: float) -> NearCopies:
    paragraphs = corpus.facts.paragraphs
    copies = _Copies(paragraphs.key, np.flatnonzero(paragraphs.size >= min_words))
    pairs, shared = _candidates(corpus, copies.distinct)
    first, second = split(pairs[best(pairs, shared)])
    bounds = corpus.shingle_bounds
    ratio = overlap(corpus.shingles, bounds[:-1], bounds[1:], first, second).containment
    good = ratio >= containment
    first, second, ratio = first[good], second[good], ratio[good]

    # Every paragraph that is no exact copy itself, with a paragraph of each group that is near to its own.
    exact = corpus.repeats("paragraph").witness >= 0
    found: list[tuple[int, int, float]] = []
    for mine, other, value in zip(
        np.concatenate((first, second)).tolist(),
        np.concatenate((second, first)).tolist(),
        np.concatenate((ratio, ratio)).tolist(),
        strict=True,
    ):
        candidates = copies.of(other)[:WITNESSES]
        for row in copies.of(mine).tolist():
            if not exact[row]:
                partner = _unrelated(corpus, row, candidates)
                if partner >= 0:
                    found.append((row, partner, value))
    found.sort(key=lambda item: (item[0], -item[2], item[1]))
    rows, partners, values = zip(*found, strict=True) if found else ((), (), ())
    return NearCopies(np.array(rows, dtype=np.int64), np.array(partners, dtype=np.int64), np.array(values, dtype=float))


class _Copies:
    """Paragraphs by their text: copies of one need comparing but once, the first row standing for all."""

    def __init__(self, keys: U64, rows: I64) -> None:
        self._order = rows[np.argsort(keys[rows], kind="stable")]
        ordered = keys[self._order]
        new = np.concatenate(([True], ordered[1:] != ordered[:-1])) if len(rows) else np.zeros(0, dtype=bool)
        starts = np.flatnonzero(new)
        self._bounds = {
            int(self._order[start]): (int(start), int(end))
            for start, end in zip(starts, np.append(starts, len(rows))[1:], strict=True)
        }
        self.distinct: I64 = np.sort(self._order[starts])
        """The first row of each text, in order."""

    def of(self, row: int) -> I64:
        """The rows of the text whose first row this is, in order."""
        start, end = self._bounds[row]
        return self._order[start:end]


def _candidates(corpus: Corpus, rows: I64) -> tuple[U64, I64]:
    """Pairs of paragraphs (out of `rows`) that share winnowed shingles, and how many they were seen to share."""
    wanted = np.zeros(len(corpus.facts.paragraphs), dtype=bool)
    wanted[rows] = True
    counts = corpus.facts.shingle_counts
    bits = owner_bits(len(wanted))
    # Two fifths of the shingles are left by winnowing. Their upper bits choose the part.
    parts = 1 << (int(counts[rows].sum()) * 2 // 5 // PARTITION).bit_length()
    above = np.uint64(64 - (parts.bit_length() - 1))
    kept: list[list[Column]] = [[] for _ in range(parts)]
    paragraph = position = 0
    for batch in corpus.facts.shingles:
        # The paragraphs of this batch: those whose shingles end where the batch does.
        end = position + batch.length // _WIDTH
        last = int(np.searchsorted(corpus.shingle_bounds, end, side="right")) - 1
        numbers = corpus.shingles(position, end)
        owner = np.repeat(np.arange(paragraph, last, dtype=np.int32), counts[paragraph:last])
        chosen = winnow(numbers, owner) & wanted[owner]
        packed = pack(numbers[chosen], owner[chosen], bits)
        if parts == 1:
            kept[0].append(corpus.keep(packed.tobytes()))
        else:
            part_of = (packed >> above).astype(np.int64)
            for part in range(parts):
                kept[part].append(corpus.keep(packed[part_of == part].tobytes()))
        paragraph, position = last, end
    found = []
    for columns in kept:
        data = b"".join(corpus.read(column) for column in columns)
        columns.clear()
        found.append(linked(np.frombuffer(bytearray(data), dtype=np.uint64), bits))
    return counted(np.concatenate(found))


def winnow(shingles: U64, owners: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Which shingles are the least of some run of `WINNOW` in their paragraph; all of a paragraph with fewer."""
    count = len(shingles)
    chosen = np.zeros(count, dtype=bool)
    runs = count - WINNOW + 1
    if runs > 0:
        least = shingles[:runs].copy()
        for step in range(1, WINNOW):
            np.minimum(least, shingles[step : step + runs], out=least)
        whole = owners[:runs] == owners[WINNOW - 1 :]
        for step in range(WINNOW):
            chosen[step : step + runs] |= whole & (shingles[step : step + runs] == least)
    # Paragraphs too short for a run.
    starts = np.flatnonzero(np.concatenate(([True], owners[1:] != owners[:-1]))) if count else np.zeros(0, np.int64)
    lengths = np.diff(np.append(starts, count))
    chosen |= np.repeat(lengths < WINNOW, lengths)
    return chosen


def _unrelated(corpus: Corpus, row: int, candidates: I64) -> int:
    posts = corpus.facts.paragraphs.post
    for candidate in candidates.tolist():
        if not corpus.related(int(posts[row]), int(posts[candidate])):
            return int(candidate)
    return -1
