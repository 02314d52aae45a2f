"""The YAML of most front matter, read by rows: `key: value` and lists of values. Whatever else is refused."""

from __future__ import annotations

import re

from postlint.lazy_pattern import lazy_pattern
from postlint.meta import Entry
from postlint.readers.meta_source import MetaSource

LONGEST = 20_000
"""Characters of a block that is read by rows."""

_DOUBLE = r"\"([^\"\\\r\n]*)\""
_SINGLE = r"'([^'\r\n]*)'"
_PLAIN = r"([^\-?:,\[\]{}#&*!|>'\"%@`\\ \r\n][^\r\n]*)"
_FLOW = r"\[([^\[\]{}\r\n]*)\]"
_ROW = lazy_pattern(
    rf"(?:([A-Za-z_][A-Za-z0-9_\-]{{0,99}}):(?: +(?:{_DOUBLE}|{_SINGLE}|{_FLOW}|{_PLAIN})?)?"
    rf"|( *)- +(?:{_DOUBLE}|{_SINGLE}|{_PLAIN})) *(?:\r\n|\n|\Z)"
)
_WORD = r"[A-Za-z0-9][A-Za-z0-9_.+\-]*"
_FLOW_ITEM = lazy_pattern(rf" *(?:{_DOUBLE}|{_SINGLE}|({_WORD}(?: {_WORD})*)) *(?:,|\Z)")


def read_plain_yaml(meta: MetaSource) -> bool:
    """Fill in the entries of a block that is plain enough; False, and nothing filled in, if it is not."""
    text, begin = meta.text, meta.begin
    # All that Python calls printable YAML does, too; of the rest it knows line ends and tabs, or nothing.
    if len(text) > LONGEST or not text.replace("\r\n", "").replace("\n", "").isprintable():
        return False
    entries: list[Entry] = []
    keys: set[str] = set()
    key = ""
    key_start = key_end = at = 0
    # Of the list that is open its indentation, and how many items it has; None where the last key has a value.
    indent: int | None = None
    count = 0
    size = len(text)
    while at < size:
        row = _ROW.match(text, at)
        if row is None:
            return False
        at = row.end()
        group = row.lastindex or 1
        if group > 6:
            if indent is None or (count and len(row[6]) != indent):
                return False
            indent = len(row[6])
            path: tuple[str | int, ...] = (key, count)
            count += 1
        else:
            if indent is not None and not count:
                entries.append(Entry((key,), "", key_end + 1, key_end + 1, key_start, key_end))
            key = row[1]
            if key in keys:
                return False
            keys.add(key)
            key_start, key_end = begin + row.start(1), begin + row.end(1)
            path = (key,)
            count = 0
            if group == 1:
                indent = 0
                continue
            indent = None
            if group == 4:
                if not _read_flow(row, begin, key, key_start, key_end, entries):
                    return False
                continue
        value = row[group]
        start = begin + row.start(group)
        is_plain = group == 5 or group == 9
        if is_plain:
            value = value.rstrip(" ")
            if ": " in value or " #" in value or value[-1] == ":":
                return False
        entries.append(Entry(path, value, start, start + len(value), key_start, key_end, not is_plain))
    if indent is not None and not count:
        entries.append(Entry((key,), "", key_end + 1, key_end + 1, key_start, key_end))
    if not entries:
        return False
    meta.entries.extend(entries)
    return True


def _read_flow(row: re.Match[str], begin: int, key: str, key_start: int, key_end: int, entries: list[Entry]) -> bool:
    """The items of a list in brackets."""
    items = row[4]
    base = begin + row.start(4)
    if not items.strip(" "):
        entries.append(Entry((key,), "", base - 1, base + len(items) + 1, key_start, key_end))
        return True
    at = number = 0
    while at < len(items):
        item = _FLOW_ITEM.match(items, at)
        if item is None:
            return False
        group = item.lastindex or 1
        start, end = item.span(group)
        entries.append(Entry((key, number), item[group], base + start, base + end, key_start, key_end, group < 3))
        at = item.end()
        number += 1
    return True
