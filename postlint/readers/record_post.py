"""A record to a Post: one value is the body, which is read as a text of its own, and all others are meta."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple
from urllib.parse import urlsplit

from postlint.field_map import FieldMap
from postlint.meta import Entry, Meta
from postlint.post import Decoded, Lines, Location, Post, Problem
from postlint.readers.meta_images import images_of, title_of
from postlint.readers.moved import OffsetMap, moved
from postlint.readers.record_shape import format_of, is_title, shape_of

PlacesOf = Callable[[str, int, int], OffsetMap]
"""A source and a stretch of it, which is a value as written, to where the characters of the value stand."""

_GAP = "\n\n"
_PARAGRAPH = re.compile(r"<p\b", re.IGNORECASE)


class Record(NamedTuple):
    """A record as its format's reader found it: what stands where in its stretch of the file."""

    path: str
    number: int
    source: str
    start: Location
    entries: Sequence[Entry]
    problems: Sequence[Problem]


def post_of(record: Record, fields: FieldMap | None, places_of: PlacesOf) -> Post:
    """The post that a record is.

    Checks look at a text in which the body stands below the rest of the record, as below front matter, without the
    escapes that it is written with; the post itself has the places of the source.
    """
    source = record.source
    shape = shape_of(record.entries, fields)
    entries, problems, block_end = shape.rest, list(record.problems), len(source)
    written, places = source, OffsetMap.verbatim(0, len(source))
    body: Post | None = None
    form = "markdown"
    if shape.body is not None:
        text = shape.body.value
        form = format_of(text, shape.form)
        written, places, base = _rearranged(source, shape.body, places_of(source, shape.body.start, shape.body.end))
        body = _read(record.path, written, base, form, titled=not any(map(is_title, entries)))
        entries = [_behind(entry, shape.body) for entry in entries]
        problems = [_problem_behind(problem, places) for problem in problems]
        block_end = base
        if body.meta.block is not None:
            entries.extend(body.meta.entries)
            block_end = body.meta.block[1] if form == "markdown" else base
        for problem in body.problems:
            first = problem.values.get("first_row")
            if isinstance(first, int):
                # It counts the rows of the body.
                at = Lines(written[base:]).row_start(first) + base
                problem.values["first_row"] = _row(source, record.start, places, at)
        problems.extend(body.problems)
    meta = Meta(entries, (0, block_end))
    images = images_of(meta)
    if body is not None:
        images.extend(image for image in body.images if image.origin == "body")
    decoded = Post(
        record.path,
        form,
        written,
        number=record.number,
        title=title_of(meta) or (body.title if body is not None else None),
        meta=meta,
        blocks=body.blocks if body is not None else [],
        images=[
            *images_of(meta),
            *(image for image in (body.images if body is not None else ()) if image.origin == "body"),
        ],
        links=body.links if body is not None else [],
        problems=problems,
        can_hold_images=body is None or body.can_hold_images,
        start=record.start,
        name=_name(meta),
        row_written=partial(_row, source, record.start, places),
    )
    if shape.body is None:
        return decoded
    post = moved(decoded, source, places)
    post.row_written = None
    post.meta.block = (0, len(source))
    post.decoded = Decoded(decoded, places.span)
    return post


def _row(source: str, start: Location, places: OffsetMap, offset: int) -> int:
    """The row of the file of an offset in the text that checks look at."""
    return Lines(source, start).location(places.start(offset)).row


def unreadable_record(
    path: str, number: int, source: str, start: Location, reason: str, place: tuple[int, int] = (0, 0)
) -> Post:
    """What stands for a record that can't be read."""
    problem = Problem("unreadable", *place, {"reason": reason})
    return Post(path, "unreadable", source, number, problems=[problem], start=start)


def _read(path: str, written: str, base: int, form: str, titled: bool) -> Post:
    """The body that starts at `base`, with places in all of the text."""
    if form == "html":
        from postlint.readers.html_body import CLASSIC, STORED, read_html

        body = read_html(written, base, reading=STORED if _PARAGRAPH.search(written, base) else CLASSIC)
        return Post(path, form, written, blocks=body.blocks, images=body.images, links=body.links)
    text = written[base:]
    if form == "text":
        from postlint.readers import text as plain

        post = plain.read_text(path, text, titled=titled)
    else:
        from postlint.readers import markdown

        post = markdown.read_text(path, text)
    return moved(post, written, OffsetMap.verbatim(base, len(text)))


def _rearranged(source: str, body: Entry, inner: OffsetMap) -> tuple[str, OffsetMap, int]:
    """The record without its body, and below that the body's text; where all of it stands, and the body's start."""
    rest = source[: body.start] + source[body.end :]
    base = len(rest) + len(_GAP)
    starts, sources, ends = [len(rest)], [len(source)], [len(source)]
    if body.end < len(source):
        starts.insert(0, body.start)
        sources.insert(0, body.end)
        ends.insert(0, len(source))
    if body.start:
        starts.insert(0, 0)
        sources.insert(0, 0)
        ends.insert(0, body.start)
    inner_starts, inner_sources, inner_ends = inner.columns
    starts.extend([start + base for start in inner_starts])
    places = OffsetMap.of(starts, sources + inner_sources, ends + inner_ends, base + inner.length)
    return rest + _GAP + body.value, places, base


def _behind(entry: Entry, body: Entry) -> Entry:
    """An entry where it stands once the body is taken out."""
    width = body.end - body.start
    if entry.key_start >= body.end:
        entry.key_start -= width
        entry.key_end -= width
    if entry.start >= body.end:
        entry.start -= width
        entry.end -= width
    return entry


def _problem_behind(problem: Problem, places: OffsetMap) -> Problem:
    start = places.behind(problem.start)
    return Problem(problem.kind, start, start + problem.end - problem.start, problem.values)


def _name(meta: Meta) -> str:
    """What page the post is: the path of its address, else its slug."""
    for field in ("url", "slug"):
        entry = meta.get(field)
        value = entry.value.strip() if entry is not None else ""
        if field == "url":
            try:
                value = urlsplit(value).path
            except ValueError:
                value = ""
        value = value.strip("/")
        if value and value != "null":
            return value
    return ""
