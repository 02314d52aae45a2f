"""Pages as a browser gets them: the site's own furniture stands in them, and its numbers are of all of it."""

from __future__ import annotations

import re

from postlint.lazy_pattern import lazy_pattern
from postlint.post import Post

_HTML = lazy_pattern(r"<html[\s>]", re.IGNORECASE)


def is_whole_page(post: Post) -> bool:
    """Whether a post is all of a page."""
    return post.format == "html" and _HTML.search(post.source, 0, 10_000) is not None
