"""The text of a JSON string, and where each of its characters stands among the escapes."""

from __future__ import annotations

import re

from postlint.post import Run
from postlint.readers.moved import OffsetMap

_ESCAPE = re.compile(r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))")
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_REPLACEMENT = "\ufffd"


def unescaped(source: str, start: int, end: int) -> tuple[str, OffsetMap]:
    """The text between the quotes of a string that is valid, and its places. Half a surrogate pair becomes U+FFFD."""
    if source.find("\\", start, end) < 0:
        return source[start:end], OffsetMap.verbatim(start, end - start)
    parts: list[str] = []
    runs: list[Run] = []
    at = start
    length = 0
    for match in _ESCAPE.finditer(source, start, end):
        first, last = match.span()
        if first > at:
            parts.append(source[at:first])
            runs.append(Run(length, at, first))
            length += first - at
        parts.append(_character(match))
        runs.append(Run(length, first, last))
        length += 1
        at = last
    if at < end:
        parts.append(source[at:end])
        runs.append(Run(length, at, end))
        length += end - at
    return "".join(parts), OffsetMap(runs, length)


def _character(escape: re.Match[str]) -> str:
    short = escape[4]
    if short is not None:
        return _SHORT.get(short, short)
    if escape[3] is not None:
        code = int(escape[3], 16)
        return _REPLACEMENT if 0xD800 <= code < 0xE000 else chr(code)
    return chr(0x10000 + ((int(escape[1], 16) - 0xD800) << 10) + int(escape[2], 16) - 0xDC00)
