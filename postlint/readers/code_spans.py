"""Where code stands in Markdown, told without parsing it: fenced blocks, and backticks within a line."""

from __future__ import annotations

import re
from bisect import bisect_right

_FENCE = re.compile(r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})([^\r\n]*)", re.MULTILINE)
_BACKTICKS = re.compile(r"`+")
_LINE_END = re.compile(r"[\r\n]|\Z")


class CodeSpans:
    """The code of a source from `base` on."""

    def __init__(self, source: str, base: int) -> None:
        self._source = source
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._line = (-1, -1)
        self._inline: list[tuple[int, int]] = []
        if "```" in source or "~~~" in source:
            self._find_fences(base)

    def holds(self, offset: int) -> bool:
        """Whether an offset stands in code."""
        number = bisect_right(self._starts, offset) - 1
        if number >= 0 and offset < self._ends[number]:
            return True
        if not self._line[0] <= offset < self._line[1]:
            self._read_line(offset)
        number = bisect_right(self._inline, (offset, len(self._source))) - 1
        return number >= 0 and offset < self._inline[number][1]

    def _find_fences(self, base: int) -> None:
        fence = ""
        for match in _FENCE.finditer(self._source, base):
            if not fence:
                if match[1][0] == "`" and "`" in match[2]:
                    continue
                fence = match[1]
                self._starts.append(match.start())
            elif match[1].startswith(fence) and not match[2].strip():
                self._ends.append(match.end())
                fence = ""
        if fence:
            self._ends.append(len(self._source))

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
