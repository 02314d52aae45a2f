"""Rows of comma-separated values, cut into cells that know where they stand: RFC 4180, as programs read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from postlint.post import Run
from postlint.readers.moved import OffsetMap

_QUOTES = re.compile('""?')


class Cell(NamedTuple):
    """A cell: its text, and where that stands in its row as written, without the quotation mark before it."""

    text: str
    start: int
    end: int


class UnclosedError(Exception):
    """A quotation mark is not closed: its offset."""

    def __init__(self, offset: int) -> None:
        super().__init__("a quotation mark is not closed")
        self.offset = offset


@cache
def _cell(delimiter: str) -> re.Pattern[str]:
    other = f"[^{re.escape(delimiter)}\r\n]"
    return re.compile(f'"((?:[^"]++|"")*+"{other}*+)|({other}*+)')


@cache
def record_pattern(delimiter: str, *, at_end: bool) -> re.Pattern[bytes]:
    """What matches a row in bytes, its line end included; `at_end` where the end of the bytes is that of the file."""
    other = f"[^{re.escape(delimiter)}\r\n]"
    cell = f'(?:"(?:[^"]++|"")*+"{other}*+|(?!"){other}*+)'
    ending = "(?:\r\n|\n|\r|\\Z)" if at_end else "(?:\r\n|\n|\r(?!\\Z))"
    return re.compile(f"{cell}(?:{re.escape(delimiter)}{cell})*+{ending}".encode())


def cells(row: str, delimiter: str) -> Iterator[Cell]:
    """The cells of a row without its line end. Raises UnclosedError where it has no end."""
    at = 0
    pattern = _cell(delimiter)
    while True:
        match = pattern.match(row, at)
        assert match is not None
        group = match.lastindex or 2
        if group == 2 and row.startswith('"', at):
            raise UnclosedError(at)
        start, end = match.span(group)
        if group == 1 and row.find('"', start, end) == end - 1:
            # Nothing but the quotation mark that closes it.
            end -= 1
            yield Cell(row[start:end], start, end)
        elif group == 1:
            if row[end - 1] == '"' and _is_closing(row, start, end):
                end -= 1
            yield Cell(_text(row, start, end), start, end)
        else:
            yield Cell(row[start:end], start, end)
        at = match.end()
        if at >= len(row):
            return
        at += 1


def _is_closing(row: str, start: int, end: int) -> bool:
    """Whether the last quotation mark of a cell is the first one that stands alone."""
    return next((match.start() for match in _QUOTES.finditer(row, start, end) if len(match[0]) == 1), end) == end - 1


def _text(row: str, start: int, end: int) -> str:
    """What a cell says in which quotation marks stand: of two one is meant, and one alone ends what is quoted."""
    closing = next((match.start() for match in _QUOTES.finditer(row, start, end) if len(match[0]) == 1), end)
    return row[start:closing].replace('""', '"') + row[closing + 1 : end]


def places_of(row: str, start: int, end: int) -> OffsetMap:
    """Where the characters of a cell stand."""
    if start == 0 or row[start - 1] != '"' or row.find('"', start, end) < 0:
        return OffsetMap.verbatim(start, end - start)
    runs: list[Run] = []
    length = 0
    at = start

    def add(first: int, last: int, width: int) -> None:
        nonlocal length
        if width:
            runs.append(Run(length, first, last))
            length += width

    for match in _QUOTES.finditer(row, start, end):
        first, last = match.span()
        add(at, first, first - at)
        at = last
        if last - first == 1:
            break
        add(first, last, 1)
    add(at, end, end - at)
    return OffsetMap(runs or [Run(0, start, start)], length)
