"""JSON front matter to entries: a tokenizer with offsets that neither recurses nor converts numbers."""

from __future__ import annotations

import json
import re

from postlint.meta import Entry
from postlint.readers.meta_source import MAX_DEPTH, MAX_ENTRIES, MetaError, MetaSource

_BLANKS = frozenset(" \t\r\n")
_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"[^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*"')
# The last two are none of JSON, but Python and others write them for numbers that are none.
_WORD = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true\b|false\b|null\b|NaN\b|-?Infinity\b")
_UNFINISHED = re.compile(r'"[^"\\\x00-\x1f]*+(?:\\[^\x00-\x1f][^"\\\x00-\x1f]*+)*+')

Path = tuple[str | int, ...]


class _Level:
    """An open object or list."""

    __slots__ = ("count", "first", "is_object", "key_end", "key_start", "path", "seen", "start")

    def __init__(self, is_object: bool, path: Path, key_start: int, key_end: int, first: int, start: int) -> None:
        self.is_object = is_object
        self.path = path
        self.key_start = key_start
        self.key_end = key_end
        self.first = first
        self.start = start
        self.count = 0
        self.seen: dict[str, int] = {}


def read_json(meta: MetaSource) -> int:
    """Fill in the entries and duplicate keys of a JSON object; the offset of the source after its closing brace.

    MetaError says where and why it is no object; what was read before stays.
    """
    source, limit, entries = meta.source, meta.end, meta.entries
    at = _skip(source, meta.begin, limit)
    if not source.startswith("{", at, limit):
        raise MetaError(at, "is not an object")
    level = _Level(True, (), at, at, 0, at)
    levels = [level]
    at += 1
    while True:
        at = _skip(source, at, limit)
        closing = "}" if level.is_object else "]"
        if level.count:
            if source.startswith(",", at, limit):
                at = _skip(source, at + 1, limit)
            elif not source.startswith(closing, at, limit):
                raise MetaError(at, _expected(f"',' or '{closing}'", at, limit))
        if source.startswith(closing, at, limit) and source[at - 1] != ",":
            at += 1
            levels.pop()
            if not levels:
                return at
            if len(entries) == level.first:
                entries.append(Entry(level.path, "", level.start, at, level.key_start, level.key_end))
            level = levels[-1]
            continue
        path: Path
        if level.is_object:
            key_match = _STRING.match(source, at, limit)
            if key_match is None:
                raise _unfinished(source, at, limit) or MetaError(at, _expected("a key in double quotes", at, limit))
            key, key_start, key_end = _unescape(key_match[0], at), at + 1, key_match.end() - 1
            if key in level.seen:
                meta.duplicate(key, key_start, key_end, level.seen[key])
            else:
                level.seen[key] = key_start
            at = _skip(source, key_match.end(), limit)
            if not source.startswith(":", at, limit):
                raise MetaError(at, _expected("':'", at, limit))
            at = _skip(source, at + 1, limit)
            path = (*level.path, key)
        else:
            path, key_start, key_end = (*level.path, level.count), level.key_start, level.key_end
        level.count += 1
        if len(entries) > MAX_ENTRIES:
            raise MetaError(at, f"holds more than {MAX_ENTRIES:,} values")
        opening = source[at : min(at + 1, limit)]
        if opening in ("{", "["):
            level = _Level(opening == "{", path, key_start, key_end, len(entries), at)
            levels.append(level)
            if len(levels) > MAX_DEPTH:
                raise MetaError(at, f"nested deeper than {MAX_DEPTH} levels")
            at += 1
            continue
        value = (_STRING if opening == '"' else _WORD).match(source, at, limit)
        if value is None:
            raise _unfinished(source, at, limit) or MetaError(at, _expected("a value", at, limit))
        if opening == '"':
            entry = Entry(path, _unescape(value[0], at), at + 1, value.end() - 1, key_start, key_end, True)
        else:
            entry = Entry(path, value[0], at, value.end(), key_start, key_end)
        entries.append(entry)
        at = value.end()


def _skip(source: str, at: int, limit: int) -> int:
    if source[at : at + 1] not in _BLANKS:
        return at
    match = _SPACE.match(source, at, limit)
    assert match is not None
    return match.end()


def _expected(what: str, at: int, limit: int) -> str:
    return f"ends where {what} was expected" if at >= limit else f"expected {what}"


def _unfinished(source: str, at: int, limit: int) -> MetaError | None:
    """What is wrong with a string that can't be read; None where there is none."""
    found = _UNFINISHED.match(source, at, limit)
    if found is None:
        return None
    if found.end() >= limit or (found.end() == limit - 1 and source[limit - 1] == "\\"):
        return MetaError(at, "a string is not closed")
    return MetaError(found.end(), "a line end or another control character in a string")


def _unescape(token: str, at: int) -> str:
    """The text of a string token; half a surrogate pair becomes U+FFFD, as no output could hold it."""
    if "\\" not in token:
        return token[1:-1]
    try:
        text: str = json.loads(token)
    except json.JSONDecodeError as error:
        raise MetaError(at + error.pos, "invalid escape in a string") from None
    if "\\ud" not in token and "\\uD" not in token:
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
