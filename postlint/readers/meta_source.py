"""What the readers of meta share: the text they read, what they found in it, and the bounds they keep."""

from __future__ import annotations

from postlint.meta import Entry
from postlint.post import Lines, Problem

MAX_SIZE = 1_000_000
"""Characters of a meta block."""
MAX_DEPTH = 100
"""Mappings and lists within each other."""
MAX_ENTRIES = 10_000
"""Values of a meta block, those of aliases counted each time."""


class MetaError(Exception):
    """A meta block can't be read: the offset in the source where it shows, and a short reason."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(reason)
        self.offset = offset
        self.reason = reason


class MetaSource:
    """A stretch of a post's source that holds meta, and the entries and problems found in it so far."""

    __slots__ = ("begin", "end", "entries", "problems", "source", "text")

    def __init__(self, source: str, begin: int, end: int) -> None:
        self.source = source
        self.begin = begin
        self.end = end
        self.text = source[begin:end]
        self.entries: list[Entry] = []
        self.problems: list[Problem] = []

    def duplicate(self, key: str, start: int, end: int, first: int) -> None:
        """Note a key that its mapping already has; `first` is where it stood."""
        row = Lines(self.source[: first + 1]).location(first).row
        self.problems.append(Problem("duplicate-key", start, end, {"key": key, "first_row": row}))

    def malformed(self, error: MetaError, language: str) -> None:
        """Note why the whole can't be read, on the row where it shows."""
        offset = min(max(error.offset, self.begin), max(self.begin, len(self.source) - 1))
        start = max(self.source.rfind("\n", 0, offset), self.source.rfind("\r", 0, offset)) + 1
        ends = [at for at in (self.source.find("\n", offset), self.source.find("\r", offset)) if at >= 0]
        end = min(ends, default=len(self.source))
        values: dict[str, object] = {"reason": error.reason, "format": language}
        self.problems.append(Problem("malformed-front-matter", start, max(start, end), values))
