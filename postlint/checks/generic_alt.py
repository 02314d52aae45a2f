"""Check: an alt text that is only a generic word or the name of a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from postlint.canonical import folded
from postlint.needs import Guarded, Needs
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, gives, words
from postlint.violations import Finding

_FILE = re.compile(r"[^\s/\\]+\.(?:avif|bmp|gif|heic|jpe?g|png|svg|tiff?|webp)", re.IGNORECASE)
_NUMBER = re.compile(r" ?\d{1,3}$")
_LONGEST = 100


SHAPE = Shape(
    scope="post",
    takes={
        "words": words("Texts that say nothing."),
    },
    gives=gives(file="text", word="text"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """Values: `text`. Variants: "file", and the minor "word", which people write too."""
    words = frozenset(folded(word) for word in options["words"])

    def inspect(post: Post) -> Iterator[Finding]:
        for image in post.images:
            alt = image.alt
            if alt is None or len(alt.value) > _LONGEST:
                continue
            text = alt.value.strip()
            if not text:
                continue
            if "." in text[-5:] and _FILE.fullmatch(text):
                yield Finding(alt.start, alt.end, {"text": text}, variant="file")
            elif _NUMBER.sub("", folded(text)) in words:
                yield Finding(alt.start, alt.end, {"text": text}, variant="word", minor=True)

    return Guarded(inspect, Needs(images=True))
