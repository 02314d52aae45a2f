"""Where each character of a JSON string stands among the escapes."""

from __future__ import annotations

import re

from postlint.readers.moved import OffsetMap

_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)")


def places_of(source: str, start: int, end: int) -> OffsetMap:
    """The places of what stands between the quotes of a string that is valid; an escape gives one character."""
    if source.find("\\", start, end) < 0:
        return OffsetMap.verbatim(start, end - start)
    starts: list[int] = []
    sources: list[int] = []
    ends: list[int] = []
    # How much longer what was written so far is than what it means.
    surplus = at = start
    for match in _ESCAPE.finditer(source, start, end):
        first, last = match.span()
        if first > at:
            starts.append(at - surplus)
            sources.append(at)
            ends.append(first)
        starts.append(first - surplus)
        sources.append(first)
        ends.append(last)
        surplus += last - first - 1
        at = last
    if at < end:
        starts.append(at - surplus)
        sources.append(at)
        ends.append(end)
    return OffsetMap.of(starts, sources, ends, end - surplus)
