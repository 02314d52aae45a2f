"""Columns in files: what is kept is read back, and a full disk costs memory, not the answer."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from postlint.facts import put
from postlint.store import Reader, Store, open_store


def test_what_is_kept_is_read_back(tmp_path: Path) -> None:
    store, reader = Store(str(tmp_path)), Reader()
    first, second = store.append(b"abcdef"), store.append(b"ghi")
    assert reader.read(first, 2, 3) == b"cde"
    assert reader.read(second, 0, 3) == b"ghi"
    assert reader.read(b"in memory", 3, 6) == b"memory"
    with pytest.raises(OSError, match="cut short"):
        reader.read(second, 0, 4)
    reader.close()


def test_full_disk_spoils_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two bytes are written, then the disk is full, then there is room again: each column has its own bytes."""
    store, reader = Store(str(tmp_path)), Reader()
    kept = put(b"before", store)
    write = os.pwrite
    room = iter([2, 0])

    def full(file: int, data: memoryview, position: int) -> int:
        size = next(room)
        if not size:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(file, data[:size], position)

    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", full)
        in_memory = put(b"too much", store)
    after = put(b"after", store)
    assert in_memory.data == b"too much"
    assert not isinstance(kept.data, bytes)
    assert not isinstance(after.data, bytes)
    assert [reader.read(column.data, 0, column.length) for column in (kept, in_memory, after)] == [
        b"before",
        b"too much",
        b"after",
    ]
    reader.close()


def test_no_folder_is_no_store(tmp_path: Path) -> None:
    assert open_store(None) is None
    assert open_store(str(tmp_path / "gone")) is None
    assert open_store(str(tmp_path)) is not None
