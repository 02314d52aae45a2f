"""Likeness by columns: small numbers for what names say, so that most pairs of posts are told apart without a look."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from postlint.likeness import Identity, Name, Series

I32 = NDArray[np.int32]
Flags = NDArray[np.bool_]


class LikenessCodes:
    """What `likeness.py` compares of each post, as columns in the order of the posts."""

    def __init__(self, languages: Sequence[str], identities: Sequence[Identity], series: Sequence[Series]) -> None:
        self._language = _numbered(languages)
        self._stem = _numbered([identity.stem for identity in identities])
        self._slug = _NameCodes([found.slug for found in series], least_words=1)
        self._title = _NameCodes([found.title for found in series], least_words=2)

    def surely_unrelated(self, first: NDArray[np.integer], second: NDArray[np.integer]) -> Flags:
        """For rows of post numbers: whether two posts have one language and nothing that could make them one page or
        series. Where this is false, `one_page` and `one_series` decide."""
        clear: Flags = (self._language[first] == self._language[second]) & (self._stem[first] != self._stem[second])
        clear &= ~self._slug.may_be_one_series(first, second)
        clear &= ~self._title.may_be_one_series(first, second)
        return clear


class _NameCodes:
    def __init__(self, names: Sequence[Name], least_words: int) -> None:
        self._words = _numbered([name.words for name in names])
        self._enough = np.array([len(name.words.split()) >= least_words for name in names], dtype=bool)
        self._numbers = _numbered([name.numbers for name in names])
        self._dated = np.array([name.dated for name in names], dtype=bool)

    def may_be_one_series(self, first: NDArray[np.integer], second: NDArray[np.integer]) -> Flags:
        """The numbers differ, and the words are the same or both names are dated."""
        same_words: Flags = (self._words[first] == self._words[second]) & self._enough[first]
        both_dated = self._dated[first] & self._dated[second]
        differ: Flags = self._numbers[first] != self._numbers[second]
        differ &= same_words | both_dated
        return differ


def _numbered(values: Sequence[Hashable]) -> I32:
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.int32)
