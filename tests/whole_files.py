"""A file of any format that there is a reader for, read whole, and whether all of it stands where it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO

import records
from positions import misplaced

from postlint.post import Lines, Post
from postlint.readers import is_container, module_of, read, split


def _in_json(written: str) -> str:
    try:
        return records.in_json(written)
    except ValueError:
        return written


_UNDONE: dict[str, Callable[[str], str]] = {
    "json_file": _in_json,
    "json_lines": _in_json,
    "csv_file": records.in_csv,
    "parquet": _in_json,
}
"""How what is written is undone in the formats of records."""
_FOREIGN = ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def posts_of(path: str, data: bytes) -> list[Post]:
    """The posts of a file, those that can't be read among them."""
    if not is_container(path):
        return read(path, data)
    container = split(path, BytesIO(data))
    return [container.read(number) for number in range(len(container))]


def wrong(path: str, data: bytes, posts: list[Post]) -> Iterator[str]:
    """What of the posts of a file stands elsewhere than it says."""
    undo = _UNDONE.get(module_of(path))
    if module_of(path) == "parquet":
        # It is no text: its rows are shown as JSON Lines.
        data = "\n".join(post.source for post in posts).encode("utf-8", "surrogatepass")
    for post in posts:
        if post.format == "unreadable":
            continue
        found = misplaced(post) if undo is None else records.wrong(post, data, undo)
        yield from (f"post {post.number}: {line}" for line in found)
    if undo is None and is_container(path):
        yield from _elsewhere(data, posts)


def _elsewhere(data: bytes, posts: list[Post]) -> Iterator[str]:
    """The posts whose stretch does not begin where they say."""
    encoding = next((name for mark, name in _FOREIGN if data.startswith(mark)), "utf-8-sig")
    # A byte that no text has becomes another.
    whole = data.decode(encoding, "replace").replace("\0", "\x1a")
    lines = Lines(whole)
    for post in posts:
        row, column = post.start
        if not whole.startswith(post.source, lines.row_start(row) + column - 1):
            yield f"post {post.number}: is not at {row}:{column}: {post.source[:40]!r}"
