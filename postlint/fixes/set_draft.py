"""Keep a post back: its status becomes draft if it says that the post is public, else `draft: true` is set."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from postlint.fixes.edit import Edit, Target, row_of
from postlint.meta import Entry
from postlint.post import Post
from postlint.values import parse_flag, parse_state

_PUBLIC = ("published", "reviewed", "scheduled")


def edits(post: Post, at: Target, parameters: Mapping[str, Any]) -> Sequence[Edit]:
    """One value, or one new row of the front matter; nothing where the post is a draft, or has no front matter."""
    status, draft = post.meta.get("status"), post.meta.get("draft")
    state = parse_state(status.value) if status is not None else None
    if state == "draft" or (draft is not None and parse_flag(draft.value) is True):
        return ()
    if status is not None and state in _PUBLIC:
        return _written(post, status, "draft")
    if draft is not None:
        return _written(post, draft, "true")
    return _new_row(post)


def _written(post: Post, entry: Entry, value: str) -> Sequence[Edit]:
    if post.source[entry.start : entry.end] != entry.value or not entry.value:
        return ()
    return (Edit(entry.start, entry.end, value),)


def _new_row(post: Post) -> Sequence[Edit]:
    """A row above the first key of YAML or TOML that is one of the post itself."""
    block, source = post.meta.block, post.source
    top = next((entry for entry in post.meta if len(entry.path) == 1), None)
    if block is None or top is None or not source.startswith(("---", "+++"), block[0]):
        return ()
    first, _ = row_of(source, top.key_start, top.key_end)
    line_end = re.search(r"\r\n|\n|\r", source[block[0] :])
    sign = source[top.key_end : top.start].strip(" \t'\"")
    if line_end is None or source[first : top.key_start].strip("'\"") or sign not in (":", "="):
        return ()
    row = "draft: true" if sign == ":" else "draft = true"
    return (Edit(first, first, f"{row}{line_end[0]}"),)
