"""A value that should be a post's own stands in another post too: title, summary, slug, identifier, topic, image."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import numpy as np

from postlint.canonical import count_words
from postlint.corpus import Corpus
from postlint.facts import Values
from postlint.likeness import day_of, differ_in_day
from postlint.limits import WITNESSES
from postlint.rows import KINDS, MEASURES
from postlint.rules import Compare, Options
from postlint.shapes import Shape, choices, count, gives, optional, share, switch, words
from postlint.violations import Finding, Related

SHAPE = Shape(
    scope="corpus",
    takes={
        "kinds": choices("The kinds of values.", *(kind for kind in KINDS if kind not in MEASURES)),
        "min-words": count("Shorter values are passed over."),
        "max-share": share("What a larger share of the posts has is no copy."),
        "ignore-names": optional(words("Texts in a value that make it no matter."), []),
        "apart-days": optional(count("Posts published so many days apart may have one value: minor."), 0),
        "dated-addresses": optional(switch("Names that begin with different days have different addresses."), False),
    },
    gives=gives("field", "value", "posts", "other"),
)


def bind(options: Options, as_of: date) -> Compare:
    """`kinds` of values, each compared with its own kind; `max-share` counts from ten posts on.

    A value is held against the first posts that have it, in order, so that a finding depends on them and on how many
    posts have it, and on no other. It is minor if all of these were published `apart-days` or more before or after,
    where that is not 0. With `dated-addresses` a value without a slash is passed over in posts whose names begin with
    different days.
    """
    min_words, max_share = options["min-words"], options["max-share"]
    names = options.get("ignore-names", ())
    ignored = re.compile("|".join(map(re.escape, names)), re.IGNORECASE) if names else None
    days, dated = options.get("apart-days", 0), options.get("dated-addresses", False)

    def compare(corpus: Corpus) -> Iterator[Finding]:
        most = max_share * len(corpus.posts) if len(corpus.posts) >= 10 else len(corpus.posts)
        for kind in options["kinds"]:
            values = corpus.facts.values.get(kind)
            if values is None:
                continue
            for rows in _groups(values):
                if len(rows) > most:
                    continue
                for row in rows:
                    text = values.text[row]
                    if count_words(text) >= min_words and not (ignored and ignored.search(text)):
                        others = _unrelated(corpus, values, row, rows[: WITNESSES + 1])
                        if dated and "/" not in text:
                            others = [one for one in others if not _differ_in_day(corpus, values, row, one)]
                        if others:
                            near = [one for one in others if not _apart(corpus, values, row, one, days)]
                            finding = _finding(corpus, kind, values, row, (near or others)[0], len(rows) - 1)
                            finding.minor = not near
                            yield finding

    return compare


def _groups(values: Values) -> Iterator[list[int]]:
    """For each key that several posts have, the first row of each post, in order of the posts."""
    order = np.argsort(values.key, kind="stable")
    key, post = values.key[order], values.post[order]
    new_key = np.ones(len(order), dtype=bool)
    new_key[1:] = key[1:] != key[:-1]
    new_post = new_key.copy()
    new_post[1:] |= post[1:] != post[:-1]
    rows = order[new_post]
    starts = np.flatnonzero(new_key[new_post])
    ends = np.append(starts[1:], len(rows))
    several = (ends - starts > 1) & (values.key[rows[starts]] != 0)
    for start, end in zip(starts[several].tolist(), ends[several].tolist(), strict=True):
        yield rows[start:end].tolist()


def _unrelated(corpus: Corpus, values: Values, row: int, others: list[int]) -> list[int]:
    """Those of the others in a post that has the value by no right of its likeness."""
    post = int(values.post[row])
    return [other for other in others if not corpus.related(post, int(values.post[other]))]


def _differ_in_day(corpus: Corpus, values: Values, row: int, other: int) -> bool:
    series = corpus.posts.series
    return differ_in_day(series[int(values.post[row])], series[int(values.post[other])])


def _apart(corpus: Corpus, values: Values, row: int, other: int, days: int) -> bool:
    posts = corpus.posts
    mine, its = (
        int(posts.published[post]) or day_of(posts.series[post])
        for post in (int(values.post[row]), int(values.post[other]))
    )
    return bool(days and mine and its) and abs(mine - its) >= days


def _finding(corpus: Corpus, kind: str, values: Values, row: int, other: int, posts: int) -> Finding:
    place = corpus.place_in(int(values.post[row]), int(values.start[row]), int(values.end[row]))
    related = corpus.place_in(int(values.post[other]), int(values.start[other]), int(values.end[other]))
    return Finding.at(
        place,
        values={
            "field": kind.replace("_", " "),
            "value": " ".join(values.text[row].split()),
            "posts": posts,
            "other": related.post,
        },
        related=(Related(related, "also here"),),
    )
