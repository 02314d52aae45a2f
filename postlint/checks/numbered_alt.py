"""Check: images of one post whose descriptions differ only in a running number at their end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from postlint.canonical import folded
from postlint.captions import description, without_credit
from postlint.needs import Guarded, Needs
from postlint.post import Post, Text
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, count, gives
from postlint.violations import Finding, Place, Related

# Versions and years are information; a running number has few digits and nothing follows it.
_NUMBERED = re.compile(r"(.*[^\d.,:/-])(\d{1,3})\W*", re.DOTALL)


_IMAGE_WORDS = frozenset({
    "image", "photo", "picture", "visual", "illustration", "figure", "graphic", "screenshot", "diagram", "reference",
})  # fmt: skip


SHAPE = Shape(
    scope="post",
    takes={
        "min-images": count("Images of a series."),
        "min-words": count("Words that they share."),
        "telling-images": count("From this many on it is a series whatever it says."),
    },
    gives=gives("count", "text"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """One finding a series, at its first image. Values: `count` and the shared `text`; related: the other images."""
    least_images, least_words, telling = options["min-images"], options["min-words"], options["telling-images"]

    def inspect(post: Post) -> Iterator[Finding]:
        if len(post.images) < least_images:
            return
        series: dict[str, dict[int, Text]] = {}
        for image in post.images:
            text = description(image) if image.origin == "body" else None
            match = _NUMBERED.fullmatch(without_credit(text.value)) if text is not None else None
            if text is None or match is None:
                continue
            shared = folded(match[1])
            if shared.count(" ") + 1 >= least_words:
                series.setdefault(shared, {}).setdefault(int(match[2]), text)
        for shared, numbered in series.items():
            if len(numbered) < least_images or not _is_running(numbered):
                continue
            if len(numbered) < telling and not _is_of_the_post(shared, post):
                continue
            places = sorted((text.start, text.end) for text in numbered.values())
            related = tuple(
                Related(Place(post.path, post.number, start, end), "the same but for its number")
                for start, end in places[1:]
            )
            yield Finding(*places[0], {"count": len(numbered), "text": shared}, related)

    return Guarded(inspect, Needs(images=True))


def _is_running(numbered: dict[int, Text]) -> bool:
    """Whether the numbers count the images: from 0 or 1 on, in the order of the post, with no gap but one."""
    numbers = sorted(numbered)
    in_order = sorted(numbered, key=lambda number: numbered[number].start) == numbers
    return in_order and numbers[0] <= 1 and numbers[-1] - numbers[0] <= len(numbers)


def _is_of_the_post(shared: str, post: Post) -> bool:
    """Whether a description says what the post is about instead of what one image shows.

    Two pictures of one step have one description by right: "add the framework to the project 1" and "2".
    """
    words = shared.split()
    if not _IMAGE_WORDS.isdisjoint(words):
        return True
    title = set(folded(post.title.value).split()) if post.title is not None else set()
    return 2 * sum(1 for word in words if word in title) >= len(words)
