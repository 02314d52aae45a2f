"""Fingerprints of many texts at once: 64-bit hashes of words, shingles, sentences and paragraphs, in numpy.

`fingerprint_one.py` is the twin for one text, in plain Python, and gives the same numbers bit for bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from postlint.canonical import canonical
from postlint.hashing import FINAL_MULTIPLIER, FOLD_MULTIPLIER, POSITION_MULTIPLIER, SHINGLE, WORD_MULTIPLIER

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

_C_WORD = np.uint64(WORD_MULTIPLIER)
_C_FOLD = np.uint64(FOLD_MULTIPLIER)
_C_POSITION = np.uint64(POSITION_MULTIPLIER)
_C_FINAL = np.uint64(FINAL_MULTIPLIER)
_32 = np.uint64(32)
_29 = np.uint64(29)
# _MASKS[n] keeps the first n bytes of a little-endian window of eight.
_MASKS = np.array([(1 << (8 * count)) - 1 for count in range(9)], dtype=np.uint64)
_PADDING = bytes(8)


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """The hashes of a sequence of texts. Rows of `text_*` are texts, of `sentence_*` sentences in order.

    A text without words has key 0 and no sentence. Shingles are runs of `SHINGLE` words inside one text;
    those of text `i` are `shingles[shingle_bounds[i]:shingle_bounds[i + 1]]`.
    """

    text_keys: U64
    text_words: I64
    sentence_keys: U64
    sentence_words: I64
    sentence_texts: I64
    shingles: U64
    shingle_bounds: I64


def finalize(hashes: U64) -> U64:
    """Spread the bits of sums of word hashes, in place."""
    hashes ^= hashes >> _32
    hashes *= _C_FINAL
    hashes ^= hashes >> _29
    return hashes


def fingerprint(texts: Sequence[str]) -> Fingerprints:
    """The fingerprints of texts (paragraphs, list items, titles ...), each taken alone."""
    # A zero byte after each text: no word and no sentence crosses it.
    joined = b"\x00".join([canonical(text) for text in texts]) + b"\x00" + _PADDING
    data = np.frombuffer(joined, dtype=np.uint8)
    starts, ends = _words(data)
    text_ends = np.flatnonzero(data[: len(data) - len(_PADDING)] == 0)
    hashes = _word_hashes(data, starts, ends)
    bounds = np.zeros(len(texts) + 1, dtype=np.int64)
    bounds[1:] = np.searchsorted(starts, text_ends)
    text_of_word = np.repeat(np.arange(len(texts)), np.diff(bounds))

    # A sentence starts at the first word after a stop, and at the first word of each text.
    stop = data[:-2] == 1
    following, second = data[1:-1], data[2:]
    closes = (following == 2) | (following == 0) | ((following == 3) & ((second == 2) | (second == 0)))
    cuts = np.searchsorted(starts, np.flatnonzero(stop & closes))
    is_start = np.zeros(len(starts) + 1, dtype=bool)
    is_start[cuts] = True
    is_start[bounds[:-1]] = True
    sentence_starts = np.flatnonzero(is_start[: len(starts)])
    sentence_words = np.diff(np.append(sentence_starts, len(starts)))

    nonempty = np.flatnonzero(np.diff(bounds) > 0)
    text_keys = np.zeros(len(texts), dtype=np.uint64)
    text_keys[nonempty] = segment_keys(hashes, bounds[nonempty], np.diff(bounds)[nonempty])
    shingles, of_text = _shingles(hashes, text_of_word)
    return Fingerprints(
        text_keys=text_keys,
        text_words=np.diff(bounds),
        sentence_keys=segment_keys(hashes, sentence_starts, sentence_words),
        sentence_words=sentence_words,
        sentence_texts=text_of_word[sentence_starts],
        shingles=shingles,
        shingle_bounds=np.searchsorted(of_text, np.arange(len(texts) + 1)),
    )


def _words(data: NDArray[np.uint8]) -> tuple[I64, I64]:
    is_word = data >= 0x30
    edges = np.flatnonzero(is_word[1:] != is_word[:-1]) + 1
    if is_word[0]:
        edges = np.concatenate(([0], edges))
    return edges[0::2], edges[1::2]


def _word_hashes(data: NDArray[np.uint8], starts: I64, ends: I64) -> U64:
    # Eight bytes from every offset on, unaligned: a view, nothing is copied until it is indexed.
    windows: U64 = np.ndarray((len(data) - 7,), dtype="<u8", buffer=data.data, strides=(1,))
    lengths = ends - starts
    hashes: U64 = (windows[starts] & _MASKS[np.minimum(lengths, 8)]) * _C_WORD
    hashes ^= hashes >> _32
    offset = 8
    long = np.flatnonzero(lengths > offset)
    while len(long):
        window = windows[starts[long] + offset] & _MASKS[np.minimum(lengths[long] - offset, 8)]
        folded = (hashes[long] ^ window) * _C_FOLD
        folded ^= folded >> _32
        hashes[long] = folded
        offset += 8
        long = long[lengths[long] > offset]
    return hashes


def segment_keys(hashes: U64, starts: I64, lengths: I64) -> U64:
    """Keys of contiguous, non-empty runs of hashes that together cover all of them; their order counts."""
    if not len(starts):
        return np.zeros(0, dtype=np.uint64)
    position = np.arange(len(hashes)) - np.repeat(starts, lengths)
    powers = np.multiply.accumulate(np.full(int(lengths.max()), _C_POSITION))
    sums: U64 = np.add.reduceat(hashes * powers[position], starts)
    return finalize(sums + lengths.astype(np.uint64))


def _shingles(hashes: U64, text_of_word: I64) -> tuple[U64, I64]:
    count = len(hashes) - SHINGLE + 1
    if count <= 0:
        return np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64)
    # Horner's rule: the first word of a shingle has the highest power.
    sums = hashes[:count].copy()
    for step in range(1, SHINGLE):
        sums *= _C_POSITION
        sums += hashes[step : step + count]
    inside = text_of_word[:count] == text_of_word[SHINGLE - 1 :]
    return finalize(sums[inside]), text_of_word[:count][inside]
