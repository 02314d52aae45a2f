"""The files of a corpus that are not as the index has them, each with its posts and their keys."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from postlint import readers
from postlint.index.catalog import Catalog, Known, Row
from postlint.index.disk import content_hash
from postlint.index.keys import POSTINGS, keys_of
from postlint.index.one_post import OnePost
from postlint.index.view import Fresh
from postlint.sketch_layout import SLOTS


@dataclass(slots=True)
class ChangedFile:
    """A file that is not as the index has it, or not in it."""

    content: bytes
    """The hash of its content; UNREADABLE where there is none to be had."""
    stamp: int
    posts: list[Fresh] = field(default_factory=list)

    @classmethod
    def read(cls, path: str, data: bytes, stamp: int, catalog: Catalog, min_words: int) -> ChangedFile:
        """A file by its content. `min_words` is that of the bands."""
        file = cls(content_hash(data), stamp)
        before = catalog.before(path)
        for post in readers.read(path, data):
            if post.format != "unreadable":
                facts = OnePost(post)
                file.posts.append(Fresh(Known.of(facts, before, file.content), keys_of(facts, min_words), facts))
        return file


def pack(path: str, file: ChangedFile) -> bytes:
    """A changed file as a piece of the index."""
    rows = [list(Row.of(post.known)) for post in file.posts]
    head = {
        "path": path,
        "content": file.content.hex(),
        "stamp": file.stamp,
        "before": file.posts[0].known.id if file.posts else -1,
        "rows": rows,
        "keys": [len(post.keys) for post in file.posts],
    }
    said = json.dumps(head).encode()
    lows = b"".join(post.known.low for post in file.posts)
    kinds = bytes(POSTINGS.index(kind) for post in file.posts for kind, _ in post.keys)
    keys = array("Q", [key for post in file.posts for _, key in post.keys])
    return b"".join((len(said).to_bytes(4, "little"), said, lows, kinds, keys.tobytes()))


def unpack(data: bytes) -> tuple[str, ChangedFile]:
    """Path and file of a piece."""
    start = 4 + int.from_bytes(data[:4], "little")
    head = json.loads(data[4:start])
    file = ChangedFile(bytes.fromhex(head["content"]), head["stamp"])
    kinds_at = start + SLOTS * len(head["rows"])
    count = sum(head["keys"])
    keys = array("Q")
    keys.frombytes(data[kinds_at + count :])
    named = zip((POSTINGS[kind] for kind in data[kinds_at : kinds_at + count]), keys, strict=True)
    for number, (row, wanted) in enumerate(zip(head["rows"], head["keys"], strict=True)):
        low = data[start + SLOTS * number : start + SLOTS * (number + 1)]
        order = (head["before"], head["path"], row[0])
        file.posts.append(Fresh(Known(order, head["path"], file.content, low, *row), _taken(named, wanted)))
    return head["path"], file


def _taken(pairs: Iterator[tuple[str, int]], count: int) -> Sequence[tuple[str, int]]:
    return [next(pairs) for _ in range(count)]
