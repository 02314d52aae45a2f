"""Remove the later ones of paragraphs that say the same, each with the empty rows after it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from postlint.fixes.edit import Edit, Target, row_of
from postlint.post import Block, Post

_EMPTY_ROWS = re.compile(r"(?:[ \t]*(?:\r\n|\n|\r))+")


def edits(post: Post, at: Target, parameters: Mapping[str, Any]) -> Sequence[Edit]:
    """All but the first, if each of them has its rows for itself and they are the same to a reader."""
    places = sorted([(at.start, at.end), *at.related])
    blocks = [_block_at(post, *place) for place in places]
    if len(blocks) < 2 or any(block is None or block.text.split() != _words(blocks[0]) for block in blocks):
        return ()
    found = list(_removed(post.source, places[1:]))
    return found if len(found) == len(places) - 1 else ()


def _block_at(post: Post, start: int, end: int) -> Block | None:
    return next((block for block in post.of_kind("paragraph") if (block.start, block.end) == (start, end)), None)


def _words(block: Block | None) -> Sequence[str]:
    return block.text.split() if block is not None else ()


def _removed(source: str, places: Sequence[tuple[int, int]]) -> Iterator[Edit]:
    for start, end in places:
        first, last = row_of(source, start, end)
        alone = not source[first:start].strip() and not source[end:last].strip()
        above = source[:first].endswith(("\n\n", "\r\n\r\n", "\r\r")) or not source[:first].strip()
        below = _EMPTY_ROWS.match(source, last)
        if alone and above and (below is not None or last == len(source)):
            yield Edit(first, below.end() if below is not None else last, "")
