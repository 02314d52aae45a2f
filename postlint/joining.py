"""The facts of batches, joined as they come: each column grows in place, so that no batch is held twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from postlint.facts import Digest, Values, digest
from postlint.rows import KINDS
from postlint.texts import Texts

_GROWTH = 1.25
"""How much longer a column is made than it has to be, when it has to be."""


class _Numbers:
    """A column of numbers."""

    def __init__(self, like: NDArray[Any]) -> None:
        self._column = np.empty((0, *like.shape[1:]), dtype=like.dtype)
        self._length = 0

    def extend(self, piece: NDArray[Any], shift: int) -> None:
        end = self._length + len(piece)
        if end > len(self._column):
            # Memory as large as this is moved by its page table: nothing is copied, and nothing is there twice.
            self._column.resize((int(end * _GROWTH), *self._column.shape[1:]), refcheck=False)
        self._column[self._length : end] = piece
        if shift:
            self._column[self._length : end] += piece.dtype.type(shift)
        self._length = end

    def taken(self) -> NDArray[Any]:
        self._column.resize((self._length, *self._column.shape[1:]), refcheck=False)
        return self._column


class _Items:
    """A column of anything else."""

    def __init__(self) -> None:
        self._items: list[Any] = []

    def extend(self, piece: list[Any], _: int) -> None:
        self._items.extend(piece)

    def taken(self) -> list[Any]:
        return self._items


class _Texts:
    """A column of texts."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._bounds = _Numbers(np.zeros(0, dtype=np.int64))
        self._bounds.extend(np.zeros(1, dtype=np.int64), 0)

    def extend(self, piece: Texts, _: int) -> None:
        self._bounds.extend(piece.bounds[1:], len(self._data))
        self._data += piece.data

    def taken(self) -> Texts:
        return Texts(self._data, self._bounds.taken())


class Joining:
    """Batches in the order of their posts, by path and number; numbers of rows are moved to where the rows are."""

    def __init__(self) -> None:
        self._columns: dict[str, _Numbers | _Items | _Texts] = {}
        self._empty = digest([])
        self._posts = self._paragraphs = self._bytes = 0
        self.add(self._empty)

    def add(self, part: Digest) -> None:
        """Take the facts of one more batch; nothing of it is needed any more."""
        for name, column in _columns(part):
            if name not in self._columns:
                self._columns[name] = _growing(column)
            self._columns[name].extend(column, self._shift(name))
        self._posts += len(part.posts)
        self._paragraphs += len(part.paragraphs)
        self._bytes += sum(column.length for column in part.texts)

    def _shift(self, name: str) -> int:
        if name == "text_bounds":
            return self._bytes
        last = name.rpartition(".")[2]
        return self._posts if last == "post" else self._paragraphs if last == "paragraph" else 0

    def digest(self) -> Digest:
        """All facts as one digest, which takes them with it."""
        values = {
            kind: self._table(Values, f"values.{kind}.") for kind in KINDS if f"values.{kind}.key" in self._columns
        }
        columns: dict[str, Any] = {"values": values}
        for field in fields(Digest):
            table = getattr(self._empty, field.name)
            if is_dataclass(table) and not isinstance(table, Texts):
                columns[field.name] = self._table(type(table), f"{field.name}.")
            elif field.name != "values":
                columns[field.name] = self._columns.pop(field.name).taken()
        return Digest(**columns)

    def _table(self, kind: type[Any], prefix: str) -> Any:
        return kind(**{field.name: self._columns.pop(prefix + field.name).taken() for field in fields(kind)})


def _columns(table: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The columns of tables in tables, by names with dots."""
    for field in fields(table):
        column = getattr(table, field.name)
        if isinstance(column, dict):
            for key, inner in column.items():
                yield from _columns(inner, f"{prefix}{field.name}.{key}.")
        elif is_dataclass(column) and not isinstance(column, Texts):
            yield from _columns(column, f"{prefix}{field.name}.")
        else:
            yield prefix + field.name, column


def _growing(column: Any) -> _Numbers | _Items | _Texts:
    if isinstance(column, Texts):
        return _Texts()
    return _Items() if isinstance(column, list) else _Numbers(column)


def join(digests: Iterable[Digest]) -> Digest:
    """All facts of a run as one digest. The batches come in the order of their posts: by path and number."""
    joining = Joining()
    for part in digests:
        joining.add(part)
    return joining.digest()
