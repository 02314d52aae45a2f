"""A post without any meta among posts that have it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import numpy as np

from postlint.corpus import Corpus
from postlint.rules import Compare, Options
from postlint.shapes import Shape, count, gives, optional, share, switch
from postlint.violations import Finding

SHAPE = Shape(
    scope="corpus",
    takes={
        "min-share": share("Share of the posts of a format that have meta."),
        "min-posts": count("Posts of a format that have meta."),
        "require": optional(switch("Whether every post needs it."), False),
    },
    gives=gives("having", "posts"),
)


def bind(options: Options, as_of: date) -> Compare:
    """Posts without meta where at least `min-share` of the posts of their format, and `min-posts` of them, have it.

    With `require` every post needs it. Of other posts nothing counts but two numbers a format: how many posts there are
    of it, and how many of them have meta.
    """
    min_share, min_posts, require = options["min-share"], options["min-posts"], options["require"]

    def compare(corpus: Corpus) -> Iterator[Finding]:
        posts = corpus.posts
        total = Counter(posts.format)
        having = Counter(name for name, has_meta in zip(posts.format, posts.has_meta.tolist(), strict=True) if has_meta)
        for post in np.flatnonzero(~posts.has_meta).tolist():
            name = posts.format[post]
            if require or having[name] >= max(min_posts, min_share * total[name]):
                place = corpus.anchor(post)
                yield Finding.at(
                    place,
                    values={"having": having[name], "posts": total[name]},
                )

    return compare
