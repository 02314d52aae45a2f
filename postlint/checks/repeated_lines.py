"""Lines and paragraphs that stand again and again in one post: shares over the limits of Gopher's repetition filter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from postlint.post import Post
from postlint.repetition import duplicates, excerpt, lines, paragraphs, prose
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, count, gives, number, share
from postlint.violations import Finding

_VALUES = "share limit count text"

SHAPE = Shape(
    scope="post",
    takes={
        "paragraphs": share("Limit of the repeated paragraphs."),
        "paragraph-characters": share("Limit of the characters of repeated paragraphs."),
        "lines": share("Limit of the repeated lines."),
        "line-characters": share("Limit of the characters of repeated lines."),
        "times": number("A share over so many times its limit is reported."),
        "min-lines": count("Prose of fewer lines is passed over."),
    },
    gives=gives(paragraphs=_VALUES, paragraph_characters=_VALUES, lines=_VALUES, line_characters=_VALUES),
)


def bind(options: Options, as_of: date) -> Inspect:
    """Prose of `min-lines` lines with a share over `times` its limit; of several the one that is furthest over.

    Variants are named as the limits are.
    """
    min_lines, times = options["min-lines"], options["times"]
    names = ("paragraphs", "paragraph-characters", "lines", "line-characters")
    limits = {name: options[name] * times for name in names}

    def inspect(post: Post) -> Iterator[Finding]:
        text = prose(post)
        rows = text.split("\n")
        blank = rows.count("")
        # Most posts repeat no line, and then no paragraph.
        if len(rows) - blank < min_lines or len(set(rows)) == len(rows) - blank + (blank > 0):
            return
        in_lines = lines(text)
        in_paragraphs = paragraphs(text)
        repeated, repeated_lines = duplicates(in_paragraphs), duplicates(in_lines)
        shares = (
            repeated.texts / len(in_paragraphs),
            repeated.characters / len(text),
            repeated_lines.texts / len(in_lines),
            repeated_lines.characters / len(text),
        )
        over = [
            (share / max(limit, share / 1000), name)
            for name, limit, share in zip(names, limits.values(), shares, strict=True)
            if share > limit
        ]
        if over:
            name = max(over)[1]
            ((line, count),) = Counter(in_lines if name.startswith("line") else in_paragraphs).most_common(1)
            values = {
                "share": shares[names.index(name)],
                "limit": limits[name],
                "count": count,
                "text": excerpt(line),
            }
            yield Finding(*post.anchor, values, variant=name)

    return inspect
