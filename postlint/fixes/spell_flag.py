"""Write a flag as true or false. Quotation marks around it go, too: between them it would be a text (not in HTML)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from postlint.fixes.edit import Edit, Target, entry_at
from postlint.post import Post
from postlint.values import parse_flag


def edits(post: Post, at: Target, parameters: Mapping[str, Any]) -> Sequence[Edit]:
    """The value, with its quotation marks."""
    entry = entry_at(post, at)
    means = parse_flag(entry.value) if entry is not None else None
    if entry is None or means is None or post.source[entry.start : entry.end] != entry.value:
        return ()
    start, end = entry.start, entry.end
    if entry.quoted and post.format != "html":
        mark = post.source[start - 1 : start]
        if mark not in ('"', "'") or post.source[end : end + 1] != mark:
            return ()
        start, end = start - 1, end + 1
    return (Edit(start, end, "true" if means else "false"),)
