"""Files of records in memory: how they are read, and whether what is read stands where it says."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO

from positions import in_order, misplaced

from postlint.field_map import FieldMap
from postlint.meta import Meta
from postlint.post import Lines, Post
from postlint.readers import split


def read(path: str, data: bytes, fields: FieldMap | None = None) -> list[Post]:
    """The posts of a file, one after the other."""
    container = split(path, BytesIO(data), fields)
    posts = [container.read(number) for number in range(len(container))]
    for number, post in enumerate(posts):
        assert (post.number, post.source, post.start) == (number, container.source(number), container.start(number))
    return posts


def in_json(written: str) -> str:
    """What a stretch of a JSON string means."""
    return str(json.loads(f'"{written}"')).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def in_csv(written: str) -> str:
    """What a stretch of a quoted cell means."""
    return written.replace('""', '"')


def in_broken_csv(written: str) -> str:
    """What a cell means whose quoting ends before it does: the mark that ended it is no part of it, later ones are."""
    quoted = re.match('((?:[^"]|"")*)"', written)
    return written if quoted is None else in_csv(quoted[1]) + written[quoted.end() :]


def wrong(post: Post, data: bytes, undo: Callable[[str], str]) -> Iterator[str]:
    """What of a post stands elsewhere than it says: in its stretch, and its stretch in the file."""
    whole = data.decode("utf-8", errors="replace").removeprefix("\ufeff")
    lines = Lines(whole)
    if not whole.startswith(post.source, lines.row_start(post.start.row) + post.start.column - 1):
        yield f"is not at {post.start}"
    for entry in post.meta:
        place = post.source[entry.start : entry.end]
        if not entry.value and not place.strip("[]{} \t\r\n"):
            continue
        # A reference ends where a tag begins; whatever is undone behind it is found in order.
        between = "".join(html.unescape(part) for part in re.split("<[^<>]*>", undo(place)))
        if entry.path[-1] == "rendered" and in_order(between, entry.value):
            continue
        forms = (place, undo(place), in_broken_csv(place) if undo is in_csv else place)
        if entry.value not in forms:
            yield f"{entry.path}: {entry.value!r} is no {place!r}"
        key = post.source[entry.key_start : entry.key_end]
        if key and undo(key) != entry.key:
            yield f"{entry.path}: the key is no {key!r}"
    if post.title is not None:
        place = post.source[post.title.start : post.title.end]
        between = "".join(html.unescape(part) for part in re.split("<[^<>]*>", undo(place)))
        forms = (place, undo(place), html.unescape(undo(place)), between)
        if not any(in_order(form, post.title.value) for form in forms):
            yield f"the title {post.title.value!r} is no {place!r}"
    looked_at, span = post.decoded or (post, None)
    yield from misplaced(replace(looked_at, meta=Meta(), title=None))
    if span is None:
        return
    for number, character in enumerate(looked_at.source):
        written = post.source[slice(*span(number, number + 1))]
        if written != character and undo(written) != character and (written or character != "\n"):
            yield f"{character!r} is no {written!r}"
    for block, moved in zip(looked_at.blocks, post.blocks, strict=True):
        if (moved.text, moved.kind, moved.start, moved.end) != (block.text, block.kind, *span(block.start, block.end)):
            yield f"{block.text[:40]!r} was not moved"
        if moved.runs is None and post.source[moved.start : moved.end] != moved.text:
            yield f"{block.text[:40]!r} is not verbatim"
