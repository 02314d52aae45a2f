"""Values that PHP has serialised, as exports of WordPress hold them: scalars with their places, never an object."""

from __future__ import annotations

import re
from typing import NamedTuple

from postlint.readers.align import Span
from postlint.readers.meta_source import MAX_DEPTH, MAX_ENTRIES, MAX_SIZE

_SERIALISED = re.compile(r"(?:a:[0-9]+:\{|O:[0-9]+:\"|s:[0-9]+:\"|[ibd]:[-+0-9.EINFA]+;\Z|N;\Z)")
_SCALAR = re.compile(r"(?:([ibdrR]):([-+0-9.EINFA]{1,40})|N);")
_STRING = re.compile(r"[sSE]:([0-9]{1,10}):\"")
_OPENING = re.compile(r"(?:a|O:[0-9]{1,10}:\"[^\"]{0,200}\"):[0-9]{1,10}:\{")
# A quotation mark ends a string only before what may come next: lengths are wrong wherever an address was replaced.
_STRING_END = re.compile(r"\";(?=\}|\Z|N;|[ibdrRsSEaO]:)")

_NO_NAME = (0, -1)

Path = tuple[str | int, ...]


class Scalar(NamedTuple):
    """A scalar in a serialised value: the keys that lead to it, and where it and its nearest name stand in the text.

    Where no key is a name, the end of the name is -1.
    """

    path: Path
    text: str
    start: int
    end: int
    key_start: int
    key_end: int


class _Level:
    """An open array, or the properties of an object: the keys that lead to it, its nearest name, its next key."""

    __slots__ = ("count", "key", "name", "own_name", "path")

    def __init__(self, path: Path, name: Span) -> None:
        self.path = path
        self.own_name = self.name = name
        self.count = 0
        self.key: str | int | None = None


def is_serialised(text: str) -> bool:
    """Whether a text begins as PHP's serialize writes."""
    return _SERIALISED.match(text) is not None


def read_php(text: str) -> list[Scalar] | None:
    """The scalars of a serialised value in order; None where it can't be read, or is too large or too deep.

    Numbers that count the keys of an array up from 0 are positions, as in a list; others are names.
    """
    if len(text) > MAX_SIZE:
        return None
    found: list[Scalar] = []
    levels: list[_Level] = []
    length = len(text)
    # Looking for the ends of strings may cost a few times the length of the text and no more.
    budget = 4 * length
    at = 0
    while at < length:
        level = levels[-1] if levels else None
        if text[at] == "}":
            if level is None or level.key is not None:
                return None
            levels.pop()
            at += 1
            if not levels:
                return found
            continue
        opening = _OPENING.match(text, at)
        if opening is not None:
            if level is not None and level.key is None:
                return None
            levels.append(_Level(_path(level), _NO_NAME if level is None else level.name))
            if level is not None:
                level.key = None
            if len(levels) > MAX_DEPTH:
                return None
            at = opening.end()
            continue
        string = _STRING.match(text, at)
        if string is not None:
            start = string.end()
            budget -= int(string[1])
            end = _end_of(text, start, int(string[1]) if budget > 0 else -1)
            if end < 0:
                return None
            value, at = text[start:end], end + 2
        else:
            scalar = _SCALAR.match(text, at)
            if scalar is None:
                return None
            start, end = scalar.span(2) if scalar[2] else (at, at)
            value, at = scalar[2] or "", scalar.end()
        if level is None:
            return [Scalar((), value, start, end, *_NO_NAME)] if at >= length else None
        if level.key is None:
            is_next = string is None and value == str(level.count)
            level.key, level.name = (level.count, level.own_name) if is_next else (value, (start, end))
            level.count += 1
            continue
        found.append(Scalar(_path(level), value, start, end, *level.name))
        level.key = None
        if len(found) > MAX_ENTRIES:
            return None
    return None


def _path(level: _Level | None) -> Path:
    """The path of the value that comes next."""
    return () if level is None or level.key is None else (*level.path, level.key)


def _end_of(text: str, start: int, size: int) -> int:
    """The end of a string of so many bytes; where that is no end, the first that may be one."""
    if size >= 0:
        stretch = text[start : start + size]
        if not stretch.isascii():
            stretch = stretch.encode("utf-8", "replace")[:size].decode("utf-8", "ignore")
        end = start + len(stretch)
        if text.startswith('";', end):
            return end
    found = _STRING_END.search(text, start)
    return -1 if found is None else found.start()
