"""Likeness by columns: small numbers for what names say, so that most pairs of posts are told apart without a look."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from postlint.likeness import Identity, Name, Series, is_issue

I32 = NDArray[np.int32]
Flags = NDArray[np.bool_]


class LikenessCodes:
    """What `likeness.py` compares of each post, as columns in the order of the posts."""

    def __init__(self, languages: Sequence[str], identities: Sequence[Identity], series: Sequence[Series]) -> None:
        self._language = _numbered(languages)
        self._stem = _numbered([identity.stem for identity in identities])
        self._slug = _NameCodes([found.slug for found in series], least_words=1)
        self._title = _NameCodes([found.title for found in series], least_words=2)
        self._issue = np.array([is_issue(found) for found in series], dtype=bool)
        self._alone = _alone(self._stem) & self._slug.alone() & self._title.alone()

    def surely_unrelated(self, first: NDArray[np.integer], second: NDArray[np.integer]) -> Flags:
        """For rows of post numbers: whether two posts have one language and nothing that could make them one page or
        series. Where this is false, `alike_by_right` decides."""
        clear: Flags = self._alone[first] | self._alone[second]
        clear &= (self._language[first] == self._language[second]) & (first != second)
        # An issue of a newsletter may hold whatever its site has posted.
        clear &= ~(self._issue[first] | self._issue[second])
        # What is alone in its corpus, as most posts are, needs no further look.
        rows = np.flatnonzero(~clear)
        first, second = first[rows], second[rows]
        apart = (self._language[first] == self._language[second]) & (self._stem[first] != self._stem[second])
        apart &= ~(self._issue[first] | self._issue[second])
        apart &= ~self._slug.may_be_one_series(first, second)
        apart &= ~self._title.may_be_one_series(first, second)
        clear[rows] = apart
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

    def alone(self) -> Flags:
        """Which names may be of one series with no other one: no date, and all with their words have their numbers."""
        words, numbers = self._words.astype(np.int64), self._numbers
        order = np.argsort(words, kind="stable")
        starts = np.flatnonzero(np.diff(words[order], prepend=-1))
        same = np.zeros(int(words.max(initial=-1)) + 1, dtype=bool)
        if len(starts):
            least = np.minimum.reduceat(numbers[order], starts)
            same[words[order][starts]] = least == np.maximum.reduceat(numbers[order], starts)
        alone: Flags = ~self._dated & (same[words] | ~self._enough)
        return alone


def _alone(codes: I32) -> Flags:
    """Which rows have a code that no other row has."""
    alone: Flags = np.bincount(codes)[codes] == 1
    return alone


def _numbered(values: Sequence[Hashable]) -> I32:
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.int32)
