"""A value that should be a post's own stands in another post too: title, summary, slug, identifier, topic, image."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import numpy as np

from postlint.canonical import count_words
from postlint.corpus import WITNESSES, Corpus
from postlint.facts import Values
from postlint.rows import KINDS, MEASURES
from postlint.rules import Compare, Options
from postlint.shapes import Shape, choices, count, gives, optional, share, words
from postlint.violations import Finding, Related

SHAPE = Shape(
    scope="corpus",
    takes={
        "kinds": choices("The kinds of values.", *(kind for kind in KINDS if kind not in MEASURES)),
        "min-words": count("Shorter values are passed over."),
        "max-share": share("What a larger share of the posts has is no copy."),
        "ignore-names": optional(words("Texts in a value that make it no matter."), []),
    },
    gives=gives("field", "value", "posts", "other"),
)


def bind(options: Options, as_of: date) -> Compare:
    """`kinds` of values, each compared with its own kind; `max-share` counts from ten posts on."""
    min_words, max_share = options["min-words"], options["max-share"]
    names = options.get("ignore-names", ())
    ignored = re.compile("|".join(map(re.escape, names)), re.IGNORECASE) if names else None

    def compare(corpus: Corpus) -> Iterator[Finding]:
        most = max_share * len(corpus.posts) if len(corpus.posts) >= 10 else len(corpus.posts)
        for kind in options["kinds"]:
            values = corpus.facts.values.get(kind)
            if values is None:
                continue
            for rows in _groups(values):
                posts = len(np.unique(values.post[rows]))
                text = values.text[rows[0]]
                if 1 < posts <= most and count_words(text) >= min_words and not (ignored and ignored.search(text)):
                    yield from _group(corpus, kind, values, rows, posts)

    return compare


def _groups(values: Values) -> Iterator[list[int]]:
    """The rows of each key that occurs twice, in order of the posts."""
    order = np.argsort(values.key, kind="stable")
    key = values.key[order]
    same = (key[1:] == key[:-1]) & (key[1:] != 0)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], same.astype(np.int8), [0]))))
    for start, end in zip(edges[0::2].tolist(), edges[1::2].tolist(), strict=True):
        yield order[start : end + 1].tolist()


def _group(corpus: Corpus, kind: str, values: Values, rows: list[int], posts: int) -> Iterator[Finding]:
    reported = set()
    for row in rows:
        post = int(values.post[row])
        if post in reported:
            continue
        reported.add(post)
        other = next(
            (other for other in rows[: WITNESSES + 1] if not corpus.related(post, int(values.post[other]))), None
        )
        if other is None:
            continue
        place = corpus.place_in(post, int(values.start[row]), int(values.end[row]))
        related = corpus.place_in(int(values.post[other]), int(values.start[other]), int(values.end[other]))
        yield Finding.at(
            place,
            values={
                "field": kind.replace("_", " "),
                "value": " ".join(values.text[row].split()),
                "posts": posts - 1,
                "other": related.path,
            },
            related=(Related(related, "also here"),),
        )
