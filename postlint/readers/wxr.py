"""WordPress exports (WXR): each item that is a post is a Post, read where it stands in the file."""

from __future__ import annotations

import re
from typing import BinaryIO
from weakref import finalize

from postlint.post import TOP, Location, Post, Problem
from postlint.readers import HEAD, unreadable
from postlint.readers.container import Container
from postlint.readers.source import decode
from postlint.readers.wxr_items import EntitiesError, Items, in_utf8, items_of
from postlint.readers.wxr_post import post_of

_EXPORT = re.compile(rb"<rss[\s>]")
_WORDPRESS = re.compile(rb"<wp:\w|xmlns:wp\s*=|wordpress\.org/export/")


def looks_like_posts(head: bytes) -> bool:
    """Whether a file begins as an export of WordPress: a feed in which WordPress has names of its own."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[: len(head) & ~1].decode("utf-16", "replace").encode("utf-8", "replace")
    return _EXPORT.search(head) is not None and _WORDPRESS.search(head) is not None


def split(path: str, file: BinaryIO) -> Container:
    """The posts of an export."""
    text = in_utf8(file)
    container: Container
    text.seek(0)
    if not looks_like_posts(text.read(HEAD)):
        container = _Refused(path, "is no export of WordPress")
    else:
        try:
            container = _Export(path, text, items_of(text))
        except EntitiesError:
            container = _Refused(path, "declares entities of its own, which are never read")
    if text is not file:
        finalize(container, text.close)
    return container


class _Export:
    """The items of a file that are posts."""

    def __init__(self, path: str, file: BinaryIO, items: Items) -> None:
        self._path = path
        self._file = file
        self._items = items

    def __len__(self) -> int:
        return len(self._items)

    def read(self, number: int) -> Post:
        decoded = self._decoded(number)
        start = self.start(number)
        if isinstance(decoded, str):
            problem = Problem("unreadable", 0, 0, {"reason": decoded})
            return Post(self._path, "unreadable", "", number, problems=[problem], start=start)
        source, problems = decoded
        return post_of(self._path, number, source, start, problems, self._items.attachments)

    def source(self, number: int) -> str:
        decoded = self._decoded(number)
        return "" if isinstance(decoded, str) else decoded[0]

    def start(self, number: int) -> Location:
        return Location(self._items.rows[number], self._items.columns[number])

    def _decoded(self, number: int) -> tuple[str, list[Problem]] | str:
        start, end = self._items.starts[number], self._items.ends[number]
        self._file.seek(start)
        # A byte that no text has must not cost the post: it becomes another that none has.
        return decode(self._file.read(end - start).replace(b"\0", b"\x1a"))


class _Refused:
    """A file that can't be cut."""

    def __init__(self, path: str, reason: str) -> None:
        self._post = unreadable(path, reason)

    def __len__(self) -> int:
        return 1

    def read(self, number: int) -> Post:
        return self._post

    def source(self, number: int) -> str:
        return ""

    def start(self, number: int) -> Location:
        return TOP
