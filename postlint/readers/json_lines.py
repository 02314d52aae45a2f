"""JSON Lines: each row of the file is an object, which is a post."""

from __future__ import annotations

import re
from functools import partial
from typing import BinaryIO

from postlint.field_map import FieldMap
from postlint.readers.container import Container
from postlint.readers.json_record import first_byte, holds_post, read_record
from postlint.readers.record_shape import may_hold_posts
from postlint.readers.stretches import CHUNK, Counter, Failed, Records, Stretches, opening

_ROW = re.compile(rb"\S[^\n]*+")
_LOOKED_AT = 5
"""Rows of a file that tell whether it holds posts."""


def split(path: str, file: BinaryIO, fields: FieldMap | None = None) -> Container:
    """The rows of a file, blank ones left out. A file that begins with a bracket is a JSON file by another name."""
    begin = opening(file)
    if isinstance(begin, str):
        return Failed(path, begin)
    if first_byte(file, begin) == b"[":
        from postlint.readers import json_file

        return json_file.split(path, file, fields)
    return Records(path, file, rows_of(file, begin), partial(read_record, path, fields))


def rows_of(file: BinaryIO, begin: int) -> Stretches:
    """The rows from a byte of a file on that are not blank, each from its first character that is no white space."""
    file.seek(begin)
    found = Stretches()
    counter = Counter()
    base = begin
    in_row = False
    while chunk := file.read(CHUNK):
        passed = at = 0
        if in_row:
            ending = chunk.find(b"\n")
            at = ending if ending >= 0 else len(chunk)
            found.end_last(base + at)
            in_row = ending < 0
        for match in _ROW.finditer(chunk, at):
            start, end = match.span()
            counter.advance(chunk[passed:start])
            passed = start
            found.add(base + start, base + end, counter.location)
            in_row = end == len(chunk)
        counter.advance(chunk[passed:])
        base += len(chunk)
    return found


def looks_like_posts(head: bytes, fields: FieldMap | None = None) -> bool:
    """Whether one of the first rows of a file is a post."""
    if not may_hold_posts(head, fields):
        return False
    rows = [row for row in head.split(b"\n", _LOOKED_AT)[:_LOOKED_AT] if row.strip()]
    return any(holds_post(row, fields) for row in rows)
