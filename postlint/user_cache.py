"""What one run keeps for the next in the user's cache folder: plain values, each in a file of its own.

A cache and nothing else: what is missing, damaged, made of something else or not to be written costs time alone.
"""

from __future__ import annotations

import marshal
import os
import sys
from pathlib import Path
from typing import Any
from zlib import crc32

SETTLED_AFTER = 2 * 10**9
"""Nanoseconds: a file that changes twice within a tick of its file system's clock looks the same both times."""


def read(name: str, key: Any) -> Any:
    """What was kept under a name, if it was made of the key; else None. Each call gives new objects."""
    try:
        with open(_path(name), "rb") as file:
            data = file.read()
    except (OSError, RuntimeError):
        return None
    # The sum is of a file that this program wrote whole; bytes that fail it are never taken apart.
    if len(data) < 4 or crc32(data[4:]) != int.from_bytes(data[:4], "big"):
        return None
    try:
        found_key, value = marshal.loads(data[4:])
    except (ValueError, TypeError, EOFError):
        return None
    return value if found_key == key else None


def write(name: str, key: Any, value: Any) -> None:
    """Keep a value, if that is possible. The file is there whole, or as it was."""
    from tempfile import mkstemp

    try:
        data = marshal.dumps((key, value))
    except ValueError:
        # A point in time, a set of one's own: then it is made anew each time.
        return
    try:
        path = _path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        handle, temporary = mkstemp(prefix=f".{name}.", dir=os.path.dirname(path))
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


def _path(name: str) -> str:
    return os.path.join(folder(), name)
