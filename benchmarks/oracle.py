"""The truth by brute force, in plain Python and with nothing of postlint: exact resemblance, containment, frequency."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple, TypeVar

SHINGLE = 5
"""Words in a shingle."""
_WORD = re.compile(r"\w+")

Shingle = tuple[str, ...]
Shingles = Callable[[str], set[Shingle]]
Key = TypeVar("Key", bound=Hashable)


class Likeness(NamedTuple):
    """How alike two posts are: shared shingles over all of both, and over those of the smaller; 0 to 1."""

    resemblance: float
    containment: float


def words(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return _WORD.findall(text.lower())


def _grams(found: list[str]) -> set[Shingle]:
    return set(zip(*(found[start:] for start in range(SHINGLE)), strict=False))


def whole(text: str) -> set[Shingle]:
    """The shingles of a text, paragraphs run together."""
    return _grams(words(text))


def within(text: str) -> set[Shingle]:
    """The shingles of a text that stay inside a paragraph; paragraphs have blank lines between them."""
    found: set[Shingle] = set()
    for paragraph in text.split("\n\n"):
        found |= _grams(words(paragraph))
    return found


def likeness(first: set[Shingle], second: set[Shingle]) -> Likeness:
    """How alike two sets of shingles are; 0 where one is empty."""
    return _likeness(len(first & second), len(first), len(second))


def _likeness(shared: int, first: int, second: int) -> Likeness:
    if not shared:
        return Likeness(0.0, 0.0)
    return Likeness(shared / (first + second - shared), shared / min(first, second))


def all_pairs(texts: Sequence[str], shingles: Shingles) -> dict[tuple[int, int], Likeness]:
    """Every pair of texts that share a shingle, (lower, higher) number. For a few thousand texts at most."""
    return {
        (number, other): alike
        for number, others in against_all(texts, range(len(texts)), shingles).items()
        for other, alike in others.items()
        if number < other
    }


def against_all(texts: Sequence[str], sample: Sequence[int], shingles: Shingles) -> dict[int, dict[int, Likeness]]:
    """For each sampled text, every other text that shares a shingle with it. Holds the shingles of the sample only."""
    index: defaultdict[Shingle, list[int]] = defaultdict(list)
    sizes = {}
    for number in sample:
        found = shingles(texts[number])
        sizes[number] = len(found)
        for shingle in found:
            index[shingle].append(number)
    result: dict[int, dict[int, Likeness]] = {number: {} for number in sample}
    for other, text in enumerate(texts):
        found = shingles(text)
        shared: Counter[int] = Counter()
        for shingle in found & index.keys():
            shared.update(index[shingle])
        for number, count in shared.items():
            if number != other:
                result[number][other] = _likeness(count, sizes[number], len(found))
    return result


def document_frequency(posts: Iterable[Iterable[Key]]) -> dict[Key, int]:
    """In how many posts each key occurs."""
    frequency: dict[Key, int] = {}
    for keys in posts:
        for key in set(keys):
            frequency[key] = frequency.get(key, 0) + 1
    return frequency
