"""YAML front matter to entries, from parser events: no value is converted, and nothing recurses."""

from __future__ import annotations

import re
from typing import Any

import yaml

from postlint.meta import Entry
from postlint.readers.meta_source import MAX_DEPTH, MAX_ENTRIES, MetaError, MetaSource

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PROPERTIES = re.compile(r"(?:[!&]\S*(?:\s+|\Z)){1,2}")
_BLOCK_HEADER = re.compile(r"[|>][^\r\n]*(?:\r\n|\n|\r)[ \t\r\n]*")


Key = tuple[str, int, int]
"""A key as written, and where it stands."""


class _Level:
    """An open mapping or sequence: where it stands in the path, and what has been seen in it."""

    __slots__ = ("anchor", "count", "first", "is_mapping", "key", "owner", "path", "seen", "start")

    def __init__(
        self, is_mapping: bool, path: tuple[str | int, ...], owner: Key, anchor: str | None, first: int, start: int
    ) -> None:
        self.is_mapping = is_mapping
        self.owner = owner
        self.path = path
        self.anchor = anchor
        self.first = first
        self.start = start
        self.count = 0
        self.key: Key | None = None
        self.seen: dict[str, int] = {}


def read_yaml(source: MetaSource) -> bool:
    """Fill in the entries and duplicate keys of YAML; True if its root is a mapping or there is nothing in it.

    MetaError says where and why it is no YAML, or why it is refused.
    """
    try:
        loader = _Loader(source.text)
    except yaml.reader.ReaderError as error:
        raise MetaError(source.begin + error.position, "holds a character that YAML forbids") from None
    try:
        return _read_events(loader, source)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise MetaError(source.begin + (mark.index if mark else 0), _reason(error)) from None
    except yaml.reader.ReaderError as error:
        raise MetaError(source.begin, "holds a character that YAML forbids") from error
    finally:
        loader.dispose()


def _reason(error: yaml.MarkedYAMLError) -> str:
    return (error.problem or error.context or "cannot be read").splitlines()[0].removeprefix("(").strip()


def _read_events(loader: Any, source: MetaSource) -> bool:
    # A byte order mark at the start counts for nothing in the marks.
    text = source.text.removeprefix("\ufeff")
    begin = source.begin + len(source.text) - len(text)
    entries = source.entries
    levels: list[_Level] = []
    level: _Level | None = None
    anchors: dict[str, tuple[int, int, int]] = {}
    documents = 0
    is_mapping = True
    while loader.check_event():
        event = loader.get_event()
        name = type(event)
        if name is yaml.ScalarEvent or name is yaml.AliasEvent:
            start, end = event.start_mark.index, event.end_mark.index
            is_key = level is not None and level.is_mapping and level.key is None
            if is_key:
                assert level is not None
                value = event.value if name is yaml.ScalarEvent else text[start:end]
                key_start, key_end = _inner(event, start, end, text) if name is yaml.ScalarEvent else (start, end)
                level.key = (value, begin + key_start, begin + key_end)
                if value in level.seen and value != "<<":
                    source.duplicate(value, begin + key_start, begin + key_end, level.seen[value])
                else:
                    level.seen[value] = begin + key_start
                continue
            if level is None:
                is_mapping = is_mapping and name is yaml.ScalarEvent and not event.value.strip() and start == end
                continue
            path, key = _place(level)
            if name is yaml.AliasEvent:
                if event.anchor not in anchors:
                    raise MetaError(begin + start, f"alias *{event.anchor} has no anchor")
                _copy(entries, anchors[event.anchor], path, key)
            else:
                if event.anchor:
                    anchors[event.anchor] = (len(entries), len(entries) + 1, len(path))
                inner_start, inner_end = _inner_value(event, start, end, text)
                quoted = event.style in ("'", '"')
                entries.append(Entry(path, event.value, begin + inner_start, begin + inner_end, key[1], key[2], quoted))
            if len(entries) > MAX_ENTRIES:
                raise MetaError(begin + start, f"holds more than {MAX_ENTRIES:,} values")
        elif name is yaml.MappingStartEvent or name is yaml.SequenceStartEvent:
            start = event.start_mark.index
            if level is None:
                is_mapping = is_mapping and name is yaml.MappingStartEvent
                path, key = (), ("", begin, begin)
            elif level.is_mapping and level.key is None:
                raise MetaError(begin + start, "a key is a list or a mapping")
            else:
                path, key = _place(level)
            level = _Level(name is yaml.MappingStartEvent, path, key, event.anchor, len(entries), start)
            levels.append(level)
            if len(levels) > MAX_DEPTH:
                raise MetaError(begin + start, f"nested deeper than {MAX_DEPTH} levels")
        elif name is yaml.MappingEndEvent or name is yaml.SequenceEndEvent:
            assert level is not None
            levels.pop()
            if len(entries) == level.first and level.path:
                start, end = begin + level.start, begin + event.end_mark.index
                entries.append(Entry(level.path, "", start, max(start, end), level.owner[1], level.owner[2]))
            if level.anchor:
                anchors[level.anchor] = (level.first, len(entries), len(level.path))
            level = levels[-1] if levels else None
        elif name is yaml.DocumentStartEvent:
            documents += 1
            if documents > 1:
                raise MetaError(begin + event.start_mark.index, "holds a second document")
    return is_mapping


def _place(level: _Level) -> tuple[tuple[str | int, ...], Key]:
    """The path of the next value of a level, and its nearest key."""
    if level.is_mapping:
        key = level.key
        assert key is not None
        level.key = None
        return (level.path if key[0] == "<<" else (*level.path, key[0])), key
    level.count += 1
    return (*level.path, level.count - 1), level.owner


def _copy(entries: list[Entry], span: tuple[int, int, int], path: tuple[str | int, ...], key: Key) -> None:
    """Repeat the entries of an anchor where its alias stands; their values stay where they are written."""
    first, last, depth = span
    copied = entries[first : min(last, first + MAX_ENTRIES)]
    entries.extend(
        Entry((*path, *entry.path[depth:]), entry.value, entry.start, entry.end, key[1], key[2], entry.quoted)
        for entry in copied
    )


def _inner(event: Any, start: int, end: int, text: str) -> tuple[int, int]:
    """Where a scalar stands without its quotes, tag and anchor."""
    if event.anchor or event.tag:
        properties = _PROPERTIES.match(text, start, end)
        start = properties.end() if properties is not None else start
    return (start + 1, end - 1) if event.style in ("'", '"') else (start, end)


def _inner_value(event: Any, start: int, end: int, text: str) -> tuple[int, int]:
    """Where the text of a value stands: that of a block under its header."""
    start, end = _inner(event, start, end, text)
    if event.style in ("|", ">"):
        header = _BLOCK_HEADER.search(text, start, end)
        start = end if header is None else header.end()
        end = start + len(text[start:end].rstrip())
    return start, end
