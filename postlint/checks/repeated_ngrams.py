"""Runs of the same words again and again in one post: n-gram shares over the limits of Gopher's repetition filter."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date

from postlint.post import Post
from postlint.repetition import (
    duplicate_ngrams,
    duplicate_ngrams_bound,
    excerpt,
    frequent_words,
    prose,
    repeated_ngrams,
    top_ngram,
)
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, count, gives, number, share
from postlint.violations import Finding

TOP = (2, 3, 4)
DUPLICATE = (5, 6, 7, 8, 9, 10)
"""The lengths of n-grams, in words, that have a limit: `top-2-gram`, `duplicate-5-gram` ..."""


SHAPE = Shape(
    scope="post",
    takes={
        **{f"top-{n}-gram": share(f"Limit of the most frequent run of {n} words.") for n in TOP},
        **{f"duplicate-{n}-gram": share(f"Limit of the runs of {n} words that occurred before.") for n in DUPLICATE},
        "times": number("A share over so many times its limit is reported."),
        "min-words": count("Prose of fewer words is passed over."),
    },
    gives=gives(top="n share limit count text", duplicate="n share limit count text"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """Prose of `min-words` words with a share over `times` its limit; of several the one that is furthest over.

    Words are what white space parts. Variants: "top" and "duplicate".
    """
    min_words, times = options["min-words"], options["times"]
    top_limits = {n: options[f"top-{n}-gram"] * times for n in TOP}
    limits = {n: options[f"duplicate-{n}-gram"] * times for n in DUPLICATE}
    least_of_top = min(limit / n for n, limit in top_limits.items())
    least = min(limits.values())

    def inspect(post: Post) -> Iterator[Finding]:
        text = prose(post)
        # Between words there is white space.
        if len(text) < 2 * min_words - 1:
            return
        if "numpy" in sys.modules:
            # Importing it takes as long as the exact counts of dozens of posts; a run that compares posts has it.
            from postlint.repetition_bounds import may_exceed

            if not may_exceed(text, top_limits, limits, DUPLICATE[0]):
                return
        words = text.split()
        if len(words) < min_words:
            return
        # The exact counts take ten times as long as these bounds, which few posts reach.
        counts = Counter(words)
        found = []
        if frequent_words(counts, least_of_top * len(text)):
            for n, limit in top_limits.items():
                found.append((top_ngram(words, n).characters / len(text), limit, n, "top"))
        if len(text) - len("".join(counts)) - len(words) >= least * len(text):
            repeated = repeated_ngrams(words, DUPLICATE[0])
            lengths = sorted(map(len, words), reverse=True) if repeated else []
            for n, limit in limits.items():
                if duplicate_ngrams_bound(lengths, n, repeated, DUPLICATE[0]) > limit * len(text):
                    found.append((duplicate_ngrams(words, n) / len(text), limit, n, "duplicate"))
        over = [
            (share / max(limit, share / 1000), share, limit, n, kind)
            for share, limit, n, kind in found
            if share > limit
        ]
        if over:
            _, share, limit, n, kind = max(over)
            top = top_ngram(words, n)
            values = {"n": n, "share": share, "limit": limit, "count": top.occurrences, "text": excerpt(top.text)}
            yield Finding(*post.anchor, values, variant=kind)

    return inspect
