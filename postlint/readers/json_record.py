"""One JSON object that is a post: its values with their places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import BinaryIO

from postlint.field_map import FieldMap
from postlint.meta import Entry
from postlint.post import Location, Post, Problem
from postlint.readers.json_meta import read_json
from postlint.readers.json_text import places_of
from postlint.readers.meta_source import MetaError, MetaSource
from postlint.readers.record_post import Record, post_of, unreadable_record
from postlint.readers.record_shape import LEAST_BODY, is_of_post

_CUT = re.compile(r"(?:\\(?:u[0-9a-fA-F]{0,3})?|\\u[dD][89abAB][0-9a-fA-F]{2})\Z")


def read_record(
    path: str, fields: FieldMap | None, number: int, source: str, start: Location, problems: Sequence[Problem]
) -> Post:
    """The post that an object is; one of format "unreadable" where it is no valid object."""
    meta = MetaSource(source, 0, len(source))
    try:
        end = read_json(meta)
        rest = source[end:]
        if not rest.isspace() and rest:
            raise MetaError(end + len(rest) - len(rest.lstrip()), "text follows the closing brace")
    except MetaError as error:
        place = _point(source, error.offset)
        return unreadable_record(path, number, source, start, f"not valid JSON ({error.reason})", place)
    for problem in meta.problems:
        first = problem.values.get("first_row")
        if isinstance(first, int):
            problem.values["first_row"] = first + start.row - 1
    return post_of(Record(path, number, source, start, meta.entries, [*problems, *meta.problems]), fields, places_of)


def _point(source: str, offset: int) -> tuple[int, int]:
    """The character at an offset; at the end of a source nothing."""
    return min(offset, len(source)), min(offset + 1, len(source))


def holds_post(data: bytes, fields: FieldMap | None = None, least: int = LEAST_BODY) -> bool:
    """Whether the bytes of an object, which may be cut off at the end, are those of a post."""
    return is_of_post(entries_of(data), fields, least)


def entries_of(data: bytes) -> list[Entry]:
    """The values of an object, as many as there are before it is cut off."""
    source = data.decode("utf-8", errors="replace").removeprefix("\ufeff")
    meta = MetaSource(source, 0, len(source))
    try:
        read_json(meta)
    except MetaError:
        # A value that is cut off in its middle is one all the same.
        closed = _CUT.sub("", source) + '"}'
        meta = MetaSource(closed, 0, len(closed))
        try:
            read_json(meta)
        except MetaError:
            return meta.entries
    return meta.entries


def first_byte(file: BinaryIO, begin: int) -> bytes:
    """The first byte of a file that is no white space, from `begin` on; nothing where there is none nearby."""
    file.seek(begin)
    return file.read(4096).lstrip()[:1]
