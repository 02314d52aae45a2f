"""What an edit is told, and what it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from postlint.meta import Entry
from postlint.post import Post


class Edit(NamedTuple):
    """A stretch of a source, as offsets with the end exclusive, and the text that takes its place."""

    start: int
    end: int
    text: str


class Target(NamedTuple):
    """What is to be mended: the place of a violation, the values behind its message, and its related places."""

    start: int
    end: int
    data: Mapping[str, object]
    related: Sequence[tuple[int, int]] = ()


def entry_at(post: Post, at: Target) -> Entry | None:
    """The entry of the meta whose value a violation stands at; None where it stands elsewhere."""
    return next((entry for entry in post.meta if (entry.start, entry.end) == (at.start, at.end)), None)


def row_of(source: str, start: int, end: int) -> tuple[int, int]:
    """The offsets of the rows that a stretch stands in, the end of the last row included."""
    first = max(source.rfind("\n", 0, start), source.rfind("\r", 0, start)) + 1
    last = end
    while last < len(source) and source[last] not in "\r\n":
        last += 1
    if source.startswith("\r\n", last):
        last += 2
    elif last < len(source):
        last += 1
    return first, last
