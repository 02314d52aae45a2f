"""A paragraph, list, code block, caption or outline that another post has too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from postlint.corpus import Corpus
from postlint.rules import Compare, Options
from postlint.shapes import Shape, choice, count, gives
from postlint.shared_text import stitched
from postlint.violations import Finding, Related

SHAPE = Shape(
    scope="corpus",
    takes={
        "kind": choice("The segments.", "paragraph", "list", "code", "caption", "outline"),
        "min-size": count("Shorter ones are passed over: words, items, lines or headings."),
        "min-posts": count("Posts that have it, this one included."),
    },
    gives=gives("size", "posts", "other"),
)


def bind(options: Options, as_of: date) -> Compare:
    """`kind` names the segments; `min-size` is in their unit (words, items, lines, headings).

    `min-posts` counts this one too.
    """
    kind: str = options["kind"]
    min_size, min_posts = options["min-size"], options["min-posts"]

    def compare(corpus: Corpus) -> Iterator[Finding]:
        segments, repeats = corpus.segments(kind), corpus.repeats(kind)
        rows = np.flatnonzero((repeats.witness >= 0) & (repeats.df >= min_posts) & (segments.size >= min_size))
        heavy = stitched(corpus)
        for row in rows.tolist():
            place, other = corpus.place(segments, row), corpus.place(segments, repeats.witness[row])
            yield Finding.at(
                place,
                values={"size": int(segments.size[row]), "posts": int(repeats.df[row]) - 1, "other": other.post},
                related=(Related(other, "also here"),),
                minor=not heavy[segments.post[row]],
            )

    return compare
