"""A paragraph that fills the slots of a template which another post fills with other words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.corpus import Corpus
from postlint.near_paragraphs import near_copies
from postlint.rules import Compare, Options
from postlint.shapes import Shape, count, gives, percent, share
from postlint.shared_text import stitched
from postlint.templates import Template, template
from postlint.violations import Finding, Related

SHAPE = Shape(
    scope="corpus",
    takes={
        "min-words": count("Shorter paragraphs are passed over."),
        "containment": share("Share of the shorter one that the other has."),
        "max-slots": count("Differences at most."),
        "max-slot-words": count("Words in a difference at most."),
        "sentence-ratio": percent("How alike two sentences are."),
    },
    gives=gives("template", "slots", "other_slots", "other"),
)


def bind(options: Options, as_of: date) -> Compare:
    """Near copies (`min-words`, `containment`) whose sentences pair up (`ratio`) and differ in a few short slots."""

    def compare(corpus: Corpus) -> Iterator[Finding]:
        paragraphs = corpus.facts.paragraphs
        heavy = stitched(corpus)
        near = near_copies(corpus, options["min-words"], options["containment"])
        templates = _Templates(corpus, options)
        reported = set()
        for row, partner in zip(near.paragraph.tolist(), near.partner.tolist(), strict=True):
            if row in reported:
                continue
            found = templates.of(row, partner)
            if found is None:
                continue
            reported.add(row)
            place, other = corpus.place(paragraphs, row), corpus.place(paragraphs, partner)
            yield Finding.at(
                place,
                values={
                    "template": found.text,
                    "slots": list(found.first),
                    "other_slots": list(found.second),
                    "other": other.post,
                },
                related=(Related(other, "the same template"),),
                minor=not heavy[paragraphs.post[row]],
            )

    return compare


class _Templates:
    """The templates of pairs of paragraphs. Near copies are mostly mutual: each pair is aligned once."""

    def __init__(self, corpus: Corpus, options: Options) -> None:
        self._corpus, self._options = corpus, options
        self._known: dict[tuple[int, int], Template | None] = {}

    def of(self, row: int, partner: int) -> Template | None:
        """The template of two paragraphs; that of the first of them, whichever is asked for."""
        if row > partner:
            pair = (partner, row)
            found = self._known.pop(pair) if pair in self._known else self._aligned(pair)
            return found and found.mirrored()
        found = self._known[row, partner] = self._aligned((row, partner))
        return found

    def _aligned(self, pair: tuple[int, int]) -> Template | None:
        options = self._options
        first, second = (self._corpus.text(row) for row in pair)
        return template(first, second, options["max-slots"], options["max-slot-words"], options["sentence-ratio"])
