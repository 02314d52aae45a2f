"""The index file: named, checksummed pieces of bytes in SQLite, changed all together or not at all."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from zlib import crc32

APPLICATION_ID = 0x706F7374
"""Says in the file's header that it is ours: "post"."""
WAIT = 10.0
"""Seconds to wait for another run that is writing."""
_SUM = 4
_IN_THE_WAY = tuple(f"SQLITE_{name}" for name in ("BUSY", "CANTOPEN", "FULL", "IOERR", "LOCKED", "PERM", "READONLY"))


class UnusableError(Exception):
    """The index can't answer: it is not there, damaged, of another program, locked for long, or not to be read."""

    def __init__(self, reason: str, *, is_whole: bool = False) -> None:
        super().__init__(reason)
        self.is_whole = is_whole
        """Whether it may be as good as any, and something else is in the way: another run, a full disk, its folder."""


class NoIndexError(UnusableError):
    """Nothing is wrong, but there is no index yet, or none of this program and these settings."""


class Pieces:
    """An open index file.

    SQLite gives what a cache that several programs write needs: a killed writer leaves the old state, a reader sees one
    state. Each piece has a checksum besides, because a damaged page may still be a page.
    """

    def __init__(self, path: str, *, write: bool) -> None:
        self.path = path
        # Opened, a pipe would wait for ever, and a link lead elsewhere.
        if os.path.lexists(path):
            if not stat.S_ISREG(os.lstat(path).st_mode):
                raise UnusableError("it is not a regular file")
        elif not write:
            raise NoIndexError("there is no index yet")
        try:
            self._open(write)
        except UnusableError as error:
            if not isinstance(error.__cause__, sqlite3.Error) or _name(error.__cause__) != "SQLITE_READONLY_ROLLBACK":
                raise
            # A writer was killed: who may write undoes its work.
            self._open(write=True)
            self.close()
            self._open(write)

    def _open(self, write: bool) -> None:
        mode = "rwc" if write else "ro"
        with _told():
            self._connection = sqlite3.connect(
                f"file:{_quoted(self.path)}?mode={mode}", uri=True, timeout=WAIT, isolation_level=None
            )
        try:
            with _told():
                self._claim(write)
        except UnusableError:
            self._connection.close()
            raise

    def _claim(self, write: bool) -> None:
        # One state of the file for as long as it is open to be read, whatever others write.
        self._connection.execute("BEGIN")
        if self._is_ours():
            if write:
                self._connection.execute("COMMIT")
            return
        if not write:
            raise NoIndexError("there is no index yet")
        self._connection.execute("COMMIT")
        self._connection.execute("BEGIN IMMEDIATE")
        # Another run may have been faster.
        if not self._is_ours():
            self._connection.execute("CREATE TABLE piece (name TEXT PRIMARY KEY, data BLOB NOT NULL)")
            self._connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        self._connection.execute("COMMIT")

    def _is_ours(self) -> bool:
        """Whether the file is an index; False where it is empty. Raises UnusableError where it is something else.

        To be asked in a transaction: what another run does between two looks would be neither.
        """
        found = self._connection.execute("PRAGMA application_id").fetchone()[0]
        if found == APPLICATION_ID:
            return True
        tables = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if found or tables:
            raise UnusableError("the file is not an index of postlint")
        return False

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
    ) -> bool:
        """Put pieces in the place of those of their names, and drop those whose names begin in some way.

        All of it or nothing; nothing, and False, where the piece named by `unless_changed` is another one by now.
        Raises UnusableError where the file can't be written.
        """
        with _told():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                if unless_changed is not None and self.get(unless_changed[0]) != unless_changed[1]:
                    self._connection.execute("ROLLBACK")
                    return False
                for prefix in dropped:
                    self._connection.execute(
                        "DELETE FROM piece WHERE name >= ? AND name < ?", (prefix, prefix + "\x7f")
                    )
                self._connection.executemany(
                    "INSERT OR REPLACE INTO piece VALUES (?, ?)",
                    ((name, _sum(name, data) + data) for name, data in pieces),
                )
                self._connection.execute("COMMIT")
                return True
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _name(error: sqlite3.Error) -> str:
    # What Python itself finds wrong has none.
    return getattr(error, "sqlite_errorname", "")


def _quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(os.path.abspath(path))


@contextmanager
def _told() -> Iterator[None]:
    """Whatever SQLite does not like makes the index unusable."""
    try:
        yield
    except sqlite3.Error as error:
        raise UnusableError(str(error), is_whole=_name(error).startswith(_IN_THE_WAY)) from error


def _sum(name: str, data: bytes) -> bytes:
    # The name is part of it, so that a piece can't stand in the place of another.
    return crc32(data, crc32(name.encode())).to_bytes(_SUM, "little")


def _checked(name: str, stored: object) -> bytes:
    if not isinstance(stored, bytes) or stored[:_SUM] != _sum(name, stored[_SUM:]):
        raise UnusableError(f"the piece {name} is damaged")
    return stored[_SUM:]
