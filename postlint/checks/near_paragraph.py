"""A paragraph that is a copy of one in another post but for a sentence more or less, or a few words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.corpus import Corpus
from postlint.limits import NEAR_COPIES
from postlint.near_paragraphs import near_copies
from postlint.rules import Compare, Options
from postlint.shapes import Shape, count, gives, share
from postlint.shared_text import stitched
from postlint.violations import Finding, Related

SHAPE = Shape(
    scope="corpus",
    takes={
        "min-words": count("Shorter paragraphs are passed over."),
        "containment": share("Share of the shorter one that the other has."),
    },
    gives=gives("words", "percent", "containment", "other"),
)


def bind(options: Options, as_of: date) -> Compare:
    """`min-words` of either paragraph; `containment` of the smaller one's shingles in the larger."""
    min_words, containment = options["min-words"], options["containment"]

    def compare(corpus: Corpus) -> Iterator[Finding]:
        paragraphs = corpus.facts.paragraphs
        heavy = stitched(corpus)
        near = near_copies(corpus, min_words, containment)
        partners: dict[int, list[tuple[int, float]]] = {}
        for row, partner, ratio in zip(
            near.paragraph.tolist(), near.partner.tolist(), near.containment.tolist(), strict=True
        ):
            partners.setdefault(row, []).append((partner, ratio))
        for row, found in partners.items():
            place = corpus.place(paragraphs, row)
            closest, ratio = found[0]
            yield Finding.at(
                place,
                values={
                    "words": int(paragraphs.size[row]),
                    "percent": round(100 * ratio),
                    "containment": ratio,
                    "other": corpus.place(paragraphs, closest).post,
                },
                related=tuple(
                    Related(corpus.place(paragraphs, partner), f"near copy, {round(100 * value)} % shared")
                    for partner, value in found[:NEAR_COPIES]
                ),
                minor=not heavy[paragraphs.post[row]],
            )

    return compare
