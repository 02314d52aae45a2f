"""Rows and columns of reports, in code points from 1, as positions of the language server protocol, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from postlint.post import Lines, Location


class Position(NamedTuple):
    """A place between two characters: line and column from 0, the column in units of the encoding agreed upon."""

    line: int
    character: int


def _utf8(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _utf16(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


UNITS: dict[str, Callable[[str], int]] = {"utf-8": _utf8, "utf-16": _utf16, "utf-32": len}
"""Of each encoding, how many units of it a text has."""


class Positions:
    """The positions of one text. Its rows end where the protocol's lines do: at `\\n`, `\\r\\n` and `\\r` alone."""

    def __init__(self, text: str, encoding: str) -> None:
        self._text = text
        self._lines = Lines(text)
        self._units = UNITS[encoding]
        # The reader takes a byte order mark for none of the text; an editor that shows it counts it.
        self._mark = text.startswith("\ufeff")

    def of(self, location: Location) -> Position:
        """The position of a row and column, or the nearest one that the text has."""
        if location.row > len(self._lines):
            return self.at(len(self._text))
        column = location.column - 1 + (self._mark and location.row == 1)
        return Position(location.row - 1, self._units(self._lines.row_text(location.row)[:column]))

    def at(self, offset: int) -> Position:
        """The position of an offset in code points, counted with the byte order mark, if there is one."""
        row, column = self._lines.location(offset)
        return Position(row - 1, self._units(self._lines.row_text(row)[: column - 1]))
