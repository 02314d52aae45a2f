"""The stretches of a file that are its posts: where each begins and ends, in bytes and in rows and columns."""

from __future__ import annotations

import codecs
from array import array
from collections.abc import Callable, Sequence
from typing import BinaryIO

from postlint.post import Location, Post, Problem
from postlint.readers import unreadable
from postlint.readers.record_post import unreadable_record
from postlint.readers.source import LIMIT, decode

CHUNK = 1 << 20
"""Bytes of a file that are looked through at a time."""
Make = Callable[[int, str, Location, Sequence[Problem]], Post]
"""The number, source and start of a stretch, and what was wrong with its bytes, to its post."""

_DECODER = codecs.getincrementaldecoder("utf-8")
_FOREIGN = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


class Counter:
    """The row and column that the bytes passed so far lead to. Columns count code points."""

    __slots__ = ("_after_return", "_column", "_decoder", "_row")

    def __init__(self) -> None:
        self._row = 1
        self._column = 1
        self._after_return = False
        self._decoder = _DECODER("replace")

    def advance(self, data: bytes) -> None:
        """Pass the bytes that follow."""
        if self._after_return and data:
            # The other half of a line end that is counted already.
            data = data.removeprefix(b"\n")
            self._after_return = False
        rows = data.count(b"\n")
        if b"\r" in data:
            rows += data.count(b"\r") - data.count(b"\r\n")
        if rows:
            self._row += rows
            self._column = 1
            self._decoder.reset()
            self._after_return = data.endswith(b"\r")
            data = data[max(data.rfind(b"\n"), data.rfind(b"\r")) + 1 :]
        # What is no UTF-8 counts as what it becomes.
        self._column += len(self._decoder.decode(data))

    @property
    def location(self) -> Location:
        """The point that the next byte is at."""
        return Location(self._row, self._column + bool(self._decoder.getstate()[0]))


class Stretches:
    """Where stretches of a file begin and end; four numbers each, so that a million of them are no burden."""

    __slots__ = ("_columns", "_ends", "_rows", "_starts")

    def __init__(self) -> None:
        self._starts = array("q")
        self._ends = array("q")
        self._rows = array("q")
        self._columns = array("q")

    def __len__(self) -> int:
        return len(self._starts)

    def add(self, start: int, end: int, location: Location) -> None:
        """One more, by its bytes."""
        self._starts.append(start)
        self._ends.append(end)
        self._rows.append(location.row)
        self._columns.append(location.column)

    def end_last(self, end: int) -> None:
        """Say where the one added last ends."""
        self._ends[-1] = end

    def extend(self, others: Stretches) -> None:
        """Add those of others behind these."""
        self._starts.extend(others._starts)
        self._ends.extend(others._ends)
        self._rows.extend(others._rows)
        self._columns.extend(others._columns)

    def span(self, number: int) -> tuple[int, int]:
        """The bytes of one."""
        return self._starts[number], self._ends[number]

    def location(self, number: int) -> Location:
        """Where one begins."""
        return Location(self._rows[number], self._columns[number])


class Records:
    """A file of records, each a stretch of it: a `container.Container`."""

    def __init__(self, path: str, file: BinaryIO, stretches: Stretches, make: Make) -> None:
        self._path = path
        self._file = file
        self._stretches = stretches
        self._make = make

    def __len__(self) -> int:
        return len(self._stretches)

    def start(self, number: int) -> Location:
        """Where in the file a record begins."""
        return self._stretches.location(number)

    def source(self, number: int) -> str:
        """The text of a record; empty where it is none."""
        decoded = decode(read_bytes(self._file, *self._stretches.span(number)), is_whole=False)
        return "" if isinstance(decoded, str) else decoded[0]

    def read(self, number: int) -> Post:
        """The post that a record is."""
        decoded = decode(read_bytes(self._file, *self._stretches.span(number)), is_whole=False)
        start = self.start(number)
        if isinstance(decoded, str):
            return unreadable_record(self._path, number, "", start, decoded)
        return self._make(number, decoded[0], start, decoded[1])


class Failed:
    """A file of records that can't be cut: one post that says why."""

    def __init__(self, path: str, reason: str) -> None:
        self._path = path
        self._reason = reason

    def __len__(self) -> int:
        return 1

    def start(self, number: int) -> Location:
        """The start of the file."""
        return Location(1, 1)

    def source(self, number: int) -> str:
        """Nothing."""
        return ""

    def read(self, number: int) -> Post:
        """What stands for the file."""
        return unreadable(self._path, self._reason)


def read_bytes(file: BinaryIO, start: int, end: int) -> bytes:
    """The bytes of a stretch; of one that is larger than the limit as many as show that it is."""
    file.seek(start)
    return file.read(min(end - start, LIMIT + 1))


def opening(file: BinaryIO) -> int | str:
    """Where the text of a file begins, behind its byte order mark; a reason if it is in an encoding of another kind."""
    file.seek(0)
    head = file.read(4)
    for mark, name in _FOREIGN:
        if head.startswith(mark):
            return f"encoded as {name} instead of UTF-8"
    return len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
