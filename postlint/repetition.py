"""How much of a text repeats itself: the repetition statistics that web corpora are filtered by.

Rae et al. 2021 (Gopher), table A1, counted as datatrove's `GopherRepetitionFilter` counts: the second and every later
occurrence is a duplicate, characters are compared with those of the whole text, white space included, and n-grams that
are counted as duplicates do not overlap. Given the same text and the same words the figures are the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from postlint.lazy_pattern import lazy_pattern
from postlint.post import Post

_PARAGRAPHS = lazy_pattern(r"\n{2,}")
_LINES = lazy_pattern(r"\n+")
EXCERPT = 60
"""Characters of what is repeated that are shown."""


class Duplicates(NamedTuple):
    """How many texts are duplicates of one before, and how many characters these have."""

    texts: int
    characters: int


class TopNgram(NamedTuple):
    """The n-gram that occurs most often, of several the first; `characters` are those of all its occurrences."""

    text: str
    occurrences: int
    characters: int


def prose(post: Post) -> str:
    """The paragraphs of a post as one text, a blank line between them."""
    return "\n\n".join([block.text for block in post.blocks if block.kind == "paragraph"])


def excerpt(text: str) -> str:
    """A text on one line, its first characters where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else f"{line[: EXCERPT - 1].rstrip()}…"


def paragraphs(text: str) -> list[str]:
    """What blank lines part."""
    return _PARAGRAPHS.split(text.strip())


def lines(text: str) -> list[str]:
    """What line ends part; blank lines are none."""
    return _LINES.split(text)


def duplicates(texts: Iterable[str]) -> Duplicates:
    """The duplicates among texts."""
    seen: set[str] = set()
    count = characters = 0
    for text in texts:
        if text in seen:
            count += 1
            characters += len(text)
        else:
            seen.add(text)
    return Duplicates(count, characters)


def top_ngram(words: Sequence[str], n: int) -> TopNgram:
    """The most frequent run of n words, overlaps counted; empty where there are fewer words."""
    counts = Counter(" ".join(words[start : start + n]) for start in range(len(words) - n + 1))
    if not counts:
        return TopNgram("", 0, 0)
    ((text, count),) = counts.most_common(1)
    return TopNgram(text, count, len(text) * count)


def duplicate_ngrams(words: Sequence[str], n: int) -> int:
    """The characters, spaces not counted, of runs of n words that occurred before; what is counted is stepped over."""
    seen: set[str] = set()
    start = characters = 0
    while start <= len(words) - n:
        # Without spaces, as datatrove has it: "no one" and "noone" are the same.
        ngram = "".join(words[start : start + n])
        if ngram in seen:
            characters += len(ngram)
            start += n
        else:
            seen.add(ngram)
            start += 1
    return characters


def frequent_words(counts: Mapping[str, int], least: float) -> bool:
    """Whether some n words are frequent and long enough for an n-gram of them with more than n * `least` characters.

    Each word of an n-gram is at least as frequent as the n-gram. So a frequent n-gram is made of frequent words, and
    these are few, and most of them short.
    """
    candidates: Mapping[str, int] = counts
    while candidates:
        # With the space after it no word of the n-gram is longer.
        longest = max(map(len, candidates)) + 1
        remaining = {word: count for word, count in candidates.items() if count * longest > least}
        if len(remaining) == len(candidates):
            return True
        candidates = remaining
    return False


def repeated_ngrams(words: Sequence[str], n: int) -> int:
    """How many runs of n words occurred before, overlaps counted."""
    return max(len(words) - n + 1, 0) - len(set(zip(*(words[start:] for start in range(n)), strict=False)))


def duplicate_ngrams_bound(lengths: Sequence[int], n: int, repeated: int, of: int) -> int:
    """At least as many characters as `duplicate_ngrams` gives, from the lengths of the words, longest first.

    `repeated` is `repeated_ngrams` of no more than n words, `of`. A run of n words that occurred before has n - of + 1
    of these in it, so that few of them mean few runs. Words that are one only without spaces are left out of it.
    """
    return sum(lengths[: n * repeated // (n - of + 1)])
