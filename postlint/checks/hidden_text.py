"""Check: text in Unicode's tag characters, which nobody sees and programs read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.lazy_pattern import lazy_pattern
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, gives
from postlint.violations import Finding

# A flag of a region is a black flag, the letters of its code, and a tag that ends it.
_HIDDEN = lazy_pattern(
    "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f|([\U000e0000-\U000e007f]+)"
)
_BASE = 0xE0000
_PREFIX = "\U000e0000".encode()[:2]
"""How tag characters begin in UTF-8: a search for these bytes is far quicker than one for 128 characters."""


SHAPE = Shape(scope="post", gives=gives(text="text count", characters="text count"))


def bind(options: Options, as_of: date) -> Inspect:
    """Values: `text`, what is written, and `count`, the characters. Variants: "text", "characters" for no letters."""

    def inspect(post: Post) -> Iterator[Finding]:
        if post.source.isascii() or _PREFIX not in post.source.encode("utf-8", "surrogatepass"):
            return
        # This rule is shown every post, and nearly all of them end here.
        from postlint.checks.phrase import quote
        from postlint.checks.sources import is_code

        for match in _HIDDEN.finditer(post.source):
            if match[1] is None or is_code(post, match.start()):
                continue
            text = "".join(chr(ord(character) - _BASE) for character in match[1])
            text = "".join(character for character in text if character.isprintable())
            values = {"text": quote(text), "count": len(match[1])}
            yield Finding(*match.span(1), values, variant="text" if text.strip() else "characters")

    return inspect
