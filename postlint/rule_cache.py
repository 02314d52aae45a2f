"""What the rule files say, kept in the user's cache folder: reading YAML takes longer than linting a post.

A cache and nothing else: it is used only while the files are those it was made of, by name, size, times and inode, and
the version is the same. What is missing, damaged, of another version or not to be written costs time alone.
"""

from __future__ import annotations

import marshal
import os
import sys
import time
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zlib import crc32

from postlint import __version__

Contents = Mapping[str, Mapping[str, Any]]
"""Names of rule files to what they say."""
_Key = tuple[str, str, str, tuple[tuple[str, int, int, int, int], ...]]

# A file that changes twice within one tick of its file system's clock looks the same both times.
_SETTLED_AFTER = 2 * 10**9


def key_of(folder: Path) -> _Key:
    """What a cache must have been made of to be used: every rule file of a folder, and the version."""
    with os.scandir(folder) as entries:
        found = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith(".yaml")]
    files = tuple(sorted((name, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino) for name, stat in found))
    return __version__, sys.version, str(folder), files


def read(key: _Key) -> Contents | None:
    """What the files of a key say; None where it is not known. Each call gives new objects."""
    try:
        data = _path(key).read_bytes()
    except (OSError, RuntimeError):
        return None
    # The sum is of a file that this program wrote whole; bytes that fail it are never taken apart.
    if len(data) < 4 or crc32(data[4:]) != int.from_bytes(data[:4], "big"):
        return None
    try:
        found_key, contents = marshal.loads(data[4:])
    except (ValueError, TypeError, EOFError):
        return None
    if found_key != key:
        return None
    return {name: _with_dates(said) if dated else said for name, (dated, said) in contents.items()}


def write(key: _Key, contents: Contents) -> None:
    """Keep what the files of a key say, if that is possible. The file is there whole, or as it was."""
    from tempfile import mkstemp

    newest = max((max(modified, changed) for _, _, modified, changed, _ in key[3]), default=0)
    if newest > time.time_ns() - _SETTLED_AFTER:
        return
    plain = {name: (_without_dates(said) != said, _without_dates(said)) for name, said in contents.items()}
    try:
        data = marshal.dumps((key, plain))
    except ValueError:
        # A point in time, a set: no rule has one, and where one does, all are read anew each time.
        return
    try:
        path = _path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with open(handle, "wb") as file:
                file.write(crc32(data).to_bytes(4, "big") + data)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except (OSError, RuntimeError):
        # No home, no room, no leave to write.
        return


def folder() -> Path:
    """The user's cache folder. Raises RuntimeError where the user has no home."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        return Path(base) / "postlint" / "cache" if base else Path.home() / ".cache" / "postlint"
    base = os.environ.get("XDG_CACHE_HOME", "")
    # As the standard has it, a relative path counts for nothing.
    return (Path(base) if os.path.isabs(base) else Path.home() / ".cache") / "postlint"


def _path(key: _Key) -> Path:
    return folder() / f"rules-{crc32(repr(key[1:3]).encode('utf-8', 'surrogateescape')):08x}"


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
