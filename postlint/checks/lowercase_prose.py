"""Prose whose sentences begin with small letters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.canonical import sentences
from postlint.post import Block, Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, count, gives, share
from postlint.violations import Finding

SHAPE = Shape(
    scope="post",
    takes={
        "min-sentences": count("With fewer sentences nothing is said."),
        "share": share("Share of the sentences that begin with a small letter."),
    },
    gives=gives("small", "sentences"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """At least `min-sentences` that begin with a letter of a script with capitals, `share` of them with a small one.

    The finding stands at the first of these.
    """
    least, limit = options["min-sentences"], options["share"]

    def inspect(post: Post) -> Iterator[Finding]:
        small: list[tuple[Block, int, int]] = []
        judged = 0
        for block in post.of_kind("paragraph"):
            for start, end in sentences(block.text):
                is_small = _is_small(block, start, end)
                judged += is_small is not None
                if is_small:
                    small.append((block, start, end))
        if small and judged >= least and len(small) >= limit * judged:
            block, start, end = small[0]
            yield Finding(*block.place(start, end), {"small": len(small), "sentences": judged})

    return inspect


def _is_small(block: Block, start: int, end: int) -> bool | None:
    """Whether a sentence begins with a small letter; None where it begins with code, a number or one without case."""
    for offset in range(start, end):
        character = block.text[offset]
        if any(first <= offset < last for first, last in block.code):
            return None
        if character.isalnum():
            # Georgian letters are small ones for Unicode, yet sentences begin with them: they are their own title case.
            has_capital = character.title() != character.lower()
            return character.islower() if has_capital else None
    return None
