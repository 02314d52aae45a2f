"""Columns too large for memory: 64-bit numbers appended to a temporary file and read back by position."""

from __future__ import annotations

import os
import tempfile
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

U64 = NDArray[np.uint64]
_WIDTH = 8


class Stored(NamedTuple):
    """A run of numbers in a file: the file's path, the first number and how many."""

    path: str
    start: int
    length: int


class Store:
    """A file of numbers that one process appends to. Read back with pread, so that no page of it counts as memory."""

    def __init__(self, folder: str) -> None:
        self._file, self.path = tempfile.mkstemp(suffix=".u64", dir=folder)
        self._length = 0

    def append(self, numbers: U64) -> Stored:
        """Write numbers at the end. Raises OSError where the disk is full."""
        data = memoryview(np.ascontiguousarray(numbers).tobytes())
        while data:
            data = data[os.write(self._file, data) :]
        stored = Stored(self.path, self._length, len(numbers))
        self._length += len(numbers)
        return stored


class Reader:
    """Reads what stores wrote, each file opened once."""

    def __init__(self) -> None:
        self._files: dict[str, int] = {}

    def read(self, stored: Stored, start: int = 0, count: int | None = None) -> U64:
        """Numbers of a stored run: all, or `count` from the `start`-th on."""
        if count is None:
            count = stored.length - start
        if stored.path not in self._files:
            self._files[stored.path] = os.open(stored.path, os.O_RDONLY)
        data = os.pread(self._files[stored.path], count * _WIDTH, (stored.start + start) * _WIDTH)
        if len(data) != count * _WIDTH:
            raise OSError(f"{stored.path}: a temporary file was cut short")
        return np.frombuffer(data, dtype=np.uint64)

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            os.close(file)
        self._files.clear()
