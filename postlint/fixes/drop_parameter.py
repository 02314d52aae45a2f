"""Take a parameter out of an address: the one that a violation quotes, and the sign that parts it from the others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from postlint.fixes.edit import Edit, Target
from postlint.post import Post

_SIGN = r"&(?:amp;|#38;|#x26;)?|;"
_BEFORE = re.compile(rf"(?:\?|{_SIGN})\Z", re.IGNORECASE)
_AFTER = re.compile(rf"(?P<sign>{_SIGN})|(?![^\s#)\]>\"'|])", re.IGNORECASE)


def edits(post: Post, at: Target, parameters: Mapping[str, Any]) -> Sequence[Edit]:
    """The parameter and one sign; nothing where it is none, or stands at the place more than once."""
    source, text = post.source, at.data.get("text")
    if not isinstance(text, str) or source.count(text, at.start, at.end) != 1:
        return ()
    start = source.index(text, at.start, at.end)
    end = start + len(text)
    before = _BEFORE.search(source, max(0, start - 6), start)
    after = _AFTER.match(source, end)
    if before is None or after is None:
        return ()
    if before[0] == "?" and after["sign"]:
        return (Edit(start, after.end(), ""),)
    return (Edit(before.start(), end, ""),)
