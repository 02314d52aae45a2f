"""What belongs to an image: the text that describes it, and the image that the meta declares for it."""

from __future__ import annotations

import re
from functools import lru_cache

from postlint.canonical import folded
from postlint.lazy_pattern import lazy_pattern
from postlint.post import Image, Post, Text

_CREDIT = lazy_pattern(r"\b(?:image|photo|picture)s? (?:source|credits?|courtesy of|by|via)\b", re.IGNORECASE)
_BEFORE_CREDIT = " \t\r\n.,;|(–—-"


@lru_cache(maxsize=4096)
def without_credit(caption: str) -> str:
    """A caption without a credit at its end: `Two cats. Image source: site.org` becomes `Two cats`."""
    match = _CREDIT.search(caption)
    return caption[: match.start()].rstrip(_BEFORE_CREDIT) if match is not None else caption


def description(image: Image) -> Text | None:
    """The text that describes an image: its alt text, or its caption where that is missing or empty."""
    if image.alt is not None and image.alt.value.strip():
        return image.alt
    return image.caption


def declared_image(post: Post, image: Image) -> Image | None:
    """The image of the meta, with an address, that an image of the body without one is; None where there is none.

    It is the one with the same caption, or the one at the same position where both lists are equally long.
    """
    declared = [other for other in post.images if other.origin == "meta" and other.url is not None]
    texts = {folded(without_credit(text.value)) for text in (image.alt, image.caption) if text is not None} - {""}
    for other in declared:
        if any(text is not None and folded(text.value) in texts for text in (other.caption, other.alt)):
            return other
    shown = [other for other in post.images if other.origin == "body"]
    return declared[shown.index(image)] if len(shown) == len(declared) else None
