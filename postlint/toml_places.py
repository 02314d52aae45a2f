"""Rows of TOML keys: tomllib reads values but keeps no places, and a message about a key names its row."""

from __future__ import annotations

import re
from collections.abc import Sequence

from postlint.lazy_pattern import lazy_pattern

_PART = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)"""
_KEY = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_HEADER = lazy_pattern(rf"^[ \t]*\[\[?[ \t]*({_KEY})[ \t]*\]\]?")
_ASSIGNMENT = lazy_pattern(rf"^[ \t]*({_KEY})[ \t]*=")
_INLINE = lazy_pattern(rf"[{{,][ \t]*({_KEY})[ \t]*=")


def row_of(text: str, keys: Sequence[str], value: str | None = None) -> int | None:
    """The row (from 1) of the key at the end of a path of keys; of a string below it, if `value` is given.

    The row of the longest part of the path that is found, for a key in an inline table that goes over several rows;
    None where not even the first key is.
    """
    wanted = tuple(keys)
    table: tuple[str, ...] = ()
    best_row, best_depth = 0, 0
    rows = text.split("\n")
    for row, line in enumerate(rows, start=1):
        for path in _paths(line, table):
            depth = _common(path, wanted)
            if depth == len(path) and depth > best_depth:
                best_row, best_depth = row, depth
        header = _HEADER.match(line)
        if header:
            table = _parts(header[1])
    if not best_depth:
        return None
    if value is not None:
        quoted = (f'"{value}"', f"'{value}'")
        for row in range(best_row, len(rows) + 1):
            if any(text in rows[row - 1] for text in quoted):
                return row
    return best_row


def _paths(line: str, table: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The full paths of the keys that a line names."""
    header = _HEADER.match(line)
    if header:
        return [_parts(header[1])]
    assignment = _ASSIGNMENT.match(line)
    if not assignment:
        return []
    path = (*table, *_parts(assignment[1]))
    return [path, *((*path, *_parts(match[1])) for match in _INLINE.finditer(line, assignment.end()))]


def _parts(key: str) -> tuple[str, ...]:
    return tuple(part[1:-1] if part[0] in "\"'" else part for part in re.findall(_PART, key))


def _common(path: Sequence[str], wanted: Sequence[str]) -> int:
    depth = 0
    for one, other in zip(path, wanted, strict=False):
        if one != other:
            break
        depth += 1
    return depth
