"""A post without any meta among posts that have it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from postlint.corpus import Corpus
from postlint.rules import Compare, Options
from postlint.violations import Finding


def bind(options: Options, as_of: date) -> Compare:
    """Posts without meta where at least `min-share` of the posts of their format, and `min-posts` of them, have it.

    With `require` every post needs it.
    """
    min_share, min_posts, require = options["min-share"], options["min-posts"], options["require"]

    def compare(corpus: Corpus) -> Iterator[Finding]:
        total = Counter(post.format for post in corpus.posts)
        having = Counter(post.format for post in corpus.posts if post.has_meta)
        for post in corpus.posts:
            expected = having[post.format] >= max(min_posts, min_share * total[post.format])
            if not post.has_meta and (require or expected):
                yield Finding(
                    start=post.start,
                    end=post.end,
                    path=post.path,
                    number=post.number,
                    values={"having": having[post.format], "posts": total[post.format]},
                )

    return compare
