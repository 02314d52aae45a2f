"""The meta block of extracted text: keys glued to their values, lists, mappings and lists of mappings as bullets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from postlint.meta import SYNONYMS, Entry
from postlint.readers.meta_source import MAX_ENTRIES

MARKER = re.compile(r"(?:[^\s.:][^.:]{0,58}[ \t])?post meta[ \t]*\Z", re.IGNORECASE)
"""The line before a meta block: the name of the site and these two words."""

_BULLET = re.compile(r"([ \t]*)[•*\-–][ \t]+(?=\S)")
_PAIR = re.compile(r"([^\W\d_][\w \-/]{0,40}?)[ \t]*:(?:[ \t]+|\Z)")
_NUMBERED = re.compile(r"([^\W\d_][^\W\d_ \t]*(?:[ \t][^\W\d_]+){0,3})[ \t]*(?=-?\d)")

# Keys that the synonyms of the meta model do not have, because they say nothing a rule asks about.
_MORE_KEYS = (
    "ai outline", "checklist", "code language", "difficulty", "entities", "flags", "image sources", "key takeaways",
    "payload", "revision", "related posts", "score", "scores", "seo", "sources", "references", "faq",
)  # fmt: skip
_KEYS = sorted({*_MORE_KEYS, *(key for keys in SYNONYMS.values() for key in keys)}, key=lambda key: (-len(key), key))
_SHORTEST_GLUED = 4
"""A shorter key (`id`, `ref`, `url`) begins too many other words to be cut off one."""
_TEXT_LISTS = frozenset({"stack", "tools", "checklist", "notes", "tags", "categories", "keywords", "authors"})
_RECORD_LISTS = frozenset({"entities", "image sources"})
_RECORD_INDENT = 4


class Line(NamedTuple):
    """A line without its end, and where it starts."""

    text: str
    start: int


class _Item(NamedTuple):
    indent: int
    text: str
    start: int


def is_meta_line(text: str) -> bool:
    """Whether a line can open a meta block: a known key, alone, glued to its value or before a colon."""
    return _known_key(text) is not None


def read_meta_lines(lines: Sequence[Line]) -> list[Entry]:
    """The entries of the lines of a meta block."""
    entries: list[Entry] = []
    key: tuple[str, int, int] | None = None
    items: list[_Item] = []
    for line in lines:
        if len(entries) > MAX_ENTRIES:
            break
        bullet = _BULLET.match(line.text)
        if bullet is not None and key is not None:
            text = line.text[bullet.end() :].rstrip()
            items.append(_Item(len(bullet[1].expandtabs(4)), text, line.start + bullet.end()))
            continue
        if not line.text.strip():
            continue
        _add_list(entries, key, items)
        key, items = _add_line(entries, line), []
    _add_list(entries, key, items)
    return entries


def _add_line(entries: list[Entry], line: Line) -> tuple[str, int, int]:
    """The entry of a line that is no bullet; its key, should bullets follow."""
    text = line.text.rstrip()
    indent = len(text) - len(text.lstrip())
    text = text[indent:]
    start = line.start + indent
    length = _known_key(text)
    if length is None:
        pair = _PAIR.match(text) or _NUMBERED.match(text)
        length = pair.end(1) if pair else len(text)
    rest = text[length:]
    value = rest.lstrip(" \t:") if rest[:1] in " \t:" else rest
    key = (text[:length], start, start + length)
    value_start = start + len(text) - len(value)
    entries.append(Entry((key[0],), value, value_start, value_start + len(value), key[1], key[2]))
    return key


def _known_key(text: str) -> int | None:
    """The length of the longest known key that a line begins with."""
    folded = text.lower()
    for key in _KEYS:
        if not folded.startswith(key):
            continue
        rest = folded[len(key) :]
        if not rest or rest[0] in ": \t" or rest[0].isdigit() or len(key) >= _SHORTEST_GLUED:
            return len(key)
    return None


def _add_list(entries: list[Entry], key: tuple[str, int, int] | None, items: Sequence[_Item]) -> None:
    """The entries of the bullets under a key, in place of the empty one that the key alone has made."""
    if key is None or not items:
        return
    name, key_start, key_end = key
    path: tuple[str | int, ...]
    if not entries[-1].value:
        entries.pop()
    pairs = [_PAIR.match(item.text) for item in items]
    folded = name.lower()
    if folded in _TEXT_LISTS or not all(pairs):
        for number, item in enumerate(items):
            place = (item.start, item.start + len(item.text))
            entries.append(Entry((name, number), item.text, *place, key_start, key_end))
        return
    names = [pair[1] for pair in pairs if pair is not None]
    is_records = (
        folded in _RECORD_LISTS or len(set(names)) < len(names) or all(item.indent >= _RECORD_INDENT for item in items)
    )
    record = -1
    for item, pair in zip(items, pairs, strict=True):
        assert pair is not None
        if is_records and pair[1] == names[0]:
            record += 1
        path = (name, record, pair[1]) if is_records else (name, pair[1])
        value = item.text[pair.end() :]
        start = item.start + pair.end()
        key_place = (item.start, item.start + pair.end(1))
        entries.append(Entry(path, value, start, start + len(value), *key_place))
