"""Words made of syllables, and draws from them as uneven as those of real text: frequent words are short and few."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]

SIZE = 50_000
"""Words in a vocabulary."""
_OFFSET = 2.7
"""The offset of the Zipf-Mandelbrot law, which flattens the head of the curve as in English."""
_CONSONANTS = "bcdfghjklmnprstvwz"
_VOWELS = "aeiou"
_ENDINGS = ("", "", "", "n", "r", "s", "t", "l")


class Vocabulary:
    """`words` by rank, most frequent first, and a sampler of ranks by the Zipf-Mandelbrot law."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng([seed, 0])
        self.words = _words(rng)
        weights = 1.0 / (np.arange(SIZE) + 1 + _OFFSET)
        self._cumulative = np.cumsum(weights / weights.sum())

    def draw(self, rng: np.random.Generator, count: int) -> Ids:
        """`count` ranks of words, drawn independently."""
        ranks = np.searchsorted(self._cumulative, rng.random(count))
        return np.minimum(ranks, SIZE - 1)

    def other(self, rng: np.random.Generator, ids: Ids) -> Ids:
        """A drawn word for each of `ids`, never the same one."""
        drawn = self.draw(rng, len(ids))
        return np.where(drawn == ids, (drawn + 1) % SIZE, drawn)


@lru_cache(maxsize=4)
def vocabulary(seed: int) -> Vocabulary:
    """The vocabulary of a seed."""
    return Vocabulary(seed)


def _words(rng: np.random.Generator) -> list[str]:
    found: dict[str, None] = {}
    # One syllable for the most frequent words, three for the rare ones.
    for syllables, until in ((1, 300), (2, 6000), (3, SIZE)):
        while len(found) < until:
            consonants = rng.integers(len(_CONSONANTS), size=(1000, syllables)).tolist()
            vowels = rng.integers(len(_VOWELS), size=(1000, syllables)).tolist()
            endings = rng.integers(len(_ENDINGS), size=1000).tolist()
            for row in range(1000):
                pairs = zip(consonants[row], vowels[row], strict=True)
                word = "".join([_CONSONANTS[consonant] + _VOWELS[vowel] for consonant, vowel in pairs])
                found.setdefault(word + _ENDINGS[endings[row]])
                if len(found) == until:
                    break
    return list(found)


def number_word(number: int) -> str:
    """A number as a word: what tells slugs apart without a digit, so that no slug looks like part of a series."""
    base = len(_CONSONANTS) * len(_VOWELS)
    syllables = []
    while True:
        number, rest = divmod(number, base)
        syllables.append(_CONSONANTS[rest // len(_VOWELS)] + _VOWELS[rest % len(_VOWELS)])
        if not number:
            return "".join(reversed(syllables)) + "x"
