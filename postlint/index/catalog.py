"""What an index knows of each file and post, in blocks of files that stand one after the other in order of path."""

from __future__ import annotations

import json
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from postlint.index.one_post import OnePost
from postlint.index.pieces import Pieces, UnusableError
from postlint.likeness import Likeness, identity_of, series_from
from postlint.sketch_layout import SLOTS
from postlint.sketch_one import low_bytes
from postlint.violations import post_name

BLOCK = 64
"""Files of a block."""
HASH = 20
"""Bytes of the hash of a file's content."""
_LENGTH = 4

Order = tuple[int, str, int]
"""Where a post stands among all: the number of the indexed post that it is; else of the one before it, and its own path
and number."""


@dataclass(slots=True)
class File:
    """A file as it was when it was indexed."""

    path: str
    content: bytes
    """The hash that git has of its content; empty where the file could not be read."""
    posts: list[Known] = field(default_factory=list)


@dataclass(eq=False)
class Known:
    """A post of the corpus: what can be said of it without reading it."""

    order: Order
    path: str
    content: bytes
    low: bytes
    """The low bytes of its sketch."""
    number: int
    format: str
    has_meta: bool
    language: str
    slug: str | None
    title: str | None
    published: int
    words: int
    """Prose words."""
    sentences: int

    @classmethod
    def of(cls, facts: OnePost, before: int, content: bytes) -> Known:
        """What is to be known of a post that stands in the order right after the one of a number."""
        post = facts.post
        slug, title = post.meta.get("slug"), post.title
        return cls(
            order=(before, post.path, post.number),
            path=post.path,
            content=content,
            low=low_bytes(facts.sketch),
            number=post.number,
            format=post.format,
            has_meta=bool(post.meta),
            language=facts.likeness.language,
            slug=slug.value if slug else None,
            title=title.value if title else None,
            published=facts.published,
            words=facts.words,
            sentences=len(facts.sentences),
        )

    @property
    def name(self) -> str:
        """How reports name it."""
        return post_name(self.path, self.number)

    @property
    def id(self) -> int:
        """Its number in the index, where it stands in it."""
        return self.order[0]

    @cached_property
    def likeness(self) -> Likeness:
        """What decides whether another post may be like it by right."""
        return Likeness(self.language, identity_of(self.path), series_from(self.path, self.slug, self.title))


def representative(members: Iterable[Known]) -> Known:
    """The post of several that the others are said to repeat: the earliest published, else the first in order."""
    found: Sequence[Known] = sorted(members, key=lambda post: post.order)
    dated = [post for post in found if post.published]
    return min(dated, key=lambda post: post.published) if dated else found[0]


class Row(NamedTuple):
    """A post as a block has it."""

    number: int
    format: str
    has_meta: bool
    language: str
    slug: str | None
    title: str | None
    published: int
    words: int
    sentences: int

    @classmethod
    def of(cls, post: Known) -> Row:
        """The row of a post."""
        return cls(*(getattr(post, name) for name in cls._fields))


def pack(files: Sequence[tuple[str, bytes, Sequence[tuple[Row, bytes]]]]) -> bytes:
    """A block: of each file its path, the hash of its content, and its posts with the low bytes of their sketches."""
    said = json.dumps([[path, [list(row) for row, _ in posts]] for path, _, posts in files]).encode()
    text = zlib.compress(said, 6)
    hashes = b"".join(content.ljust(HASH, b"\0") for _, content, _ in files)
    lows = b"".join(low for _, _, posts in files for _, low in posts)
    return len(text).to_bytes(_LENGTH, "little") + text + hashes + lows


class Catalog:
    """The files and posts of an index. `starts` has of each block its first path and the number of its first post."""

    def __init__(
        self, pieces: Pieces, starts: Sequence[tuple[str, int]], posts: int, formats: Mapping[str, tuple[int, int]]
    ) -> None:
        self._pieces = pieces
        self._paths = [path for path, _ in starts]
        self._posts = [post for _, post in starts]
        self.count = posts
        """Posts of the index."""
        self.formats = formats
        """Of each format how many posts have it, and how many of these have meta."""
        self._blocks: dict[int, list[File]] = {}

    def read_from(self, pieces: Pieces) -> None:
        """Go on with other pieces, which must be those of the same index."""
        self._pieces = pieces

    @property
    def least_files(self) -> int:
        """How many files there are at least, as far as can be told without looking."""
        return max((len(self._paths) - 1) * BLOCK + 1, 0)

    def file(self, path: str) -> File | None:
        """A file by its path."""
        if not self._paths:
            return None
        return next((file for file in self._block(self._block_of(path)) if file.path == path), None)

    def post(self, number: int) -> Known:
        """A post by its number."""
        for file in self._block(bisect_right(self._posts, number) - 1):
            if file.posts and file.posts[0].id <= number <= file.posts[-1].id:
                return file.posts[number - file.posts[0].id]
        raise UnusableError(f"post {number} is in no block")

    def before(self, path: str) -> int:
        """The number of the last post that stands before all posts of a path; -1 where there is none."""
        if not self._paths:
            return -1
        block = self._block_of(path)
        found = self._posts[block] - 1
        for file in self._block(block):
            if file.path < path and file.posts:
                found = file.posts[-1].id
        return found

    def files(self) -> Iterator[File]:
        """All files, in order of path."""
        for number in range(len(self._paths)):
            yield from self._block(number)

    def _block_of(self, path: str) -> int:
        return max(bisect_right(self._paths, path) - 1, 0)

    def _block(self, number: int) -> list[File]:
        found = self._blocks.get(number)
        if found is None:
            found = self._blocks[number] = _unpack(self._pieces.need(f"files/{number}"), self._posts[number])
        return found


def _unpack(data: bytes, first: int) -> list[File]:
    length = int.from_bytes(data[:_LENGTH], "little")
    said = json.loads(zlib.decompress(data[_LENGTH : _LENGTH + length]))
    hash_at = _LENGTH + length
    low_at = hash_at + HASH * len(said)
    files = []
    for path, rows in said:
        content = data[hash_at : hash_at + HASH]
        hash_at += HASH
        file = File(path, content if content.strip(b"\0") else b"")
        for row in rows:
            low = data[low_at : low_at + SLOTS]
            file.posts.append(Known((first, "", 0), path, file.content, low, *row))
            low_at += SLOTS
            first += 1
        files.append(file)
    return files
