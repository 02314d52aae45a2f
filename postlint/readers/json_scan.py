"""A JSON file looked through without being read: where the lists of objects in it are, and where each object is."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from postlint.readers.stretches import CHUNK

Path = tuple[str, ...]
"""The keys that lead to a list. Of a list on the way only the first member is looked into: `0`."""

_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|["{}\[\]]', re.DOTALL)
_STRING = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_SHALLOW = 7
"""How deep lists of posts are looked for."""
_DEEPEST = 100_000
_LONGEST_KEY = 200
_MOST_LISTS = 200
_QUOTE, _OBJECT, _LIST, _OBJECT_END, _LIST_END = b'"{[}]'
_CLOSING = {_OBJECT: _OBJECT_END, _LIST: _LIST_END}


class Spans:
    """The first bytes of objects, and the bytes after their last ones."""

    __slots__ = ("ends", "is_cut", "starts")

    def __init__(self) -> None:
        self.starts = array("q")
        self.ends = array("q")
        self.is_cut = False

    def close(self, end: int) -> None:
        """End the object that is open, if one is."""
        if len(self.ends) < len(self.starts):
            self.ends.append(end)

    def cut(self, end: int) -> None:
        """The same where no bracket closes it."""
        self.is_cut = len(self.ends) < len(self.starts)
        self.close(end)


class Found(NamedTuple):
    """What a file holds."""

    lists: dict[Path, Spans]
    """The objects of each list, by the path of the list, in order of the file; that of the file itself is ()."""
    roots: Spans
    """The objects that stand in nothing else: one at most, unless the file holds one after the other."""
    broken: int | None
    """The byte where a bracket does not fit, or where the file ends though a bracket is open."""


class _Level(NamedTuple):
    """An object or a list that is open."""

    closing: int
    path: Path
    members: Spans | None


def scan(file: BinaryIO, begin: int) -> Found:
    """Look through a file from a byte on, in pieces. Only brackets and strings are looked at."""
    lists: dict[Path, Spans] = {}
    roots = Spans()
    levels: list[_Level] = []
    # The brackets that are to close below what is looked into.
    deep = bytearray()
    broken = None
    for token, at, key in _brackets(file, begin):
        closing = _CLOSING.get(token)
        if closing is not None:
            if deep:
                deep.append(closing)
                if len(deep) > _DEEPEST:
                    broken = at
                    break
                continue
            path: Path | None = ()
            if levels:
                above = levels[-1]
                path = (*above.path, key.decode("utf-8", errors="replace"))
                if above.members is not None:
                    path = (*above.path, "0") if not above.members.starts else None
                    if token == _OBJECT:
                        above.members.starts.append(at)
            elif token == _OBJECT:
                roots.starts.append(at)
            if path is None or len(levels) >= _SHALLOW or len(lists) >= _MOST_LISTS:
                deep.append(closing)
            else:
                members = lists.setdefault(path, Spans()) if token == _LIST else None
                levels.append(_Level(closing, path, members))
            continue
        if deep:
            if deep.pop() != token:
                broken = at
                break
            if deep:
                continue
        elif not levels or levels.pop().closing != token:
            broken = at
            break
        if token == _OBJECT_END:
            if not levels:
                roots.close(at + 1)
            elif levels[-1].members is not None:
                levels[-1].members.close(at + 1)
    if broken is None and (levels or deep):
        broken = file.tell()
    if broken is not None:
        for spans in (roots, *lists.values()):
            spans.cut(broken)
    return Found({path: spans for path, spans in lists.items() if spans.starts}, roots, broken)


def _brackets(file: BinaryIO, begin: int) -> Iterator[tuple[int, int, bytes]]:
    """Each bracket that stands in no string, its byte in the file, and the start of the string before it."""
    file.seek(begin)
    base = begin
    in_string = False
    skipped = 0
    key = b""
    while chunk := file.read(CHUNK):
        at = 0
        if in_string:
            at = _string_end(chunk, skipped)
            key = (key + chunk[: min(at, _LONGEST_KEY)])[:_LONGEST_KEY]
            in_string = at >= len(chunk) or chunk[at] != _QUOTE
            if in_string:
                skipped = int(at < len(chunk))
                base += len(chunk)
                continue
            at += 1
        for match in _TOKEN.finditer(chunk, at):
            start, end = match.span()
            token = chunk[start]
            if token != _QUOTE:
                yield token, base + start, key
                continue
            key = chunk[start + 1 : min(end - 1, start + _LONGEST_KEY)]
            if end == start + 1:
                # The string goes on in the next piece, perhaps with what a backslash at the end of this one escapes.
                key = chunk[end : end + _LONGEST_KEY]
                in_string = True
                skipped = int(_string_end(chunk, end) < len(chunk))
                break
        base += len(chunk)


def _string_end(chunk: bytes, start: int) -> int:
    """Where what stands of a string in a piece ends: at its quote, at a backslash that is the last byte, or at all."""
    match = _STRING.match(chunk, start)
    assert match is not None
    return match.end()
