"""Remove what a chat has left in a text, and no more of the space around it than would be left over.

`only` are patterns: what is removed is a match of one of them that covers the place of the violation; where none does,
nothing is. Nothing is, either, where the text around would come to mean something else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from postlint.fixes.edit import Edit, Target, row_of
from postlint.post import Post

_AROUND = 700
"""Characters before and after a place within which a match may stand."""
_OPENS = re.compile(r"[ \t]*(?:[#>+*=|<\[~`:_{-]|[0-9]{1,9}[.)])| {4}|\t")
"""What at the start of a row may open a block, or make a heading of the row above."""
_MARKERS = re.compile(r"[ \t]*(?:(?:[>*+#-]{1,6}|[0-9]{1,9}[.)])[ \t]*)*")
"""What a row of a quote, a list or a heading begins with."""
_CLOSERS = frozenset(".,;:!?)]}\"'’”»…")
_OPENERS = frozenset("([{\"'‘“«—–-/|")
_PLAIN_VALUE = re.compile(r"[^\W\d_][^#:]*[^\W_][^#:]*")


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def edits(post: Post, at: Target, parameters: Mapping[str, Any]) -> Sequence[Edit]:
    """The stretch that is removed."""
    found = _covering(post.source, at, parameters.get("only", ()))
    if found is None:
        return ()
    block = post.meta.block
    is_in_meta = block is not None and found[0] < block[1]
    edit = _in_meta(post, *found) if is_in_meta else _in_body(post.source, *found)
    return (edit,) if edit is not None else ()


def _covering(source: str, at: Target, patterns: Sequence[str]) -> tuple[int, int] | None:
    first, last = max(0, at.start - _AROUND), min(len(source), at.end + _AROUND)
    for pattern in patterns:
        for match in _compiled(pattern).finditer(source, first, last):
            if match.start() <= at.start and at.end <= match.end():
                return match.span()
    return None


def _in_body(source: str, start: int, end: int) -> Edit | None:
    first, last = row_of(source, start, end)
    if source[first:start].endswith("(") and source[end:last].startswith(")") and source[start - 2 : start - 1] != "]":
        start, end = start - 1, end + 1
    before, after = source[first:start], source[end:last]
    is_label = source[end - 1] == "]" and after.startswith(("(", "["))
    is_all_of_it = before.endswith(("](", "[")) or (before.rstrip().endswith("[") and after.startswith("]"))
    if is_label or is_all_of_it or before.endswith(("`", "\\")) or after.startswith("`"):
        # It is the text or the address of something, which would be something else without it.
        return None
    if not before.strip() and not after.strip():
        # A row that was left empty would part two paragraphs.
        return Edit(first, last, "") if not _OPENS.match(source, last) else None
    if _MARKERS.fullmatch(before):
        rest = after.lstrip(" \t")
        return Edit(start, last - len(rest), "") if rest.strip() and not _OPENS.match(rest) else None
    if not after.strip():
        kept = before.rstrip(" \t")
        return Edit(first + len(kept), end, "") if not kept.endswith("\\") else None
    return _in_mid_row(before, after, start, end)


def _in_mid_row(before: str, after: str, start: int, end: int) -> Edit:
    spaces = len(before) - len(before.rstrip(" \t"))
    if spaces and (after[0] in " \t" or after[0] in _CLOSERS):
        return Edit(start - spaces, end, "")
    parts_words = not spaces and before[-1] not in _OPENERS and after[0].isascii() and after[0].isalnum()
    return Edit(start, end, " " if parts_words and before[-1].isascii() else "")


def _in_meta(post: Post, start: int, end: int) -> Edit | None:
    """In a value of the meta, as long as enough is left to be a text."""
    entry = next((entry for entry in post.meta if entry.start <= start and end <= entry.end), None)
    if entry is None or post.source[entry.start : entry.end] != entry.value or "\n" in entry.value:
        return None
    before, after = post.source[entry.start : start], post.source[end : entry.end]
    if not before.strip():
        edit = Edit(entry.start, entry.end - len(after.lstrip()), "")
    elif not after.strip():
        edit = Edit(entry.start + len(before.rstrip()), entry.end, "")
    else:
        edit = _in_mid_row(before, after, start, end)
    left = post.source[entry.start : edit.start] + edit.text + post.source[edit.end : entry.end]
    return edit if (left if entry.quoted else _PLAIN_VALUE.fullmatch(left)) else None
