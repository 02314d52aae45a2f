"""Sentences that are all about as long as each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from statistics import fmean, pstdev

from postlint.canonical import count_words, sentences
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, count, gives, number
from postlint.violations import Finding

SHAPE = Shape(
    scope="post",
    takes={
        "min-sentences": count("Fewer sentences are not judged."),
        "cv": number("Below this coefficient of variation they are alike."),
    },
    gives=gives("sentences", "mean", "cv"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """At least `min-sentences` in paragraphs, whose lengths in words vary by less than the coefficient `cv`."""
    least, limit = options["min-sentences"], options["cv"]

    def inspect(post: Post) -> Iterator[Finding]:
        lengths = [
            count_words(block.text[start:end])
            for block in post.of_kind("paragraph")
            for start, end in sentences(block.text)
        ]
        if len(lengths) < max(least, 1):
            return
        mean = fmean(lengths)
        variation = pstdev(lengths) / mean
        if variation < limit:
            start, end = post.anchor
            yield Finding(start, end, {"sentences": len(lengths), "mean": round(mean, 1), "cv": round(variation, 2)})

    return inspect
