"""The twin of `fingerprint.py` for one text: the same numbers in plain Python, where importing numpy costs more."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from postlint.canonical import SENTENCE_END, WORD, canonical
from postlint.hashing import (
    FINAL_MULTIPLIER,
    FOLD_MULTIPLIER,
    LONGEST_WORD,
    POSITION_MULTIPLIER,
    SHINGLE,
    WORD_MULTIPLIER,
)

_ALL = (1 << 64) - 1


class TextFingerprint(NamedTuple):
    """The hashes of one text. A text without words has key 0, no sentence and no shingle."""

    key: int
    words: int
    sentences: tuple[tuple[int, int], ...]
    """Key and number of words of each sentence."""
    shingles: tuple[int, ...]


def fingerprint_one(text: str) -> TextFingerprint:
    """The fingerprint of a text: what `fingerprint([text])` gives."""
    data = canonical(text)
    hashes = []
    starts = []
    for match in WORD.finditer(data):
        hashes.append(_word_hash(match[0]))
        starts.append(match.start())
    if not hashes:
        return TextFingerprint(0, 0, (), ())
    cuts = {0}
    word = 0
    for stop in SENTENCE_END.finditer(data):
        while word < len(starts) and starts[word] < stop.start():
            word += 1
        cuts.add(word)
    bounds = [*sorted(cuts - {len(hashes)}), len(hashes)]
    sentences = tuple((key_of(hashes[first:last]), last - first) for first, last in pairwise(bounds))
    shingles = tuple(_final(_sum(hashes[start : start + SHINGLE])) for start in range(len(hashes) - SHINGLE + 1))
    return TextFingerprint(key_of(hashes), len(hashes), sentences, shingles)


def _word_hash(word: bytes) -> int:
    value = int.from_bytes(word[:8], "little") * WORD_MULTIPLIER & _ALL
    value ^= value >> 32
    # A word of eight bytes is followed by a window of none.
    for offset in range(8, min(len(word) + 1, LONGEST_WORD), 8):
        value = (value ^ int.from_bytes(word[offset : offset + 8], "little")) * FOLD_MULTIPLIER & _ALL
        value ^= value >> 32
    return value


def _sum(hashes: Sequence[int]) -> int:
    # Horner's rule from the end: the first word has the lowest power.
    total = 0
    for value in reversed(hashes):
        total = (total * POSITION_MULTIPLIER + value) & _ALL
    return total


def key_of(hashes: Sequence[int]) -> int:
    """The key of a text by the hashes of its words, or of a body by the keys of its paragraphs, in order."""
    return _final((_sum(hashes) + len(hashes)) & _ALL)


def _final(value: int) -> int:
    value ^= value >> 32
    value = value * FINAL_MULTIPLIER & _ALL
    return value ^ value >> 29
