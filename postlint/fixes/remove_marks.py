"""Remove characters that nobody sees, where that is all they are: not next to what may be mark-up.

`within-words` says that they may go between two letters, too: there some of them allow a line to break.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from postlint.fixes.edit import Edit, Target
from postlint.post import Post

_BEFORE = re.compile(r"[^\W_]|[ .,;!?)\"'’”]")
_AFTER = re.compile(r"[^\W_]|[ .,;!?\"'‘“\r\n]")
_FIRST = re.compile(r"[^\W\d_]")


def edits(post: Post, at: Target, parameters: Mapping[str, Any]) -> Sequence[Edit]:
    """The characters themselves."""
    source = post.source
    before, after = source[at.start - 1 : at.start], source[at.end : at.end + 1]
    if before in ("", "\n", "\r"):
        # What comes first in a row may open a block.
        certain = _FIRST.match(after) is not None
    else:
        certain = _BEFORE.match(before) is not None and (not after or _AFTER.match(after) is not None)
    if _begins_plain_value(post, at):
        # A quotation mark after it would be one of the front matter.
        certain = _FIRST.match(after) is not None
    in_word = before.isalnum() and after.isalnum()
    if in_word and not parameters.get("within-words", False):
        certain = False
    # Two spaces and the end of a row are a line break, and so are many of them one space.
    if before == " " and after in (" ", "\r", "\n", ""):
        certain = False
    return (Edit(at.start, at.end, ""),) if certain else ()


def _begins_plain_value(post: Post, at: Target) -> bool:
    return any(entry.start == at.start and not entry.quoted for entry in post.meta)
