"""The index file: named, checksummed pieces of bytes in SQLite, changed all together or not at all."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from zlib import crc32

APPLICATION_ID = 0x706F7374
"""Says in the file's header that it is ours: "post"."""
WAIT = 10.0
"""Seconds to wait for another run that is writing."""
_SUM = 4


class UnusableError(Exception):
    """The index can't answer: it is not there, damaged, of another program, locked for long, or not to be read."""

    def __init__(self, reason: str, *, is_busy: bool = False) -> None:
        super().__init__(reason)
        self.is_busy = is_busy
        """Whether another run holds it: then it may be as good as any."""


class NoIndexError(UnusableError):
    """Nothing is wrong, but there is no index yet, or none of this program and these settings."""


class Pieces:
    """An open index file.

    SQLite gives what a cache that several programs write needs: a killed writer leaves the old state, a reader sees one
    state. Each piece has a checksum besides, because a damaged page may still be a page.
    """

    def __init__(self, path: str, *, write: bool) -> None:
        self.path = path
        try:
            if not write and not os.path.exists(path):
                raise NoIndexError("there is no index yet")
            self._connection = sqlite3.connect(
                f"file:{_quoted(path)}?mode={'rwc' if write else 'ro'}", uri=True, timeout=WAIT, isolation_level=None
            )
        except sqlite3.Error as error:
            raise UnusableError(str(error)) from error
        try:
            with _told():
                self._claim(write)
                if not write:
                    # One state of the file for as long as it is open, whatever others write.
                    self._connection.execute("BEGIN")
        except UnusableError:
            self._connection.close()
            raise

    def _claim(self, write: bool) -> None:
        found = self._connection.execute("PRAGMA application_id").fetchone()[0]
        if found == APPLICATION_ID:
            return
        tables = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if found or tables or not write:
            raise UnusableError("the file is not an index of postlint")
        self._connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        self._connection.execute("CREATE TABLE piece (name TEXT PRIMARY KEY, data BLOB NOT NULL)")

    def get(self, name: str) -> bytes | None:
        """A piece; None where there is none of this name. Raises UnusableError for a damaged one."""
        with _told():
            row = self._connection.execute("SELECT data FROM piece WHERE name = ?", (name,)).fetchone()
        return None if row is None else _checked(name, row[0])

    def need(self, name: str) -> bytes:
        """A piece that must be there. Raises UnusableError where it is not."""
        data = self.get(name)
        if data is None:
            raise UnusableError(f"the piece {name} is missing")
        return data

    def replace(
        self,
        pieces: Iterable[tuple[str, bytes]],
        dropped: Iterable[str] = (),
        unless_changed: tuple[str, bytes] | None = None,
    ) -> None:
        """Put pieces in the place of those of their names, and drop those whose names begin in some way.

        All of it or nothing; nothing where the piece named by `unless_changed` is another one by now. Raises
        UnusableError where the file can't be written.
        """
        with _told():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                if unless_changed is not None and self.get(unless_changed[0]) != unless_changed[1]:
                    raise UnusableError("another run has made it anew")
                for prefix in dropped:
                    self._connection.execute(
                        "DELETE FROM piece WHERE name >= ? AND name < ?", (prefix, prefix + "\x7f")
                    )
                self._connection.executemany(
                    "INSERT OR REPLACE INTO piece VALUES (?, ?)",
                    ((name, _sum(name, data) + data) for name, data in pieces),
                )
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(os.path.abspath(path))


@contextmanager
def _told() -> Iterator[None]:
    """Whatever SQLite does not like makes the index unusable."""
    try:
        yield
    except sqlite3.Error as error:
        is_busy = getattr(error, "sqlite_errorname", "") in ("SQLITE_BUSY", "SQLITE_LOCKED")
        raise UnusableError(str(error), is_busy=is_busy) from error


def _sum(name: str, data: bytes) -> bytes:
    # The name is part of it, so that a piece can't stand in the place of another.
    return crc32(data, crc32(name.encode())).to_bytes(_SUM, "little")


def _checked(name: str, stored: object) -> bytes:
    if not isinstance(stored, bytes) or stored[:_SUM] != _sum(name, stored[_SUM:]):
        raise UnusableError(f"the piece {name} is damaged")
    return stored[_SUM:]
