"""Tables as text: each row below the first is a post, and the first one names the columns."""

from __future__ import annotations

import re
from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import BinaryIO

from postlint.field_map import FieldMap
from postlint.meta import Entry
from postlint.post import Location, Post, Problem
from postlint.readers.container import Container
from postlint.readers.csv_cells import Cell, UnclosedError, cells, places_of, record_pattern
from postlint.readers.record_post import Record, post_of, unreadable_record
from postlint.readers.record_shape import LEAST_BODY, is_of_post, may_hold_posts
from postlint.readers.source import LIMIT
from postlint.readers.stretches import CHUNK, Counter, Failed, Records, Stretches, opening

_DELIMITERS = (",", ";", "\t", "|")
_LOOKED_AT = 5
"""Rows below the first that tell what parts the cells, and whether they are posts."""
_HEAD = 262_144
_LINE_ENDS = re.compile(rb"[\r\n]+")
_MOST_CELLS = 10_000
"""Cells of a row at most: what stands behind them is not looked at."""
_NO_TEXT = re.compile(r"-?\d+(?:\.\d+)?|true|false|null|none|nan|\\N", re.IGNORECASE)
"""What databases write for a value that is no text."""


def split(path: str, file: BinaryIO, fields: FieldMap | None = None) -> Container:
    """The rows of a table below the first. Blank rows are none."""
    begin = opening(file)
    if isinstance(begin, str):
        return Failed(path, begin)
    file.seek(begin)
    delimiter, names = _columns(_decoded(file.read(_HEAD)), path)
    return Records(path, file, _rows(file, begin, delimiter), partial(_read, path, fields, delimiter, names))


def looks_like_posts(head: bytes, fields: FieldMap | None = None) -> bool:
    """Whether the first rows of a table are posts."""
    if not may_hold_posts(head, fields):
        return False
    text = _decoded(head)
    delimiter, names = _columns(text, "")
    rows = _texts(text, delimiter)[1 : _LOOKED_AT + 1]
    return any(is_of_post(_entries(_readable(row, delimiter), names), fields, LEAST_BODY) for row in rows)


def _decoded(head: bytes) -> str:
    return head.decode("utf-8", errors="replace").removeprefix("\ufeff")


def _columns(head: str, path: str) -> tuple[str, list[str]]:
    """What parts the cells of a table, and the names of its columns, by its first rows.

    It is what parts the most of the other rows into as many cells as the first one, and that into the most.
    """
    found: list[tuple[float, int, str, list[str]]] = []
    for delimiter in _DELIMITERS:
        rows = [[cell.text for cell in _readable(row, delimiter)] for row in _texts(head, delimiter)]
        names = [name.strip() for name in rows[0]] if rows else []
        if delimiter == "\t" and len(names) > 1 and path.lower().endswith(".tsv"):
            return delimiter, names
        # The last row may be cut off.
        others = rows[1:-1] or rows[1:]
        fitting = sum(len(row) == len(names) for row in others) / max(len(others), 1)
        found.append((fitting if len(names) > 1 else -1, len(names), delimiter, names))
    return max(found, key=lambda columns: columns[:2])[2:]


def _texts(head: str, delimiter: str) -> list[str]:
    """The first rows of a text that are not blank; the last one may be cut off."""
    data = head.encode("utf-8", "surrogatepass")
    pattern = record_pattern(delimiter, at_end=True)
    rows: list[str] = []
    at = 0
    while at < len(data) and len(rows) < _LOOKED_AT + 2:
        match = pattern.match(data, at)
        row = data[at : match.end() if match is not None else len(data)]
        if row.strip():
            rows.append(row.decode("utf-8", "surrogatepass").rstrip("\r\n"))
        at += len(row)
    return rows


def _readable(row: str, delimiter: str) -> list[Cell]:
    """The cells of a row, the last one as it is where it has no end."""
    found: list[Cell] = []
    try:
        found.extend(islice(cells(row, delimiter), _MOST_CELLS))
    except UnclosedError as error:
        found.append(Cell(row[error.offset + 1 :], error.offset + 1, len(row)))
    return found


def _rows(file: BinaryIO, begin: int, delimiter: str) -> Stretches:
    """The rows of a file below the first, a piece of the file at a time."""
    found = Stretches()
    counter = Counter()
    is_first = True
    for start, row in _cut(file, begin, delimiter):
        bare = row.rstrip(b"\r\n") if row is not None else None
        if bare is None or bare.strip():
            if not is_first:
                end = start + (len(bare) if bare is not None else LIMIT + 1)
                found.add(start, end, counter.location)
            is_first = False
        counter.advance(row or b"")
    return found


def _cut(file: BinaryIO, begin: int, delimiter: str) -> Iterator[tuple[int, bytes | None]]:
    """Each row with its line end, and where it starts; None for one that is larger than what can be read.

    Blank rows come in one piece.
    """
    file.seek(begin)
    pattern = record_pattern(delimiter, at_end=False)
    last = record_pattern(delimiter, at_end=True)
    kept = b""
    start = begin
    while True:
        # As much again: a row that is not complete is not looked through more than twice.
        piece = file.read(max(CHUNK, len(kept)))
        data = kept + piece
        at = 0
        while at < len(data):
            match = _LINE_ENDS.match(data, at) or (pattern if piece else last).match(data, at)
            if match is None:
                break
            yield start + at, match[0]
            at = match.end()
        start += at
        kept = data[at:]
        if not piece:
            if kept:
                yield start, kept
            return
        if len(kept) > LIMIT:
            yield start, None
            return


def _read(
    path: str,
    fields: FieldMap | None,
    delimiter: str,
    names: Sequence[str],
    number: int,
    source: str,
    start: Location,
    problems: Sequence[Problem],
) -> Post:
    try:
        row = list(islice(cells(source, delimiter), _MOST_CELLS))
    except UnclosedError as error:
        place = (error.offset, error.offset + 1)
        return unreadable_record(path, number, source, start, f"not valid CSV ({error})", place)
    more = [cell for cell in row[len(names) :] if cell.text]
    found = list(problems)
    if more:
        reason = f"has {len(row)} cells where the first row has {len(names)}"
        found.append(Problem("unreadable", more[0].start, more[0].end, {"reason": reason}))
    if not number:
        found.extend(_twice(row, names))
    return post_of(Record(path, number, source, start, _entries(row, names), found), fields, places_of)


def _entries(row: Sequence[Cell], names: Sequence[str]) -> list[Entry]:
    """The cells that say something. Their keys stand in the first row, which is none of theirs."""
    return [
        Entry((name,), cell.text, cell.start, cell.end, cell.start, cell.start, not _NO_TEXT.fullmatch(cell.text))
        for name, cell in zip(names, row, strict=False)
        if cell.text and name
    ]


def _twice(row: Sequence[Cell], names: Sequence[str]) -> Iterator[Problem]:
    """Columns of the same name, told in the first post."""
    seen: Tally[str] = Tally()
    for name, cell in zip(names, row, strict=False):
        seen[name] += 1
        if name and seen[name] > 1:
            yield Problem("duplicate-key", cell.start, cell.end, {"key": name, "first_row": 1})
