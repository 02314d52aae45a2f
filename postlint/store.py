"""Columns too large for memory: bytes appended to a temporary file and read back by position."""

from __future__ import annotations

import os
import tempfile
from typing import NamedTuple


class Stored(NamedTuple):
    """A run of bytes in a file: the file's path, the first byte and how many."""

    path: str
    start: int
    length: int


class Store:
    """A file of bytes that one process appends to. Read back with pread, so that no page of it counts as memory."""

    def __init__(self, folder: str) -> None:
        self._file, self.path = tempfile.mkstemp(suffix=".column", dir=folder)
        self._length = 0

    def append(self, data: bytes) -> Stored:
        """Write bytes at the end. Raises OSError where the disk is full; what was kept before is whole all the same."""
        # By position: what a failed write left behind is written over by the next one.
        written = 0
        while written < len(data):
            written += os.pwrite(self._file, memoryview(data)[written:], self._length + written)
        stored = Stored(self.path, self._length, len(data))
        self._length += len(data)
        return stored


def open_store(folder: str | None) -> Store | None:
    """A store in a folder; None, so that memory serves, where there is no folder or no file can be made in it."""
    if folder is None:
        return None
    try:
        return Store(folder)
    except OSError:
        return None


class Reader:
    """Reads what stores wrote, each file opened once."""

    def __init__(self) -> None:
        self._files: dict[str, int] = {}

    def read(self, column: bytes | Stored, start: int, length: int) -> bytes:
        """Bytes of a column, wherever it is kept. Raises OSError where a file has been cut short."""
        if isinstance(column, bytes):
            return column[start : start + length]
        if column.path not in self._files:
            self._files[column.path] = os.open(column.path, os.O_RDONLY)
        data = os.pread(self._files[column.path], length, column.start + start)
        if len(data) != length:
            raise OSError(f"{column.path}: a temporary file was cut short")
        return data

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            os.close(file)
        self._files.clear()
