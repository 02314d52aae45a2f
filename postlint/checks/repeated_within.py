"""The same paragraph, sentence or code block twice in one post."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import numpy as np

from postlint.corpus import Corpus
from postlint.limits import EXCERPT, OCCURRENCES
from postlint.rules import Compare, Options
from postlint.shapes import Shape, choice, count, gives, optional, share
from postlint.shared_text import stitched
from postlint.violations import Finding, Place, Related

SHAPE = Shape(
    scope="corpus",
    takes={
        "kind": choice("The segments.", "paragraph", "sentence", "code"),
        "min-size": count("Shorter ones are passed over: words, items or lines."),
        "major-from": share("Share of the post from which a finding has the full severity."),
        "major-size": optional(count("Shorter ones are minor, and no part of that share."), 0),
    },
    gives=gives("count", "size", "text"),
)


def bind(options: Options, as_of: date) -> Compare:
    """`kind` names the segments, `min-size` is in their unit. The second occurrence is the place of the finding.

    Forms and release notes repeat a line by right: a finding is minor unless what stands again is a share of the post's
    words from `major-from` on, for which nothing shorter than `major-size` counts, or the post is mostly shared text.
    """
    kind: str = options["kind"]
    min_size, major_size = options["min-size"], options.get("major-size", 0)
    major_from: float = options["major-from"]

    def compare(corpus: Corpus) -> Iterator[Finding]:
        segments = corpus.facts.sentences if kind == "sentence" else corpus.segments(kind)
        posts = corpus.sentence_post if kind == "sentence" else corpus.segments(kind).post
        rows = np.flatnonzero((segments.size >= min_size) & (segments.key != 0))
        # Key and post in one number, so that one sort brings the repetitions together; few remain to be looked at.
        mixed = segments.key[rows] ^ (posts[rows].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
        order = np.argsort(mixed, kind="stable")
        mixed = mixed[order]
        same = np.zeros(len(order), dtype=bool)
        same[1:] = mixed[1:] == mixed[:-1]
        same[:-1] |= same[1:]
        groups: dict[tuple[int, int], list[int]] = {}
        for row in np.sort(rows[order[same]]).tolist():
            groups.setdefault((int(posts[row]), int(segments.key[row])), []).append(row)
        repeated = {key: occurrences for key, occurrences in groups.items() if len(occurrences) > 1}
        again: Counter[int] = Counter()
        for (post, _), occurrences in repeated.items():
            size = int(segments.size[occurrences[0]])
            again[post] += (len(occurrences) - 1) * size * (size >= major_size)
        heavy = stitched(corpus)
        for (post, _), occurrences in repeated.items():
            # Lines of code are no words: there the weight of the post alone decides.
            share = again[post] / max(int(corpus.prose_words[post]), 1) if kind != "code" else 0.0
            size = int(segments.size[occurrences[0]])
            finding = _finding(corpus, kind, occurrences, size)
            finding.minor = not heavy[post] and (size < major_size or share < major_from)
            yield finding

    return compare


def _finding(corpus: Corpus, kind: str, rows: list[int], size: int) -> Finding:
    (first, text), (second, _), *others = (_occurrence(corpus, kind, row) for row in rows[: OCCURRENCES + 1])
    line = " ".join(text.split())
    return Finding.at(
        second,
        values={
            "count": len(rows),
            "size": size,
            "text": line if len(line) <= EXCERPT else line[: EXCERPT - 1] + "…",
        },
        related=tuple(Related(place, "also here") for place in (first, *(place for place, _ in others))),
    )


def _occurrence(corpus: Corpus, kind: str, row: int) -> tuple[Place, str]:
    """The place and text of a segment."""
    if kind == "sentence":
        return corpus.sentence(row)
    place = corpus.place(corpus.segments(kind), row)
    return place, corpus.facts.code_excerpts[row] if kind == "code" else corpus.text(row)
