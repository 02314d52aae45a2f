"""How much memory there is to be had."""

from __future__ import annotations

import re
from pathlib import Path

from postlint.errors import UserError

LEAST = 2_000
"""Bytes that the facts of a post take at least, while posts are compared: its sketch, names and a few paragraphs."""
_MEMORY = Path("/proc/meminfo")
_GROUP = Path("/sys/fs/cgroup")


def available(meminfo: Path = _MEMORY, group: Path = _GROUP) -> int | None:
    """Bytes that a process can still have without others losing theirs, swap with it; None where nothing says.

    That of the machine, or what the control group of a container allows, if that is less. Linux alone says either.
    """
    try:
        text = meminfo.read_text(encoding="ascii")
    except OSError:
        return None
    found = dict(re.findall(r"^(\w+): +(\d+) kB$", text, re.M))
    if "MemAvailable" not in found:
        return None
    free = 1024 * (int(found["MemAvailable"]) + int(found.get("SwapFree", 0)))
    allowed, used = _number(group / "memory.max"), _number(group / "memory.current")
    return free if allowed is None or used is None else min(free, max(allowed - used, 0))


def _number(file: Path) -> int | None:
    try:
        return int(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        # "max" where there is no limit.
        return None


def check_room(posts: int, free: int | None) -> None:
    """Raise a UserError where so many posts can't be compared in what is free: before hours are lost over it."""
    needed = posts * LEAST
    if free is not None and needed > free:
        raise UserError(
            f"to compare {posts:,} posts takes {needed / 1e9:.1f} GB of memory at least, and {free / 1e9:.1f} GB are"
            " free; --engine spark compares them in parts, on this machine, too"
        )
