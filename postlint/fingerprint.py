"""Fingerprints of many texts at once: 64-bit hashes of words, shingles, sentences and paragraphs, in numpy.

`fingerprint_one.py` is the twin for one text, in plain Python, and gives the same numbers bit for bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

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
# What word hashes are mixed with for second keys: any number of mixed bits.
_SECOND = np.uint64(0xA0761D6478BD642F)
_32 = np.uint64(32)
_29 = np.uint64(29)
_1, _7 = np.uint64(1), np.uint64(7)
_ONES = np.uint64(0x0101010101010101)
_HIGH = np.uint64(0x8080808080808080)
_UPPER = np.uint64(0xF8F8F8F8F8F8F8F8)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_POWERS = np.array([pow(POSITION_MULTIPLIER, power, 1 << 64) for power in range(SHINGLE)], dtype=np.uint64)
_PADDING = "\x00" * 8

# What glibc hands back to the system when it is freed, it must fetch and clear again for the next batch, which takes
# longer than all that is done with it. It keeps what is smaller than the largest block freed so far: so one is.
np.empty(1 << 24, dtype=np.uint8)


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


class Runs(NamedTuple):
    """The shingles of a sequence of texts, and between those of two texts the ones that begin in the first alone.

    Those of text `i` are `shingles[starts[i]:ends[i]]`.
    """

    shingles: U64
    starts: I64
    ends: I64


def runs(texts: Sequence[str]) -> Runs:
    """The shingles of texts, as `fingerprint` has them; half its work where nothing else is wanted."""
    found = _words(texts)
    shingles = _shingles(found.hashes)
    # The last words of all begin no shingle.
    starts = np.minimum(found.bounds[:-1], len(shingles))
    return Runs(shingles, starts, np.maximum(found.bounds[1:] - (SHINGLE - 1), starts))


def fingerprint(texts: Sequence[str]) -> Fingerprints:
    """The fingerprints of texts (paragraphs, list items, titles ...), each taken alone.

    Fastest when the texts are about half a megabyte together, so that what is made of them stays in the cache.
    """
    words = _words(texts)
    hashes, bounds = words.hashes, words.bounds
    lengths = np.diff(bounds)
    sentence_bounds = _sentence_bounds(words)
    text_keys, sentence_keys = _keys(hashes, bounds, sentence_bounds)
    text_keys[lengths == 0] = 0
    shingle_counts = np.maximum(lengths - (SHINGLE - 1), 0)
    every = _shingles(hashes)
    # Those that begin in the last words of a text run into the next one.
    inside = np.ones(len(every), dtype=bool)
    for back in range(1, SHINGLE):
        crossing = bounds[1:] - back
        inside[crossing[(crossing >= 0) & (crossing < len(every))]] = False
    return Fingerprints(
        text_keys=text_keys,
        text_words=lengths,
        sentence_keys=sentence_keys,
        sentence_words=np.diff(sentence_bounds),
        sentence_texts=np.searchsorted(bounds, sentence_bounds[:-1], side="right") - 1,
        shingles=every[inside],
        shingle_bounds=np.concatenate(([0], np.cumsum(shingle_counts))),
    )


def second_keys(texts: Sequence[str]) -> tuple[U64, U64]:
    """Keys of texts and of their sentences that have nothing to do with those of `fingerprint`, in the same order.

    With both, 128 bits, no two of ten billion texts are taken for one by chance.
    """
    words = _words(texts)
    text_keys, sentence_keys = _keys(finalize(words.hashes ^ _SECOND), words.bounds, _sentence_bounds(words))
    return text_keys, sentence_keys


def _sentence_bounds(words: _Words) -> I64:
    """Where sentences begin among the words, and where the last one ends."""
    data, starts, bounds = words.data, words.starts, words.bounds
    # A sentence starts at the first word after a stop, and at the first word of each text.
    stops = np.flatnonzero(data == STOP)
    following, second = data[stops + 1], data[stops + 2]
    ends_text = (following == SPACE) | (following == END)
    ends_text |= (following == CLOSER) & ((second == SPACE) | (second == END))
    is_start = np.zeros(len(starts) + 1, dtype=bool)
    is_start[np.searchsorted(starts, stops[ends_text])] = True
    is_start[bounds[:-1]] = True
    return np.append(np.flatnonzero(is_start[: len(starts)]), len(starts))


def _keys(hashes: U64, *many_edges: I64) -> Iterator[U64]:
    """The keys of segments of words, whose edges come one after the other."""
    # The key of words i to j is the sum of hash * power(position in i..j). With sums over the whole batch, each segment
    # and each shingle costs one difference, shifted back to position 0 by the inverse power: all modulo 2**64.
    powers, inverses = _powers(len(hashes))
    sums = np.zeros(len(hashes) + 1, dtype=np.uint64)
    np.cumsum(hashes * powers[: len(hashes)], out=sums[1:])
    for edges in many_edges:
        totals: U64 = (sums[edges[1:]] - sums[edges[:-1]]) * inverses[edges[:-1]]
        yield finalize(totals + np.diff(edges).astype(np.uint64))


class _Words(NamedTuple):
    data: NDArray[np.uint8]
    """The texts as translated bytes, with something of no word before, between and after them."""
    starts: I64
    """Where the words start in the data."""
    hashes: U64
    """Of the words."""
    bounds: I64
    """Which words are those of text i: from bounds[i] to bounds[i + 1]."""


def _words(texts: Sequence[str]) -> _Words:
    # A zero byte around each text: no word and no sentence crosses it. After all of them a window of eight must fit.
    joined = "\x00".join(["", *texts, _PADDING])
    if joined.isascii():
        lengths = [len(text) for text in texts]
        encoded = joined.encode()
    else:
        pieces = [respell(text).encode("utf-8", "replace") for text in texts]
        lengths = [len(piece) for piece in pieces]
        encoded = b"\x00".join([b"", *pieces, _PADDING.encode()])
    data = np.frombuffer(encoded.translate(CLASSES), dtype=np.uint8)
    is_word = data >= FIRST_WORD_BYTE
    before = np.flatnonzero(is_word[1:] > is_word[:-1])
    bounds = np.searchsorted(before, np.cumsum([0, *(length + 1 for length in lengths)]))
    # Eight bytes from every offset on, unaligned: a view, nothing is copied until it is indexed.
    windows: U64 = np.ndarray((len(data) - 7,), dtype="<u8", buffer=data.data, strides=(1,))
    return _Words(data, before + 1, _word_hashes(windows[1:], before), bounds)


def _word_hashes(windows: U64, starts: I64) -> U64:
    hashes = windows[starts]
    mask = _word_mask(hashes)
    hashes &= mask
    hashes *= _C_WORD
    hashes ^= hashes >> _32
    # A window without an end holds part of a word: the next ones are folded in, too.
    long = np.flatnonzero(mask == _ALL)
    for offset in range(8, LONGEST_WORD, 8):
        if not len(long):
            break
        window = windows[starts[long] + offset]
        mask = _word_mask(window)
        folded = (hashes[long] ^ (window & mask)) * _C_FOLD
        folded ^= folded >> _32
        hashes[long] = folded
        long = long[mask == _ALL]
    return hashes


def _word_mask(windows: U64) -> U64:
    """The bits of the bytes before the first one that is of no word; all bits where there is none."""
    # What is of no word is less than eight. Subtracting one borrows from bit 7 of a byte that is zero but for these.
    upper = windows & _UPPER
    mask = upper - _ONES
    np.invert(upper, out=upper)
    mask &= upper
    mask &= _HIGH
    mask >>= _7
    np.negative(mask, out=upper)
    mask &= upper
    mask -= _1
    return mask


def _shingles(hashes: U64) -> U64:
    """The hash of each run of SHINGLE = 5 words, whatever text they are of: the sum of hash * power(position)."""
    if len(hashes) < SHINGLE:
        return np.zeros(0, dtype=np.uint64)
    # Sums of two, of four and of five, each from the one before.
    two = hashes[1:] * _POWERS[1]
    two += hashes[:-1]
    four = two[2:] * _POWERS[2]
    four += two[:-2]
    five = hashes[4:] * _POWERS[4]
    five += four[:-1]
    return finalize(five)


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
