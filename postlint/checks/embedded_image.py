"""Check: an image inside its own address: large ones, and one-pixel stand-ins that no script replaces."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from datetime import date

from postlint.needs import Guarded, Needs
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, count, gives
from postlint.tags import attributes
from postlint.violations import Finding

_LAZY = ("data-src", "data-lazy", "data-lazy-src", "data-original", "data-srcset", "srcset", "data-orig-file")


SHAPE = Shape(
    scope="post",
    takes={
        "max-bytes": count("Larger ones are reported."),
    },
    gives=gives(large="size", stub="size"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """Values: `size` in bytes. Variants: "large" and "stub"."""
    most = options["max-bytes"]

    def inspect(post: Post) -> Iterator[Finding]:
        for image in post.images:
            if image.url is None or image.url.value[:5].lower() != "data:":
                continue
            head, _, data = image.url.value.partition(",")
            encoded = head.lower().endswith(";base64")
            size = len(data.rstrip("=")) * 3 // 4 if encoded else len(data)
            if size > most:
                yield Finding(image.url.start, image.url.end, {"size": size}, variant="large")
            elif encoded and _is_one_pixel(data):
                tag = attributes(post, image) or {}
                if not any(name in tag for name in _LAZY):
                    yield Finding(image.url.start, image.url.end, {"size": size}, variant="stub")

    return Guarded(inspect, Needs(images=True))


def _is_one_pixel(data: str) -> bool:
    try:
        head = base64.b64decode(data[:44], validate=True)
    except (binascii.Error, ValueError):
        return False
    if head.startswith(b"GIF8"):
        return head[6:10] == b"\x01\x00\x01\x00"
    return head.startswith(b"\x89PNG") and head[16:24] == b"\x00\x00\x00\x01\x00\x00\x00\x01"
