"""Check: a post that stands as a whole in one fenced code block, as a model hands over a document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import PurePath

from postlint.canonical import count_words
from postlint.needs import Guarded, Needs
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, count, gives, words
from postlint.violations import Finding

_LINE = re.compile(r"[^\r\n]+")
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*\Z)|~{3,})[ \t]*(.*)")


SHAPE = Shape(
    scope="post",
    takes={
        "languages": words("The languages of the fence, in lower case."),
        "min-words": count("Blocks with fewer words are passed over."),
    },
    gives=gives("language"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """One finding a post, at the fence that opens it. Values: `language`."""
    languages = frozenset(options["languages"])
    least = options["min-words"]

    def inspect(post: Post) -> Iterator[Finding]:
        # By that name generators know pieces of pages, which are shown within others.
        if PurePath(post.path).name.startswith("_"):
            return
        start, end = _body(post)
        lines = (match for match in _LINE.finditer(post.source, start, end) if not match[0].isspace())
        first = next(lines, None)
        opening = _FENCE.fullmatch(first[0]) if first is not None else None
        if first is None or opening is None:
            return
        language = opening[2].split(None, 1)[0].strip("{}.").lower() if opening[2] else ""
        if language not in languages or not _wraps_all(opening[1], [line[0] for line in lines]):
            return
        if count_words(post.source[first.end() : end]) >= least:
            at = first.start()
            yield Finding(at + opening.start(1), at + len(first[0].rstrip()), {"language": language})

    return Guarded(inspect, Needs(exact=frozenset({"```", "~~~"})))


def _body(post: Post) -> tuple[int, int]:
    """Where the body stands: behind the meta that opens a post, before the meta that ends it."""
    if post.meta.block is None:
        return 0, len(post.source)
    start, end = post.meta.block
    return (end, len(post.source)) if start == 0 else (0, start)


def _wraps_all(opening: str, lines: Sequence[str]) -> bool:
    """Whether a fence is closed by the last of the lines that follow it, or by none.

    Fences within it confuse Markdown: it takes the end of an inner block for the end of the outer one, and the last
    line, which is that end, for the start of another block.
    """
    mark: str | None = opening
    opened_at = -1
    for number, line in enumerate(lines):
        fence = _FENCE.fullmatch(line)
        if fence is None:
            continue
        if mark is None:
            mark, opened_at = fence[1], number
        elif fence[1].startswith(mark) and not fence[2].strip():
            if opened_at < 0 and number == len(lines) - 1:
                return True
            mark = None
    return mark is not None and opened_at in (-1, len(lines) - 1)
