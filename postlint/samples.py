"""Samples: a few keys of each text by which texts that have much in common meet. Without numpy, and all an index needs.

What is found for a post depends on the keys of its own texts and, for each, on the nearest posts that have it, in order
of path and number: never on what other posts chose. So an index that looks up a few keys gives what a whole run gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zlib import crc32

from postlint.hashing import SHINGLE

SAMPLE = 8
"""Keys of a text: the least of its hashes after a mix (bottom-k sketch: Cohen, Kaplan 2007).

Two texts whose shingles have a resemblance of 1/3, which is what two of one size have that share half, have a key in
common in more than 96 of 100 cases.
"""
LEAST_WORDS = 12
"""Paragraphs of fewer words are not sampled: they say too little to be near copies."""
WINDOW = 8
"""Of the posts that have a key, so many before and so many after a post are looked at. The issues of a series stand
side by side and are no partners of each other: with fewer, those of a long series would meet nobody else.
"""
BEST = 4
"""Partners of a paragraph that are compared with it shingle by shingle: those likeliest to hold it or to be in it."""
RUN = 3
"""Words in a run that two near-equal values have in common, at least."""
KEY_BITS = 40
"""Bits of a key. Two hashes in 10**12 are taken for one, and what meets by a key is compared by more than it."""

# An odd number that no other hash is made with, so that the least after this mix are the least in no other sense.
MULTIPLIER = 0xD6E8FEB86659FD93
_ALL = (1 << 64) - 1


def sample(hashes: Iterable[int]) -> list[int]:
    """The keys of a text with these 64-bit hashes (shingles of a paragraph, runs of a value), in ascending order."""
    return sorted({(value * MULTIPLIER & _ALL) >> (64 - KEY_BITS) for value in hashes})[:SAMPLE]


def estimate(keys: int, words: int, others: int) -> float:
    """How much of the smaller of two paragraphs stands in the larger (0 to 1), by how many sampled keys they met.

    Of the larger one the smaller part is sampled, and what they share in the same part.
    """
    first, second = words - SHINGLE + 1, others - SHINGLE + 1
    return min(keys * max(first, second) / (SAMPLE * min(first, second)), 1.0)


def runs(words: Sequence[str]) -> list[int]:
    """The hashes of the runs of `RUN` words in a value; none if it has fewer words."""
    # A checksum is enough for what is compared by more than it, and costs a third of a digest.
    return [crc32(" ".join(words[start : start + RUN]).encode()) for start in range(len(words) - RUN + 1)]
