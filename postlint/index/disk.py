"""What the files of a corpus look like on the disk: enough to tell which have changed, without reading them."""

from __future__ import annotations

import json
import os
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha1

SETTLED_AFTER = 2 * 10**9
"""Nanoseconds: what changes twice within a tick of a file system's clock looks the same both times."""
UNKNOWN = 0
"""The stamp of what has to be looked at: it is no stamp of anything."""
MISSING = 1
"""The stamp of what is not there."""
UNREADABLE = b""
"""What stands for the hash of a content that can't be read."""


def content_hash(data: bytes) -> bytes:
    """The hash that git has of a content."""
    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).digest()


def stamp(stat: os.stat_result, now: int) -> int:
    """A number that is another one when a file or folder has been changed; UNKNOWN where it may still look the same.

    `now` is in nanoseconds. What is younger than the clock's tick, or from the future, is looked at anew each time.
    """
    if max(stat.st_mtime_ns, stat.st_ctime_ns) > now - SETTLED_AFTER:
        return UNKNOWN
    # Hashes of numbers are the same in every process.
    return hash((stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino)) or 2


def stamps(paths: Iterable[str], now: int) -> array[int]:
    """The stamps of files; UNKNOWN for one that is not there."""
    found = array("q")
    stat = os.stat
    for path in paths:
        try:
            found.append(stamp(stat(path), now))
        except (OSError, ValueError):
            found.append(UNKNOWN)
    return found


@dataclass(frozen=True, slots=True)
class Watch:
    """What a corpus was found by: while all of it is as it was, the corpus consists of the same files."""

    stamps: Mapping[str, int]
    """The folders that were looked through, and the ignore files that were heeded; MISSING where there was none."""
    kinds: Mapping[str, str]
    """What the corpus is made of, and where the root of a repository would be: "file", "folder" or "nothing"."""
    links: Sequence[str] = ()
    """Those of the files that are links, as they are printed."""

    @classmethod
    def of(cls, tops: Sequence[str], folders: Sequence[str], links: Sequence[str], now: int) -> Watch:
        """A watch over the paths that a corpus is made of, and the folders that were looked through, as they are."""
        watched = list(folders)
        for folder in folders:
            ignores = os.path.join(folder, ".gitignore")
            if os.path.lexists(ignores):
                watched.append(ignores)
        roots: list[str] = []
        above = {os.path.dirname(folder) for folder in folders}.difference(folders)
        for folder in sorted(above):
            for upper in _up_to_root(folder):
                watched.append(os.path.join(upper, ".gitignore"))
                roots.append(os.path.join(upper, ".git"))
        return cls(
            {path: _stamp_or_missing(path, now) for path in dict.fromkeys(watched)},
            {path: _kind(path) for path in (*tops, *roots)},
            links,
        )

    @classmethod
    def unpack(cls, data: bytes) -> Watch:
        """A watch that was packed."""
        return cls(*json.loads(data))

    def pack(self) -> bytes:
        """The watch as a piece of an index."""
        return json.dumps([dict(self.stamps), dict(self.kinds), list(self.links)]).encode()

    def is_unchanged(self, now: int) -> bool:
        """Whether all is as it was."""
        return all(_kind(path) == kind for path, kind in self.kinds.items()) and all(
            old != UNKNOWN and _stamp_or_missing(path, now) == old for path, old in self.stamps.items()
        )


CHANGING = Watch({"": UNKNOWN}, {})
"""Of what is looked for anew each time."""


def _stamp_or_missing(path: str, now: int) -> int:
    try:
        return stamp(os.stat(path), now)
    except FileNotFoundError:
        return MISSING
    except OSError:
        return UNKNOWN


def _kind(path: str) -> str:
    if os.path.isdir(path):
        return "folder"
    return "file" if os.path.lexists(path) else "nothing"


def _up_to_root(folder: str) -> list[str]:
    """A folder and those above it, up to the root of its repository."""
    found = [folder]
    while not os.path.exists(os.path.join(folder, ".git")) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
        found.append(folder)
    return found
