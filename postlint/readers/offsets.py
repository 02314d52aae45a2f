"""UTF-8 byte offsets to code points: what a parser written in another language counts, and what a Post counts."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence

_WIDTHS = re.compile("([\x00-\x7f]+)|([\x80-\u07ff]+)|([\u0800-\uffff]+)|([\U00010000-\U0010ffff]+)")


def code_points(text: str, base: int) -> Sequence[int]:
    """For each byte offset of a text's UTF-8 form, and one past its end: the code point offset, plus `base`.

    An offset within a character gives that character.
    """
    if text.isascii():
        return range(base, base + len(text) + 1)
    table = array("I")
    for match in _WIDTHS.finditer(text):
        start, end = match.start() + base, match.end() + base
        width = match.lastindex or 1
        if width == 1:
            table.extend(range(start, end))
        else:
            table.extend([offset for offset in range(start, end) for _ in range(width)])
    table.append(base + len(text))
    return table
