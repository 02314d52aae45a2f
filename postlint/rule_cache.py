"""What the rule files say, kept in the user's cache folder: reading YAML takes longer than linting a post.

It is used only while the files are those it was made of, by name, size, times and inode, and the version is the same.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zlib import crc32

from postlint import __version__, user_cache

Contents = Mapping[str, Mapping[str, Any]]
"""Names of rule files to what they say."""
Key = tuple[str, str, str, tuple[tuple[str, int, int, int, int], ...]]


def key_of(folder: Path) -> Key:
    """What a cache must have been made of to be used: every rule file of a folder, and the version."""
    with os.scandir(folder) as entries:
        found = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith(".yaml")]
    files = tuple(sorted((name, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino) for name, stat in found))
    return __version__, sys.version, str(folder), files


def is_settled(key: Key) -> bool:
    """Whether files that change from now on will show it by their times."""
    newest = max((max(modified, changed) for _, _, modified, changed, _ in key[3]), default=0)
    return newest <= time.time_ns() - user_cache.SETTLED_AFTER


def read(key: Key) -> Contents | None:
    """What the files of a key say; None where it is not known. Each call gives new objects."""
    kept = user_cache.read(name_of("rules", key), key)
    if kept is None:
        return None
    return {name: _with_dates(said) if dated else said for name, (dated, said) in kept.items()}


def write(key: Key, contents: Contents) -> None:
    """Keep what the files of a key say, if that is possible."""
    if is_settled(key):
        plain = {name: (_without_dates(said) != said, _without_dates(said)) for name, said in contents.items()}
        user_cache.write(name_of("rules", key), key, plain)


def name_of(what: str, key: Key) -> str:
    """The name of what is kept of a folder's rules: each installation has its own."""
    return f"{what}-{crc32(repr(key[1:3]).encode('utf-8', 'surrogateescape')):08x}"


def _without_dates(value: Any) -> Any:
    """A value with its dates as tuples, which YAML has none of."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return (value.toordinal(),)
    if isinstance(value, dict):
        return {_without_dates(key): _without_dates(item) for key, item in value.items()}
    return [_without_dates(item) for item in value] if isinstance(value, list) else value


def _with_dates(value: Any) -> Any:
    if isinstance(value, tuple):
        return date.fromordinal(value[0])
    if isinstance(value, dict):
        return {_with_dates(key): _with_dates(item) for key, item in value.items()}
    return [_with_dates(item) for item in value] if isinstance(value, list) else value
