"""Check: lines of a site's theme that an extractor took for the post's first or last ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from postlint.canonical import folded
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, gives, words
from postlint.violations import Finding

_FIRST = re.compile(r"\s*([|•·]+(?:[ \t]+[|•·]+)*)[ \t]*(?:[\r\n]|\Z)")
_MARKS = " \t#*_:>"


SHAPE = Shape(
    scope="post",
    takes={
        "residue-lines": words("Last lines that are the theme's."),
    },
    gives=gives("text"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """Values: `text`. Only files of one post, where the first and last lines are the post's own."""
    residue = frozenset(folded(line) for line in options["residue-lines"])

    def inspect(post: Post) -> Iterator[Finding]:
        if post.format not in ("text", "markdown"):
            return
        source = post.source
        body = post.meta.block[1] if post.meta.block and post.meta.block[0] == 0 else 0
        first = _FIRST.match(source, body)
        if first is not None:
            yield Finding(*first.span(1), {"text": first[1]})
        end = len(source.rstrip())
        start = max(source.rfind("\n", body, end), source.rfind("\r", body, end), body - 1) + 1
        line = source[start:end]
        start += len(line) - len(line.lstrip(_MARKS))
        # Neither a comment nor code: what is left of the marks of Markdown begins with a word.
        if source[start : start + 1].isalnum() and folded(line) in residue and not _is_code(post, start):
            end -= len(line) - len(line.rstrip(_MARKS))
            yield Finding(start, end, {"text": source[start:end]})

    return inspect


def _is_code(post: Post, offset: int) -> bool:
    return any(block.start <= offset < block.end for block in post.of_kind("code"))
