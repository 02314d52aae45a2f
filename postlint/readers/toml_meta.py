"""TOML front matter to entries: tomllib says whether it is valid, a scan of the valid text says where things stand."""

from __future__ import annotations

import re
import tomllib

from postlint.meta import Entry
from postlint.readers.meta_source import MAX_DEPTH, MAX_ENTRIES, MetaError, MetaSource

_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)\Z| \(at end of document\)\Z")
_SKIP = re.compile(r"(?:[ \t\r\n]+|#[^\r\n]*)*")
_KEY = re.compile(r"[ \t]*(?:\"((?:[^\"\\]|\\.)*)\"|'([^']*)'|([A-Za-z0-9_\-]+))[ \t]*")
_STRING = re.compile(
    r"\"\"\"[^\"\\]*(?:(?:\\.|\"(?!\"\"))[^\"\\]*)*\"{3,5}|'''[^']*(?:'(?!'')[^']*)*'{3,5}"
    r"|\"[^\"\\\r\n]*(?:\\.[^\"\\\r\n]*)*\"|'[^'\r\n]*'",
    re.DOTALL,
)
_BARE = re.compile(r"\d{4}-\d\d-\d\d \d[^,\]}\s#]*|[^,\]}\s#]+")

# tomllib takes a time that grows with the square of the parts of a key.
_DEEP_KEY = re.compile(
    rf"(?<![\w.\-])(?:(?:[\w\-]++|\"[^\"\r\n]*+\"|'[^'\r\n]*+')[ \t]*+\.[ \t]*+){{{MAX_DEPTH}}}", re.ASCII
)

Path = tuple[str | int, ...]


class _Level:
    """An open array or inline table within a value."""

    __slots__ = ("count", "first", "is_table", "key_end", "key_start", "path", "start")

    def __init__(self, is_table: bool, path: Path, key_start: int, key_end: int, first: int, start: int) -> None:
        self.is_table = is_table
        self.path = path
        self.key_start = key_start
        self.key_end = key_end
        self.first = first
        self.start = start
        self.count = 0


def read_toml(meta: MetaSource) -> bool:
    """Fill in the entries of TOML; True, as its root is always a table. MetaError says where and why it is no TOML."""
    deep = _DEEP_KEY.search(meta.text)
    if deep is not None:
        raise MetaError(meta.begin + deep.start(), f"nested deeper than {MAX_DEPTH} levels")
    try:
        tomllib.loads(meta.text)
    except tomllib.TOMLDecodeError as error:
        raise _located(meta, str(error)) from None
    except RecursionError:
        raise MetaError(meta.begin, f"nested deeper than {MAX_DEPTH} levels") from None
    _scan(meta)
    return True


def _located(meta: MetaSource, message: str) -> MetaError:
    found = _PLACE.search(message)
    reason = message[: found.start()] if found else message
    offset = meta.begin + len(meta.text.rstrip())
    if found and found[1]:
        row_start = 0
        for _ in range(int(found[1]) - 1):
            row_start = meta.text.index("\n", row_start) + 1
        offset = meta.begin + row_start + int(found[2]) - 1
    return MetaError(offset, reason[:1].lower() + reason[1:])


def _scan(meta: MetaSource) -> None:
    text, begin = meta.text, meta.begin
    table: Path = ()
    arrays: dict[Path, int] = {}
    at = _after(text, 0)
    while at < len(text):
        if text[at] == "[":
            is_array = text.startswith("[[", at)
            keys, _, at = _dotted(text, at + 1 + is_array)
            table = ()
            for number, key in enumerate(keys):
                table = (*table, key)
                is_last = number == len(keys) - 1
                if is_last and is_array:
                    arrays[table] = arrays.get(table, -1) + 1
                if table in arrays:
                    table = (*table, arrays[table])
            at = _after(text, at + 1 + is_array)
            continue
        keys, (key_start, key_end), at = _dotted(text, at)
        at = _value(meta, (*table, *keys), _after(text, at + 1), begin + key_start, begin + key_end)
        at = _after(text, at)


def _after(text: str, at: int) -> int:
    match = _SKIP.match(text, at)
    assert match is not None
    return match.end()


def _dotted(text: str, at: int) -> tuple[list[str], tuple[int, int], int]:
    """The parts of a dotted key, where the last of them stands, and the offset after all."""
    keys = []
    while True:
        match = _KEY.match(text, at)
        assert match is not None, "tomllib takes what is no key"
        group = match.lastindex or 3
        key = match[group]
        keys.append(_unescape(f'"{key}"') if group == 1 else key)
        at = match.end()
        if not text.startswith(".", at):
            return keys, match.span(group), at
        at += 1


def _value(meta: MetaSource, path: Path, at: int, key_start: int, key_end: int) -> int:
    """Read one value, nested or not; the offset after it."""
    text, begin, entries = meta.text, meta.begin, meta.entries
    levels: list[_Level] = []
    while True:
        opening = text[at]
        if opening in "[{":
            levels.append(_Level(opening == "{", path, key_start, key_end, len(entries), at))
            if len(levels) > MAX_DEPTH:
                raise MetaError(begin + at, f"nested deeper than {MAX_DEPTH} levels")
            at += 1
        else:
            string = _STRING.match(text, at)
            if string is not None:
                at = string.end()
                entries.append(_string_entry(string, path, begin, key_start, key_end))
            else:
                bare = _BARE.match(text, at)
                assert bare is not None, "tomllib takes what is no value"
                entries.append(Entry(path, bare[0], begin + at, begin + bare.end(), key_start, key_end))
                at = bare.end()
            if len(entries) > MAX_ENTRIES:
                raise MetaError(begin + at, f"holds more than {MAX_ENTRIES:,} values")
        while levels:
            at = _after(text, at)
            level = levels[-1]
            if text[at] == ",":
                at = _after(text, at + 1)
            if text[at] not in "]}":
                break
            at += 1
            levels.pop()
            if len(entries) == level.first:
                entries.append(Entry(level.path, "", begin + level.start, begin + at, level.key_start, level.key_end))
        if not levels:
            return at
        level = levels[-1]
        if level.is_table:
            keys, (start, end), at = _dotted(text, at)
            path, key_start, key_end = (*level.path, *keys), begin + start, begin + end
            at = _after(text, at + 1)
        else:
            path, key_start, key_end = (*level.path, level.count), level.key_start, level.key_end
        level.count += 1


def _string_entry(string: re.Match[str], path: Path, begin: int, key_start: int, key_end: int) -> Entry:
    token = string[0]
    width = 3 if token.startswith(('"""', "'''")) else 1
    start, end = string.start() + width, string.end() - width
    value = token[width:-width]
    if width == 3:
        stripped = value.removeprefix("\r\n") if value.startswith("\r\n") else value.removeprefix("\n")
        start += len(value) - len(stripped)
    if "\\" in value or width == 3:
        value = _unescape(token)
    return Entry(path, value, begin + start, begin + end, key_start, key_end, True)


def _unescape(token: str) -> str:
    value: str = tomllib.loads(f"x = {token}")["x"]
    return value
