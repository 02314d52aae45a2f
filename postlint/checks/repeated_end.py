"""Posts that begin, or end, with a paragraph that another post has too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.corpus import Corpus
from postlint.near_paragraphs import near_copies
from postlint.rules import Compare, Options
from postlint.shapes import Shape, choice, count, gives, share
from postlint.violations import Finding, Related

SHAPE = Shape(
    scope="corpus",
    takes={
        "end": choice("Which paragraph of a post.", "first", "last"),
        "min-words": count("Shorter paragraphs are passed over."),
        "containment": share("Share of the shorter paragraph's shingles that a near copy has."),
    },
    gives=gives(exact="other percent", near="other percent"),
)


def bind(options: Options, as_of: date) -> Compare:
    """`end` is "first" or "last": which paragraph of a post is looked at, wherever the others have theirs.

    Copies have at least `min-words` words, as have near copies, which share `containment` of the smaller one's
    shingles. Variants: "exact" and "near".
    """
    is_first = options["end"] == "first"
    min_words, containment = options["min-words"], options["containment"]

    def compare(corpus: Corpus) -> Iterator[Finding]:
        paragraphs = corpus.facts.paragraphs
        witness = corpus.repeats("paragraph").witness
        near = near_copies(corpus, min_words, containment)
        closest: dict[int, tuple[int, float]] = {}
        for row, partner, contained in zip(
            near.paragraph.tolist(), near.partner.tolist(), near.containment.tolist(), strict=True
        ):
            closest.setdefault(row, (partner, contained))
        for row in _at_end(corpus, is_first):
            if paragraphs.size[row] < min_words:
                continue
            exact = int(witness[row])
            other, contained = (exact, 1.0) if exact >= 0 else closest.get(row, (-1, 0.0))
            if other >= 0:
                related = corpus.place(paragraphs, other)
                finding = Finding.at(
                    corpus.place(paragraphs, row),
                    values={"other": related.post, "percent": round(100 * contained)},
                    related=(Related(related, "also here"),),
                )
                finding.variant = "exact" if exact >= 0 else "near"
                yield finding

    return compare


def _at_end(corpus: Corpus, is_first: bool) -> list[int]:
    """The first or last paragraph with words of each post."""
    paragraphs = corpus.facts.paragraphs
    found: dict[int, int] = {}
    for row, (post, size) in enumerate(zip(paragraphs.post.tolist(), paragraphs.size.tolist(), strict=True)):
        if size and not (is_first and post in found):
            found[post] = row
    return list(found.values())
