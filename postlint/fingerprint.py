"""Fingerprints of many texts at once: 64-bit hashes of words, shingles, sentences and paragraphs, in numpy.

`fingerprint_one.py` is the twin for one text, in plain Python, and gives the same numbers bit for bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from postlint.canonical import CLASSES, CLOSER, END, FIRST_WORD_BYTE, SPACE, STOP, respell
from postlint.hashing import (
    FINAL_MULTIPLIER,
    FOLD_MULTIPLIER,
    LONGEST_WORD,
    POSITION_MULTIPLIER,
    SHINGLE,
    WORD_MULTIPLIER,
)

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

_C_WORD = np.uint64(WORD_MULTIPLIER)
_C_FOLD = np.uint64(FOLD_MULTIPLIER)
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
    """The fingerprints of texts (paragraphs, list items, titles ...), each taken alone.

    Fastest when the texts are about half a megabyte together, so that what is made of them stays in the cache.
    """
    # A zero byte after each text: no word and no sentence crosses it.
    joined = "\x00".join(map(respell, texts)).encode("utf-8", "replace").translate(CLASSES) + b"\x00" + _PADDING
    data = np.frombuffer(joined, dtype=np.uint8)
    starts, ends = _words(data)
    hashes = _word_hashes(data, starts, ends)
    text_ends = np.flatnonzero(data[: len(data) - len(_PADDING)] == 0)
    bounds = np.zeros(len(texts) + 1, dtype=np.int64)
    if len(texts):
        bounds[1:] = np.searchsorted(starts, text_ends)
    lengths = np.diff(bounds)

    # A sentence starts at the first word after a stop, and at the first word of each text.
    stops = np.flatnonzero(data[:-2] == STOP)
    following, second = data[stops + 1], data[stops + 2]
    ends_text = (following == SPACE) | (following == END)
    ends_text |= (following == CLOSER) & ((second == SPACE) | (second == END))
    is_start = np.zeros(len(starts) + 1, dtype=bool)
    is_start[np.searchsorted(starts, stops[ends_text])] = True
    is_start[bounds[:-1]] = True
    sentence_bounds = np.append(np.flatnonzero(is_start[: len(starts)]), len(starts))

    # The key of words i to j is the sum of hash * power(position in i..j). With sums over the whole batch, each segment
    # and each shingle costs one difference, shifted back to position 0 by the inverse power: all modulo 2**64.
    powers, inverses = _powers(len(hashes))
    sums = np.zeros(len(hashes) + 1, dtype=np.uint64)
    np.cumsum(hashes * powers[: len(hashes)], out=sums[1:])

    def keys(edges: I64) -> U64:
        totals: U64 = (sums[edges[1:]] - sums[edges[:-1]]) * inverses[edges[:-1]]
        return finalize(totals + np.diff(edges).astype(np.uint64))

    text_keys = keys(bounds)
    text_keys[lengths == 0] = 0
    shingle_counts = np.maximum(lengths - (SHINGLE - 1), 0)
    return Fingerprints(
        text_keys=text_keys,
        text_words=lengths,
        sentence_keys=keys(sentence_bounds),
        sentence_words=np.diff(sentence_bounds),
        sentence_texts=np.searchsorted(bounds, sentence_bounds[:-1], side="right") - 1,
        shingles=_shingles(sums, inverses, bounds),
        shingle_bounds=np.concatenate(([0], np.cumsum(shingle_counts))),
    )


def _words(data: NDArray[np.uint8]) -> tuple[I64, I64]:
    is_word = data >= FIRST_WORD_BYTE
    edges = np.flatnonzero(is_word[1:] != is_word[:-1]) + 1
    if is_word[0]:
        edges = np.concatenate(([0], edges))
    return edges[0::2], edges[1::2]


def _word_hashes(data: NDArray[np.uint8], starts: I64, ends: I64) -> U64:
    # Eight bytes from every offset on, unaligned: a view, nothing is copied until it is indexed.
    windows: U64 = np.ndarray((len(data) - 7,), dtype="<u8", buffer=data.data, strides=(1,))
    lengths = np.minimum(ends - starts, LONGEST_WORD)
    hashes: U64 = windows[starts] & _MASKS[np.minimum(lengths, 8)]
    hashes *= _C_WORD
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


def _shingles(sums: U64, inverses: U64, bounds: I64) -> U64:
    count = len(sums) - SHINGLE
    if count <= 0:
        return np.zeros(0, dtype=np.uint64)
    totals = sums[SHINGLE:] - sums[:-SHINGLE]
    totals *= inverses[:count]
    # Those that begin in the last words of a text run into the next one.
    inside = np.ones(count, dtype=bool)
    for back in range(1, SHINGLE):
        crossing = bounds[1:] - back
        inside[crossing[(crossing >= 0) & (crossing < count)]] = False
    return finalize(totals[inside])


_tables: list[U64] = []


def _powers(length: int) -> tuple[U64, U64]:
    """The powers of the position multiplier and of its inverse modulo 2**64, at least one more than `length`."""
    if not _tables or len(_tables[0]) <= length:
        size = max(1 << 17, 1 << (length + 1).bit_length())
        _tables[:] = [
            np.multiply.accumulate(np.concatenate(([np.uint64(1)], np.full(size - 1, np.uint64(base)))))
            for base in (POSITION_MULTIPLIER, pow(POSITION_MULTIPLIER, -1, 1 << 64))
        ]
    return _tables[0], _tables[1]


def segment_keys(hashes: U64, starts: I64, lengths: I64) -> U64:
    """Keys of contiguous, non-empty runs of hashes that together cover all of them; their order counts."""
    powers, inverses = _powers(len(hashes))
    sums = np.zeros(len(hashes) + 1, dtype=np.uint64)
    np.cumsum(hashes * powers[: len(hashes)], out=sums[1:])
    totals: U64 = (sums[starts + lengths] - sums[starts]) * inverses[starts]
    return finalize(totals + lengths.astype(np.uint64))
