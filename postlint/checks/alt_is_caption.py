"""Check: an alt text that says what the caption below the image says again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.canonical import folded
from postlint.captions import without_credit
from postlint.needs import Guarded, Needs
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, count, gives
from postlint.violations import Finding, Place, Related

SHAPE = Shape(
    scope="post",
    takes={
        "min-words": count("Texts with fewer words are passed over."),
    },
    gives=gives("text"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """Values: `text`; related: the caption."""
    least = options["min-words"]

    def inspect(post: Post) -> Iterator[Finding]:
        for image in post.images:
            alt, caption = image.alt, image.caption
            if image.origin != "body" or alt is None or caption is None:
                continue
            text = folded(alt.value)
            if len(text.split()) < least or text != folded(without_credit(caption.value)):
                continue
            place = Place(post.path, post.number, caption.start, caption.end)
            yield Finding(alt.start, alt.end, {"text": alt.value.strip()}, (Related(place, "the caption"),))

    return Guarded(inspect, Needs(images=True))
