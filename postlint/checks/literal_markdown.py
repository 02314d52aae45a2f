"""Check: marks of Markdown in a text that is not Markdown, where readers see them as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from postlint.checks.phrase import quote
from postlint.lazy_pattern import lazy_pattern
from postlint.needs import Guarded, Needs
from postlint.post import Block, Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, count, gives
from postlint.violations import Finding

_MARKS = lazy_pattern(
    r"(?<![\w*])\*\*(?=[^\s*])[^*\n]{1,300}(?<=\S)\*\*(?![\w*])"
    r"|!?\[[^\[\]\n]{1,200}\]\((?:https?://|mailto:|/|\.{1,2}/|#)[^()\s]{1,500}\)"
    r"|^[ \t]{0,3}#{2,6}[ ](?=\w)[^\n]{1,200}"
    r"|^[ \t]{0,3}```[ \t]{0,3}\w{0,20}[ \t]*$",
    re.MULTILINE,
)
_MENTION = "`\"'“‘«"


SHAPE = Shape(
    scope="post",
    takes={"min-hits": count("Posts with fewer marks are passed over.")},
    gives=gives("text", "count"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """One finding a post, at the first mark. Values: `text`, `count`."""
    least = options["min-hits"]

    def inspect(post: Post) -> Iterator[Finding]:
        if post.format == "markdown":
            return
        hits = [(block, *span) for block in post.blocks if block.kind != "code" for span in _marks(block)]
        if len(hits) >= least:
            block, start, end = hits[0]
            yield Finding(*block.place(start, end), {"text": quote(block.text[start:end]), "count": len(hits)})

    return Guarded(inspect, Needs(exact=frozenset({"**", "](", "## ", "```"})))


def _marks(block: Block) -> Iterator[tuple[int, int]]:
    text = block.text
    for match in _MARKS.finditer(text):
        start = match.start()
        if start and text[start - 1] in _MENTION:
            continue
        if not any(first <= start < last for first, last in block.code):
            yield start, start + len(match[0].rstrip())
