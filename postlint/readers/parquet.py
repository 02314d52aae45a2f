"""Parquet files: each row is a post. As it is no text, its places are those that it has as a row of JSON Lines."""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from postlint.errors import UserError
from postlint.field_map import FieldMap
from postlint.post import Location, Post
from postlint.readers.container import Container
from postlint.readers.json_record import read_record
from postlint.readers.record_post import unreadable_record
from postlint.readers.stretches import Failed

_ROWS = 64
"""Rows that are in memory at a time."""


def split(path: str, file: BinaryIO, fields: FieldMap | None = None) -> Container:
    """The rows of a file. Raises UserError where the library that reads them is not there."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        reason = 'Parquet files are read by pyarrow, which is not installed: pip install "postlint[parquet]"'
        raise UserError(f"{path}: {reason}") from error
    try:
        table = pyarrow.parquet.ParquetFile(file)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        return Failed(path, f"not valid Parquet ({_first_line(error)})")
    return Rows(path, table, fields)


def looks_like_posts(head: bytes, fields: FieldMap | None = None) -> bool:
    """Never: what the columns are stands at the end of a file. In folders those are read that a field map names."""
    return False


class Rows:
    """The rows of a table, a few of which are in memory: a `container.Container`."""

    def __init__(self, path: str, table: Any, fields: FieldMap | None) -> None:
        self._path = path
        self._table = table
        self._fields = fields
        sizes = [table.metadata.row_group(group).num_rows for group in range(table.num_row_groups)]
        self._firsts = [sum(sizes[:group]) for group in range(len(sizes) + 1)]
        self._texts: Sequence[str] = ()
        self._from = 0
        self._more: Iterator[Sequence[str]] | None = None
        self._broken: dict[int, tuple[int, Exception]] = {}
        """Of groups of rows the first row that can't be read, and why."""

    def __len__(self) -> int:
        return int(self._firsts[-1])

    def start(self, number: int) -> Location:
        """The start of a row of its own."""
        return Location(number + 1, 1)

    def source(self, number: int) -> str:
        """A row as JSON; empty where it can't be read."""
        text = self._text(number)
        return text if isinstance(text, str) else ""

    def read(self, number: int) -> Post:
        """The post that a row is."""
        text = self._text(number)
        if isinstance(text, str):
            return read_record(self._path, self._fields, number, text, self.start(number), ())
        return unreadable_record(self._path, number, "", self.start(number), f"not valid Parquet ({_first_line(text)})")

    def _text(self, number: int) -> str | Exception:
        import pyarrow

        if self._from <= number < self._from + len(self._texts):
            return self._texts[number - self._from]
        group = bisect_right(self._firsts, number) - 1
        first, reason = self._broken.get(group, (number + 1, None))
        if reason is not None and number >= first:
            return reason
        try:
            self._load(number, group)
        except (pyarrow.ArrowException, OSError, ValueError, OverflowError, StopIteration) as error:
            self._broken[group] = max(self._from + len(self._texts), self._firsts[group]), error
            self._more = None
            return error
        return self._texts[number - self._from]

    def _load(self, number: int, group: int) -> None:
        """Go on to a row; from the start of its group where it stands before what is loaded, or in a later group."""
        end = self._from + len(self._texts)
        if self._more is None or number < self._from or self._firsts[group] > end:
            self._more = self._batches(group)
            self._texts, self._from = (), self._firsts[group]
            end = self._from
        while number >= end:
            texts = next(self._more)
            self._texts, self._from = texts, end
            end += len(texts)

    def _batches(self, group: int) -> Iterator[Sequence[str]]:
        for group_number in range(group, self._table.num_row_groups):
            for batch in self._table.iter_batches(_ROWS, row_groups=[group_number], use_threads=False):
                yield [json.dumps(_plain(row), ensure_ascii=False) for row in _dated(batch).to_pylist()]


def _dated(batch: Any) -> Any:
    """A batch whose dates and times are texts: Python's have no nanoseconds and end with the year 9999."""
    import pyarrow

    columns = []
    for column in batch.columns:
        if pyarrow.types.is_temporal(column.type):
            try:
                column = column.cast(pyarrow.string())
            except pyarrow.ArrowInvalid:
                # A number that means no day in its unit.
                column = pyarrow.nulls(len(column), pyarrow.string())
        columns.append(column)
    return pyarrow.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _plain(value: object) -> object:
    """A value as JSON has it. What it has no word for is null, or what Python calls it."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, (str, int)) else str(value)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).split("\n", 1)[0]
