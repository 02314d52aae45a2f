"""A summary that only says the title again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from postlint.canonical import count_words, folded
from postlint.needs import Guarded, Needs, one_of
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, count, gives, percent
from postlint.violations import Finding, Place, Related

SHAPE = Shape(
    scope="post",
    takes={
        "ratio": percent("How alike they are."),
        "min-words": count("Shorter titles are passed over."),
    },
    gives=gives("key"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """`ratio`: how alike they are, in percent; titles of fewer than `min-words` words are not judged."""
    ratio, least_words = options["ratio"], options["min-words"]

    def inspect(post: Post) -> Iterator[Finding]:
        title = post.title
        if title is None:
            return
        for entry in post.meta.all("summary"):
            # Texts of very different lengths can't be that alike, and comparing costs an import.
            shorter, longer = sorted((len(entry.value), len(title.value)))
            if 100 * shorter < (ratio - 15) * longer or count_words(title.value) < least_words:
                continue
            if _likeness(folded(entry.value), folded(title.value)) >= ratio:
                related = (Related(Place(post.path, post.number, title.start, title.end), "the title"),)
                yield Finding(entry.start, entry.end, {"key": " ".join(entry.key.split())}, related)

    return Guarded(inspect, Needs(fields=one_of("summary")))


def _likeness(left: str, right: str) -> float:
    if left == right:
        return 100.0
    from rapidfuzz import fuzz

    return fuzz.ratio(left, right)
