"""See `checks/repeated_within.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from postlint.index.one_post import Segment, Sentence
from postlint.judges.subject import Judge, Subject
from postlint.limits import EXCERPT, OCCURRENCES
from postlint.rules import Options
from postlint.violations import Finding, Place, Related


def bind(options: Options, as_of: date) -> Judge:
    """`kind` names the segments, `min-size` is in their unit. The second occurrence is the place of the finding."""
    kind: str = options["kind"]
    min_size, major_size = options["min-size"], options.get("major-size", 0)
    major_from: float = options["major-from"]

    def judge(subject: Subject) -> Iterator[Finding]:
        groups: dict[int, list[int]] = {}
        facts = subject.facts
        segments: Sequence[Segment | Sentence] = facts.sentences if kind == "sentence" else facts.segments(kind)
        for row, segment in enumerate(segments):
            if segment.size >= min_size and segment.key:
                groups.setdefault(segment.key, []).append(row)
        repeated = [rows for rows in groups.values() if len(rows) > 1]
        sizes = [segments[rows[0]].size for rows in repeated]
        again = sum((len(rows) - 1) * size for rows, size in zip(repeated, sizes, strict=True) if size >= major_size)
        share = again / max(subject.facts.words, 1) if kind != "code" else 0.0
        for rows, size in zip(repeated, sizes, strict=True):
            finding = _finding(subject, kind, rows, size)
            finding.minor = not subject.heavy and (size < major_size or share < major_from)
            yield finding

    return judge


def _finding(subject: Subject, kind: str, rows: list[int], size: int) -> Finding:
    (first, text), (second, _), *others = (_occurrence(subject, kind, row) for row in rows[: OCCURRENCES + 1])
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


def _occurrence(subject: Subject, kind: str, row: int) -> tuple[Place, str]:
    """The place and text of a segment."""
    facts = subject.facts
    if kind == "sentence":
        return subject.sentence(facts.sentences[row])
    segment = facts.segments(kind)[row]
    place = subject.place(segment.start, segment.end)
    if kind == "paragraph":
        return place, facts.blocks[row].text
    return place, next(block.text for block in facts.post.blocks if block.start == segment.start)
