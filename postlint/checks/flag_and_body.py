"""A flag of the meta (has images, code, video) that the body contradicts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from postlint.needs import Guarded, Needs, one_of
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, gives
from postlint.values import parse_flag
from postlint.violations import Finding, Place, Related

# What may become an image, code or video on the page though a reader of the source can't tell: components, shortcodes.
_OPAQUE = re.compile(r"<[A-Z]|\{\{|\{%|<(?:img|picture|figure|svg|object|embed|iframe|pre|code|video)\b|\[[a-z_-]+ ")
_VIDEO = re.compile(
    r"<video\b|<iframe\b[^>]{0,300}?(?:youtube|youtu\.be|vimeo|wistia|dailymotion)|\{[{%][<%]?\s*(?:youtube|vimeo)\b",
    re.IGNORECASE,
)
_MAY_BE_VIDEO = re.compile(r"video|youtu|vimeo|wistia|loom|\.mp4|\.webm|\.mov", re.IGNORECASE)


SHAPE = Shape(
    scope="post",
    gives=gives(set_to_no="key value", set_to_yes="key value"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """Judges only what the format can show: text that was extracted may have lost its images and code marks."""
    flags = (("has_images", _image), ("has_code", _code), ("has_video", _video))

    def inspect(post: Post) -> Iterator[Finding]:
        for field, look in flags:
            for entry in post.meta.all(field):
                flag = parse_flag(entry.value)
                if flag is None:
                    continue
                place, may_be = look(post)
                values = {"key": " ".join(entry.key.split()), "value": entry.value}
                if not flag and place is not None:
                    related = (Related(Place(post.path, post.number, *place), "here"),)
                    yield Finding(entry.start, entry.end, values, related, "set-to-no")
                elif flag and place is None and not may_be:
                    yield Finding(entry.start, entry.end, values, variant="set-to-yes")

    return Guarded(inspect, Needs(fields=one_of(*(field for field, _ in flags))))


_Look = tuple[tuple[int, int] | None, bool]
"""Where the thing stands, if it certainly does, and whether it may be there all the same."""


def _body(post: Post) -> tuple[str, int]:
    start = post.meta.block[1] if post.meta.block is not None and post.can_hold_images else 0
    return post.source[start:], start


def _image(post: Post) -> _Look:
    for image in post.images:
        if image.origin == "body":
            return (image.start, image.end), True
    may_be = not post.can_hold_images or bool(post.images) or bool(_OPAQUE.search(_body(post)[0]))
    return None, may_be


def _code(post: Post) -> _Look:
    if not post.can_hold_images:
        return None, True
    for block in post.of_kind("code"):
        return (block.start, block.end), True
    return None, any(block.code for block in post.blocks) or bool(_OPAQUE.search(_body(post)[0]))


def _video(post: Post) -> _Look:
    if not post.can_hold_images:
        return None, True
    body, offset = _body(post)
    for match in _VIDEO.finditer(body):
        start, end = match.start() + offset, match.end() + offset
        if not any(block.start <= start < block.end and (block.kind == "code" or block.code) for block in post.blocks):
            return (start, end), True
    return None, bool(_MAY_BE_VIDEO.search(body) or _OPAQUE.search(body))
