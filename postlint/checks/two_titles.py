"""A body whose own title is not that of the meta."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.canonical import folded
from postlint.needs import Guarded, Needs, one_of
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, gives
from postlint.violations import Finding, Place, Related

_TEMPLATE = ("{{", "{%", "{$")


SHAPE = Shape(
    scope="post",
    gives=gives("title"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """The one heading of level 1, if no other heading stands before it, against the title that the meta gives.

    Where one has all the words of the other, in their order, they are one title: sites add their name, and headings an
    icon. A body with several such headings uses them for its sections.
    """

    def inspect(post: Post) -> Iterator[Finding]:
        title = post.title
        headings = list(post.of_kind("heading"))
        if title is None or not headings:
            return
        heading = headings[0]
        if heading.level != 1 or sum(other.level == 1 for other in headings) > 1:
            return
        if any(mark in text for mark in _TEMPLATE for text in (title.value, heading.text)):
            return
        one, other = folded(title.value), folded(heading.text)
        if one and other and not (_holds(one, other) or _holds(other, one)):
            related = (Related(Place(post.path, post.number, title.start, title.end), "the title"),)
            yield Finding(heading.start, heading.end, {"title": " ".join(title.value.split())}, related)

    return Guarded(inspect, Needs(fields=one_of("title")))


def _holds(text: str, words: str) -> bool:
    return f" {words} " in f" {text} "
