"""Whether a text can repeat itself so much at all: bounds of the n-gram shares, from words that are not told apart."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from postlint.hashing import WORD_MULTIPLIER

_LAST_SPACE = 0x3000
_IS_SPACE = np.array([chr(code).isspace() for code in range(_LAST_SPACE + 2)])
_MULTIPLIER = np.uint64(WORD_MULTIPLIER)
_PAIR_BITS = 12
"""Counters of pairs; with more of them two pairs are seldom counted as one."""


def may_exceed(text: str, top: Mapping[int, float], duplicate: Mapping[int, float], shortest: int) -> bool:
    """Whether shares of n-grams may be over a limit: where it says no, none is.

    `top` and `duplicate` have the limit of each n: of the characters of `repetition.top_ngram`, and of those of
    `repetition.duplicate_ngrams`, over all of the text. No n of the first is less than 2, none of the second less than
    `shortest`. Words are told apart by their ends and their length, and n-grams by hashes: so more of them seem to be
    the same than are, never less.
    """
    words, lengths = _words(text)
    if len(words) < 2:
        return False
    # What is counted as often as an n-gram is the pair that it begins with.
    pairs = words[:-1] * _MULTIPLIER + words[1:]
    most = int(np.bincount((pairs >> np.uint64(64 - _PAIR_BITS)).astype(np.intp)).max())
    longest = int(lengths.max()) + 1
    if any(most * n * longest > limit * len(text) for n, limit in top.items()):
        return True

    # As in `repetition.duplicate_ngrams_bound`, but that words are taken for as long as the longest.
    runs = _runs(words, shortest)
    ordered = np.sort(runs)
    repeated = int(np.count_nonzero(ordered[1:] == ordered[:-1]))
    if all(n * repeated // (n - shortest + 1) * longest <= limit * len(text) for n, limit in duplicate.items()):
        return False
    # In a run of n words that occurred before each run of `shortest` did.
    order = np.argsort(runs, kind="stable")
    ordered = runs[order]
    again = order[1:][ordered[1:] == ordered[:-1]]
    covered = np.zeros(len(words), dtype=bool)
    for place in range(shortest):
        covered[again + place] = True
    return int(lengths[covered].sum()) > min(duplicate.values()) * len(text)


def _words(text: str) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
    """What words are told apart by, and the characters of each; they are those that `str.split` gives."""
    codes: NDArray[np.uint8] | NDArray[np.uint32]
    if text.isascii():
        codes = np.frombuffer(f" {text} ".encode(), dtype=np.uint8)
    else:
        codes = np.frombuffer(f" {text} ".encode("utf-32-le", "surrogatepass"), dtype="<u4")
    spaces = _IS_SPACE.take(codes, mode="clip")
    # By turns the space before a word and its last character.
    (edges,) = (spaces[1:] != spaces[:-1]).nonzero()
    starts, ends = edges[::2], edges[1::2]
    lengths = ends - starts
    words = codes[1:].take(starts).astype(np.uint64)
    words <<= np.uint64(21)
    words |= codes.take(ends)
    words *= _MULTIPLIER
    words += lengths.astype(np.uint64)
    words *= _MULTIPLIER
    return words, lengths


def _runs(words: NDArray[np.uint64], n: int) -> NDArray[np.uint32]:
    """Hashes of all runs of n words."""
    hashes, length, power = words, 1, WORD_MULTIPLIER
    while 2 * length <= n:
        hashes = hashes[:-length] * np.uint64(power) + hashes[length:]
        length, power = 2 * length, power * power % 2**64
    for place in range(length, n):
        hashes = hashes[:-1] * _MULTIPLIER + words[place:]
    return (hashes >> np.uint64(32)).astype(np.uint32)
