"""Check: the images that the meta declares for the body against those the body has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from postlint.addresses import parse_address
from postlint.canonical import folded
from postlint.captions import without_credit
from postlint.meta import Entry, fold_key
from postlint.needs import Guarded, Needs, one_of
from postlint.post import Image, Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, count, gives, words
from postlint.values import parse_number
from postlint.violations import Finding

SHAPE = Shape(
    scope="post",
    takes={
        "tolerance": count("The numbers may differ by this much."),
        "body-lists": words("Keys of lists that always speak of the body."),
    },
    gives=gives(list="declared shown", number="declared shown"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """Values: `declared` and `shown`, both counts. Variants: "list" and "number"."""
    tolerance = options["tolerance"]
    of_the_body = frozenset(fold_key(key) for key in options["body-lists"])

    def inspect(post: Post) -> Iterator[Finding]:
        number = post.meta.get("image_count")
        listed = post.meta.all("images")
        if number is None and not listed:
            return
        shown = [image for image in post.images if image.origin == "body"]
        featured = 1 if post.meta.get("image") is not None else 0
        if number is not None and (post.can_hold_images or shown):
            declared = parse_number(number.value)
            if declared is not None and not len(shown) - tolerance <= declared <= len(shown) + featured + tolerance:
                values = {"declared": int(declared) if declared.is_integer() else declared, "shown": len(shown)}
                yield Finding(number.start, number.end, values, variant="number")
        if not listed or not shown:
            return
        lists: dict[str, list[Image]] = {}
        for image in post.images:
            key = _key_of(image, listed)
            if key:
                lists.setdefault(key, []).append(image)
        for key, images in lists.items():
            # Themes use `images` for social cards and `gallery` for a page of its own: unless the body shows at
            # least half of such a list, it does not speak of the body.
            if key not in of_the_body and (len(images) < 2 or 2 * _shown_of(images, shown) < len(images)):
                continue
            if not len(shown) - tolerance <= len(images) <= len(shown) + featured + tolerance:
                values = {"declared": len(images), "shown": len(shown)}
                # The key of a list of mappings has no place of its own; the first image has one in every shape.
                yield Finding(images[0].start, images[0].end, values, variant="list")

    return Guarded(inspect, Needs(fields=one_of("image_count", "images")))


def _key_of(image: Image, listed: Sequence[Entry]) -> str:
    if image.origin != "meta" or image.url is None:
        return ""
    start = image.url.start
    return next((fold_key(str(entry.path[0])) for entry in listed if entry.start == start), "")


def _shown_of(declared: list[Image], shown: list[Image]) -> int:
    names = {name for image in shown for name in _names(image)}
    return sum(1 for image in declared if not names.isdisjoint(_names(image)))


def _names(image: Image) -> Iterator[str]:
    if image.url is not None:
        yield parse_address(image.url.value).path.rpartition("/")[2]
    for text in (image.alt, image.caption):
        if text is not None and text.value.strip():
            yield folded(without_credit(text.value))
