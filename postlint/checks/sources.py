"""What is searched of a post besides its blocks: mark-up as written, comments, title, targets, alternative texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from postlint.intervals import Intervals
from postlint.lazy_pattern import lazy_pattern
from postlint.post import LINE_END, Block, Post, Text

PARTS = ("markup", "title", "links", "images", "alts")
"""The scopes that are no kinds of block. "markup" is the body as written, tags and escapes included."""

_COMMENT = lazy_pattern(r"<!--|\{/\*")
_BACKTICKS = lazy_pattern(r"`[^`\n]+`")
_VERBATIM = lazy_pattern(r"<(pre|code|script|style|textarea)(?=[\s>])", re.IGNORECASE)
COMMENT_ENDS = {"<!--": "-->", "{/*": "*/}"}
"""How comments of HTML and MDX begin and end."""


class Passage(NamedTuple):
    """A text that is searched, and where it starts in the source; not `exact` where its length there is another."""

    text: str
    start: int
    end: int
    exact: bool = True

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The source offsets of `text[start:end]`; of a text that is written otherwise the whole."""
        return (self.start + start, self.start + end) if self.exact else (self.start, self.end)


def passages(post: Post, parts: Collection[str]) -> Iterator[Passage]:
    """The texts of some of PARTS but for "markup", in order of the part."""
    if "title" in parts and post.title is not None:
        yield _passage(post, post.title)
    if "links" in parts:
        yield from (_passage(post, link.url) for link in post.links)
    for image in post.images:
        if image.origin == "body":
            if "images" in parts and image.url is not None:
                yield _passage(post, image.url)
            if "alts" in parts and image.alt is not None:
                yield _passage(post, image.alt)


def _passage(post: Post, text: Text) -> Passage:
    exact = len(text.value) == text.end - text.start and post.source.startswith(text.value, text.start)
    return Passage(text.value, text.start, text.end, exact)


def body(post: Post) -> Passage:
    """The source without the meta that opens it."""
    start = post.meta.block[1] if post.meta.block is not None and post.meta.block[0] == 0 else 0
    return Passage(post.source[start:], start, len(post.source))


def unsearched(post: Post) -> Callable[[int], bool]:
    """Whether an offset of the source stands in meta, code, a comment or a quotation."""
    stretches = [comment.place(0, len(comment.text)) for comment in comments(post)]
    stretches.extend(_verbatim(post.source))
    if post.meta.block is not None:
        stretches.append(post.meta.block)
    for block in post.blocks:
        if block.kind == "quote":
            stretches.append(_rows(post.source, block.start, block.end))
        elif block.kind == "code":
            stretches.append((block.start, block.end))
        else:
            stretches.extend(block.place(first, last) for first, last in code_of(post, block))
    intervals = Intervals(stretches)
    return lambda offset: intervals.cover(offset, offset + 1)


def code_of(post: Post, block: Block) -> Sequence[tuple[int, int]]:
    """Where inline code stands in a block's text; in extracted text, which knows none, what stands in backticks."""
    if post.format == "text" and "`" in block.text:
        return [match.span() for match in _BACKTICKS.finditer(block.text)]
    return block.code


def _verbatim(source: str) -> Iterator[tuple[int, int]]:
    """The elements of HTML in which tags are shown or run: their blocks are without the tags."""
    unclosed = set()
    position = 0
    while (opening := _VERBATIM.search(source, position)) is not None:
        name = opening[1].lower()
        position = opening.end()
        closing = None if name in unclosed else re.compile(f"</{name}", re.IGNORECASE).search(source, position)
        if closing is None:
            unclosed.add(name)
        else:
            yield opening.start(), closing.start()
            position = closing.end()


def _rows(source: str, start: int, end: int) -> tuple[int, int]:
    """The rows of a stretch: what a block has at its ends beside text is not in the block."""
    first = max(source.rfind("\n", 0, start), source.rfind("\r", 0, start)) + 1
    last = LINE_END.search(source, end)
    return first, last.start() if last else len(source)


def comments(post: Post) -> Iterator[Passage]:
    """The comments of the source, those in code included, without their marks."""
    source = post.source
    position = 0
    unclosed = set()
    while (opening := _COMMENT.search(source, position)) is not None:
        position = opening.end()
        # Where one has no end none after it has: looking again each time would be quadratic.
        closing = -1 if opening[0] in unclosed else source.find(COMMENT_ENDS[opening[0]], position)
        if closing < 0:
            unclosed.add(opening[0])
            continue
        yield Passage(source[position:closing], position, closing)
        position = closing


def is_code(post: Post, offset: int) -> bool:
    """Whether an offset of the source stands in code."""
    for block in post.blocks:
        if block.start <= offset < block.end:
            if block.kind == "code":
                return True
            for first, last in block.code:
                start, end = block.place(first, last)
                if start <= offset < end:
                    return True
    return False
