"""A value that should be a post's own stands in another post too: title, summary, slug, identifier, topic, image."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import unquote

from postlint.canonical import count_words, folded
from postlint.corpus import WITNESSES, Corpus
from postlint.facts import ValueFact
from postlint.rules import Compare, Options
from postlint.violations import Finding, Place, Related

# Identifiers that stand for "none".
_EMPTY = re.compile(r"(?:0+|none|null|n/?a|unknown|-+|x+)\Z", re.IGNORECASE)


def bind(options: Options, as_of: date) -> Compare:
    """`kinds` of values; `compare` is "words" (case and punctuation folded), "address" or "exact".

    Values of fewer than `min-words` words, or in more than `max-share` of the posts (from ten posts on), are passed over.
    """
    kinds: list[str] = options["kinds"]
    fold = {"words": folded, "address": _address, "exact": str.strip}[options["compare"]]
    min_words, max_share = options["min-words"], options["max-share"]
    ignored = re.compile("|".join(map(re.escape, options.get("ignore-names", ()))) or r"(?!)", re.IGNORECASE)

    def compare(corpus: Corpus) -> Iterator[Finding]:
        most = max_share * len(corpus.posts) if len(corpus.posts) >= 10 else len(corpus.posts)
        for kind in kinds:
            groups: dict[str, list[ValueFact]] = {}
            for fact in corpus.values.get(kind, ()):
                key = fold(fact.text)
                if key and not _EMPTY.match(key) and not ignored.search(fact.text):
                    groups.setdefault(key, []).append(fact)
            for facts in groups.values():
                posts = {fact.post for fact in facts}
                if 1 < len(posts) <= most and (min_words <= 1 or count_words(facts[0].text) >= min_words):
                    yield from _group(corpus, kind, facts, len(posts))

    return compare


def _address(text: str) -> str:
    return unquote(text.strip()).rstrip("/").lower()


def _group(corpus: Corpus, kind: str, facts: list[ValueFact], posts: int) -> Iterator[Finding]:
    reported = set()
    for fact in facts:
        if fact.post in reported:
            continue
        reported.add(fact.post)
        others = (other for other in facts[: WITNESSES + 1] if other.post != fact.post)
        other = next(
            (other for other in others if not corpus.related(min(fact.post, other.post), max(fact.post, other.post))),
            None,
        )
        if other is None:
            continue
        mine, its = corpus.posts[fact.post], corpus.posts[other.post]
        yield Finding(
            start=fact.start,
            end=fact.end,
            path=mine.path,
            number=mine.number,
            values={
                "field": kind.replace("_", " "),
                "value": " ".join(fact.text.split()),
                "posts": posts - 1,
                "other": its.path,
            },
            related=(Related(Place(its.path, its.number, other.start, other.end), "also here"),),
        )
