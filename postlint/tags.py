"""The attributes of the HTML tag of an image, where the image is a tag."""

from __future__ import annotations

import re

from postlint.lazy_pattern import lazy_pattern
from postlint.post import Image, Post

# No two parts of it can match the same character, so it is linear on whatever stands in a tag.
_ATTRIBUTE = lazy_pattern(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
_TAG = lazy_pattern(r"<(?:img|amp-img)(?=[\s/>])", re.IGNORECASE)


def attributes(post: Post, image: Image) -> dict[str, str] | None:
    """The attributes of an image's tag by lower-case name, "" where one has no value; None where it is no tag."""
    tag = _TAG.match(post.source, image.start, image.end)
    if tag is None:
        return None
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(post.source, tag.end(), image.end):
        found.setdefault(match[1].lower(), match[2] or match[3] or match[4] or "")
    return found
