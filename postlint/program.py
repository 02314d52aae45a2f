"""What tells one state of this program from another, for what was made by one and is found by the next."""

from __future__ import annotations

import os
from functools import cache
from zlib import crc32

from postlint import __version__


@cache
def state() -> tuple[str, int, int]:
    """The version; when the code last changed, in nanoseconds; and a sum over the names, sizes and times of its files.

    The version alone says nothing while the code is worked on. What was installed from a wheel is told by the list of
    its files instead, and by no times, so that an index outlasts an installation: CI installs for every run.
    """
    newest = total = 0
    top = os.path.dirname(__file__)
    installed = _installed(top)
    if installed is not None:
        return __version__, 0, installed
    folders = [top]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    stat = entry.stat()
                    newest = max(newest, stat.st_mtime_ns)
                    total += crc32(f"{entry.path[len(top) :]} {stat.st_size} {stat.st_mtime_ns}".encode())
                elif entry.is_dir():
                    folders.append(entry.path)
    return __version__, newest, total


def is_installed() -> bool:
    """Whether code and rules are those of a wheel, which nobody works on."""
    return not state()[1]


def _installed(top: str) -> int | None:
    """A sum over the hashes that a wheel has of the files of the package; None where the package is of no wheel."""
    try:
        with open(os.path.join(os.path.dirname(top), f"postlint-{__version__}.dist-info", "RECORD"), "rb") as file:
            rows = sorted(
                row for row in file.read().splitlines() if row.startswith(b"postlint/") and b",sha256=" in row
            )
    except OSError:
        return None
    # An editable installation has a list, too, but not of these files.
    return crc32(b"\n".join(rows)) if any(row.startswith(b"postlint/program.py,") for row in rows) else None
