"""JSON files: one post, a list of posts, or an object that holds such lists somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from heapq import merge
from io import BytesIO
from typing import BinaryIO

from postlint.field_map import FieldMap
from postlint.post import Location, Post, Problem
from postlint.readers.container import Container
from postlint.readers.json_record import first_byte, holds_post, read_record
from postlint.readers.json_scan import Found, Path, Spans, scan
from postlint.readers.record_post import unreadable_record
from postlint.readers.record_shape import LEAST_BODY, may_hold_posts
from postlint.readers.stretches import CHUNK, Counter, Failed, Make, Records, Stretches, opening, read_bytes

_LOOKED_AT = 3
"""Members of a list that tell whether they are posts."""


def split(path: str, file: BinaryIO, fields: FieldMap | None = None) -> Container:
    """The posts of a file: the members of every list of posts in it, if it is not one itself."""
    begin = opening(file)
    if isinstance(begin, str):
        return Failed(path, begin)
    found = scan(file, begin)
    if fields is not None and fields.posts is not None:
        named = found.lists.get(tuple(fields.posts.split(".")))
        if named is None:
            return Failed(path, f'has no list of objects at "{fields.posts}"')
        chosen = [named]
    else:
        chosen = _posts(found, file, fields, 1) or [found.lists.get((), found.roots)]
    make: Make = partial(read_record, path, fields)
    stretches = _located(file, begin, chosen)
    if found.broken is not None and stretches and not any(spans.is_cut for spans in chosen):
        # What can't be understood is in no post: it would pass unseen.
        more = _located(file, begin, [_span(found.broken)])
        stretches.extend(more)
        make = partial(_or_broken, path, make, len(stretches) - 1)
    if not stretches and (found.broken is not None or first_byte(file, begin) != b"["):
        return Failed(path, "holds no object")
    return Records(path, file, stretches, make)


def looks_like_posts(head: bytes, fields: FieldMap | None = None) -> bool:
    """Whether a file holds posts, by its first bytes: lists without a title and a long text are data of other kinds."""
    if not may_hold_posts(head, fields):
        return False
    file = BytesIO(head)
    begin = opening(file)
    return not isinstance(begin, str) and bool(_posts(scan(file, begin), file, fields, LEAST_BODY))


def _posts(found: Found, file: BinaryIO, fields: FieldMap | None, least: int) -> list[Spans]:
    """Where posts are: the objects that stand in nothing else, or the lists that are in no post themselves."""
    if _are_posts(found.roots, file, fields, least):
        return [found.roots]
    chosen: dict[Path, Spans] = {}
    for path, spans in found.lists.items():
        if any(path[: len(above)] == above for above in chosen):
            continue
        if _are_posts(spans, file, fields, least):
            chosen[path] = spans
    return list(chosen.values())


def _are_posts(spans: Spans, file: BinaryIO, fields: FieldMap | None, least: int) -> bool:
    first = list(zip(spans.starts, spans.ends, strict=True))[:_LOOKED_AT]
    return any(holds_post(read_bytes(file, start, min(end, start + CHUNK)), fields, least) for start, end in first)


def _span(start: int) -> Spans:
    spans = Spans()
    spans.starts.append(start)
    spans.ends.append(start + 1)
    return spans


def _located(file: BinaryIO, begin: int, chosen: Sequence[Spans]) -> Stretches:
    """The stretches of objects in order of the file, with their rows and columns."""
    found = Stretches()
    counter = Counter()
    at = begin
    file.seek(begin)
    for start, end in merge(*(zip(spans.starts, spans.ends, strict=True) for spans in chosen)):
        while at < start and (passed := file.read(min(CHUNK, start - at))):
            counter.advance(passed)
            at += len(passed)
        found.add(start, end, counter.location)
    return found


def _or_broken(
    path: str, make: Make, last: int, number: int, source: str, start: Location, problems: Sequence[Problem]
) -> Post:
    if number != last:
        return make(number, source, start, problems)
    place = (0, min(1, len(source)))
    return unreadable_record(path, number, source, start, "not valid JSON (brackets do not fit)", place)
