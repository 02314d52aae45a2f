"""Write the count that was found in the place of the one that the meta declares.

`value` names the value of the violation that has the count. Only the digits change: `5 min read` becomes `4 min read`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from postlint.fixes.edit import Edit, Target, entry_at
from postlint.post import Post
from postlint.values import parse_minutes, parse_number

_DIGITS = re.compile(r"[-+]?[0-9](?:[0-9]|[.,_' \u00a0\u202f\u2009](?=[0-9]))*")


def edits(post: Post, at: Target, parameters: Mapping[str, Any]) -> Sequence[Edit]:
    """The digits of the value, if they are all it says of a number and mean the count when they are written."""
    entry, count = entry_at(post, at), at.data.get(parameters.get("value", ""))
    if entry is None or not isinstance(count, int) or post.source[entry.start : entry.end] != entry.value:
        return ()
    found = list(_DIGITS.finditer(entry.value))
    if len(found) != 1:
        return ()
    start, end = found[0].span()
    written = f"{entry.value[:start]}{count}{entry.value[end:]}"
    if entry.field == "reading_time":
        means = parse_minutes(written) == (count, count)
    else:
        means = parse_number(written) == count
    return (Edit(entry.start + start, entry.start + end, str(count)),) if means else ()
