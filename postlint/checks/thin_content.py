"""Posts with little to read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.canonical import count_words
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, count, gives
from postlint.violations import Finding

SHAPE = Shape(
    scope="post",
    takes={
        "min-words": count("The fewest words to read."),
    },
    gives=gives("words", "min"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """Fewer than `min-words` words to read; a post without any is FMT005's."""
    least = options["min-words"]

    def inspect(post: Post) -> Iterator[Finding]:
        words = text_words(post)
        if 0 < words < least:
            start, end = post.anchor
            yield Finding(start, end, {"words": words, "min": least})

    return inspect


def text_words(post: Post) -> int:
    """The words of a post's paragraphs, lists, quotes and tables: headings, captions and code are not counted."""
    return sum(count_words(block.text) for block in post.of_kind("paragraph", "list_item", "quote", "table_cell"))
