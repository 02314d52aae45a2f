"""Write a date as YYYY-MM-DD, where it can mean one day alone and says no time of that day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from postlint.fixes.edit import Edit, Target, entry_at
from postlint.post import Post
from postlint.values import parse_date


def edits(post: Post, at: Target, parameters: Mapping[str, Any]) -> Sequence[Edit]:
    """The value, within its quotation marks if it has some."""
    entry = entry_at(post, at)
    if entry is None or ":" in entry.value or post.source[entry.start : entry.end] != entry.value:
        return ()
    said = parse_date(entry.value)
    if said.kind != "date" or said.ambiguous or said.first is None or said.first != said.last:
        return ()
    written = said.first.isoformat()
    return (Edit(entry.start, entry.end, written),) if written != entry.value else ()
