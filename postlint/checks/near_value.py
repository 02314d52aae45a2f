"""Two titles or summaries that are one text but for a few letters or words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from postlint.canonical import words
from postlint.corpus import Corpus
from postlint.facts import ValueFact
from postlint.hashing import value_key
from postlint.pairs import neighbours
from postlint.rules import Compare, Options
from postlint.violations import Finding, Place, Related

RUN = 3
"""Words in a run that two near-equal texts must share to be compared at all."""
_ROMAN = frozenset("i ii iii iv v vi vii viii ix x xi xii".split())


def bind(options: Options, as_of: date) -> Compare:
    """`kind` of value; `ratio` (0 to 100) of rapidfuzz's `fuzz.ratio` from which two are near; `min-words` of both.

    Texts whose numbers differ are parts of a series, not copies, and equal texts are another rule's.
    """
    kind: str = options["kind"]
    ratio, min_words = options["ratio"], options["min-words"]

    def compare(corpus: Corpus) -> Iterator[Finding]:
        from rapidfuzz import fuzz

        facts = list({fact.post: fact for fact in reversed(corpus.values.get(kind, []))}.values())[::-1]
        cut = [words(fact.text) for fact in facts]
        texts = [" ".join(text) for text in cut]
        counted: dict[str, int] = {}
        for text in texts:
            counted[text] = counted.get(text, 0) + 1
        # Texts that stand in several posts already have a finding: they are no subject here, but may be a partner.
        numbers = [[word for word in text if word.isdecimal() or word in _ROMAN] for text in cut]
        closest: dict[int, tuple[float, int]] = {}
        for first, second in _candidates(cut, texts, min_words):
            if numbers[first] != numbers[second] or texts[first] == texts[second]:
                continue
            one, other = facts[first].post, facts[second].post
            value = fuzz.ratio(texts[first], texts[second], score_cutoff=ratio)
            if value and not corpus.related(min(one, other), max(one, other)):
                for mine, its in ((first, second), (second, first)):
                    if counted[texts[mine]] == 1:
                        closest[mine] = min(closest.get(mine, (0.0, 0)), (-value, its))
        for mine, (negative, its) in sorted(closest.items()):
            yield _finding(corpus, facts[mine], facts[its], round(-negative))

    return compare


def _candidates(cut: list[list[str]], texts: list[str], min_words: int) -> Iterator[tuple[int, int]]:
    """Pairs of different texts that share a run of words, each text standing for its copies by the first of them."""
    first_of: dict[str, int] = {}
    for index, text in enumerate(texts):
        if len(cut[index]) >= min_words:
            first_of.setdefault(text, index)
    keys, owners = [], []
    for index in first_of.values():
        text = cut[index]
        runs = {value_key(*text[start : start + RUN]) for start in range(max(len(text) - RUN + 1, 1))}
        keys.extend(runs)
        owners.extend([index] * len(runs))
    first, second, _ = neighbours(np.array(keys, dtype=np.uint64), np.array(owners, dtype=np.int64))
    return zip(first.tolist(), second.tolist(), strict=True)


def _finding(corpus: Corpus, mine: ValueFact, its: ValueFact, percent: int) -> Finding:
    post, other = corpus.posts[mine.post], corpus.posts[its.post]
    return Finding(
        start=mine.start,
        end=mine.end,
        path=post.path,
        number=post.number,
        values={
            "field": mine.kind,
            "percent": percent,
            "value": " ".join(mine.text.split()),
            "other": other.path,
            "other_value": " ".join(its.text.split()),
        },
        related=(Related(Place(other.path, other.number, its.start, its.end), f"{percent} % alike"),),
    )
