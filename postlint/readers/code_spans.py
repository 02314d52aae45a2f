"""Where code stands in Markdown, told without parsing it: fenced blocks, and backticks within a line."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from postlint.lazy_pattern import lazy_pattern

_FENCE = lazy_pattern(r"(`{3,}|~{3,})([^\r\n]*)")
# Alone these are found in half the time in which `str.find` finds them, together in ten times that.
_TICKS = lazy_pattern("```")
_TILDES = lazy_pattern("~~~")
_BEFORE_FENCE = lazy_pattern(r"(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*\Z")
_LOOK_BACK = 200
_BACKTICKS = lazy_pattern(r"`+")
_LINE_END = lazy_pattern(r"[\r\n]|\Z")


class CodeSpans:
    """The code of a source from `base` on."""

    def __init__(self, source: str, base: int) -> None:
        self._source = source
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._line = (-1, -1)
        self._inline: list[tuple[int, int]] = []
        # It knows the source and not these spans: two that hold each other stay until somebody looks for cycles.
        self._unread: Iterator[re.Match[str]] | None = _fences(source, base)
        self._fence = ""

    def holds(self, offset: int) -> bool:
        """Whether an offset stands in code."""
        if self._unread is not None:
            self._find_fences(self._unread, offset)
        number = bisect_right(self._starts, offset) - 1
        if number >= 0 and (number == len(self._ends) or offset < self._ends[number]):
            return True
        if not self._line[0] <= offset < self._line[1]:
            self._read_line(offset)
        number = bisect_right(self._inline, (offset, len(self._source))) - 1
        return number >= 0 and offset < self._inline[number][1]

    def _find_fences(self, unread: Iterator[re.Match[str]], offset: int) -> None:
        """Read on to the first fence after an offset. A block without an end has the rest of the source."""
        for match in unread:
            start = match.start()
            if not self._fence:
                if self._opens_line(start) and not (match[1][0] == "`" and "`" in match[2]):
                    self._fence = match[1]
                    self._starts.append(start)
            elif match[1].startswith(self._fence) and not match[2].strip() and self._opens_line(start):
                self._ends.append(match.end())
                self._fence = ""
            if start > offset:
                return
        self._unread = None

    def _opens_line(self, offset: int) -> bool:
        """Whether only indentation and the marks of lists and quotations stand before an offset in its line."""
        if self._source[offset - 1 : offset] in ("", "\n", "\r"):
            return True
        before = self._source[max(0, offset - _LOOK_BACK) : offset]
        line = before[max(before.rfind("\n"), before.rfind("\r")) + 1 :]
        return len(line) < _LOOK_BACK and _BEFORE_FENCE.match(line) is not None

    def _read_line(self, offset: int) -> None:
        """Pair the runs of backticks of the line that holds an offset: each with the next as long."""
        source = self._source
        start = max(source.rfind("\n", 0, offset), source.rfind("\r", 0, offset)) + 1
        ending = _LINE_END.search(source, offset)
        end = ending.end() if ending is not None else len(source)
        self._line = (start, max(end, offset + 1))
        self._inline = []
        runs = [match.span() for match in _BACKTICKS.finditer(source, start, end)] if "`" in source[start:end] else []
        following: dict[int, int] = {}
        partner = [-1] * len(runs)
        for number in range(len(runs) - 1, -1, -1):
            length = runs[number][1] - runs[number][0]
            partner[number] = following.get(length, -1)
            following[length] = number
        number = 0
        while number < len(runs):
            other = partner[number]
            if other >= 0:
                self._inline.append((runs[number][0], runs[other][1]))
                number = other
            number += 1


def _fences(source: str, base: int) -> Iterator[re.Match[str]]:
    """Whatever could be a fence."""
    # Most posts hold no tilde.
    ticks, tildes = _first(_TICKS, source, base), _first(_TILDES, source, base) if "~" in source else -1
    while ticks >= 0 or tildes >= 0:
        at = min(ticks, tildes) if ticks >= 0 and tildes >= 0 else max(ticks, tildes)
        match = _FENCE.match(source, at)
        assert match is not None
        yield match
        at = match.end(1)
        if 0 <= ticks < at:
            ticks = _first(_TICKS, source, at)
        if 0 <= tildes < at:
            tildes = _first(_TILDES, source, at)


def _first(pattern: re.Pattern[str], source: str, at: int) -> int:
    found = pattern.search(source, at)
    return -1 if found is None else found.start()
