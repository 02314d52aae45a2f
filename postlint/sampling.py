"""Sampled keys of many texts in numpy, and which texts meet by them: the twin of `samples.py` for a whole run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from postlint.fingerprint import I64, U64
from postlint.pairs import counted, split
from postlint.samples import KEY_BITS, MULTIPLIER, SAMPLE, WINDOW

I32 = NDArray[np.int32]
PARTITION = 1 << 20
"""Keys that are sorted at a time."""
BLOCK = 1 << 13
"""Texts whose meetings are counted at a time."""

_KEY_BITS = np.uint64(KEY_BITS)
_32 = np.uint64(32)


def samples(hashes: U64, lengths: I64, wanted: NDArray[np.bool_]) -> tuple[U64, NDArray[np.uint8]]:
    """The sampled keys of the texts that are wanted, one text after the other, and how many each has.

    `lengths` has the number of hashes of each text, in their order. At most 2**24 texts at a time.
    """
    keys = hashes * np.uint64(MULTIPLIER)
    keys >>= np.uint64(64 - KEY_BITS)
    texts = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)
    # Sorting is what costs. The keys below a limit that lets three samples pass are nearly always enough.
    limits = np.uint64(3 * SAMPLE << KEY_BITS) // np.maximum(lengths, 1).astype(np.uint64)
    limits[~wanted] = 0
    packed = _distinct(keys, texts, keys < np.repeat(limits, lengths))
    counts = _counts(packed, len(lengths))
    short = wanted & (counts < SAMPLE) & (lengths > 3 * SAMPLE)
    if short.any():
        packed = np.sort(np.concatenate((packed[~short[packed >> _KEY_BITS]], _distinct(keys, texts, short[texts]))))
        counts = _counts(packed, len(lengths))
    rank = np.arange(len(packed)) - np.repeat(np.cumsum(counts) - counts, counts)
    sampled: U64 = packed[rank < SAMPLE] & np.uint64((1 << KEY_BITS) - 1)
    return sampled, np.minimum(counts, SAMPLE).astype(np.uint8)


def _distinct(keys: U64, texts: NDArray[np.uint32], chosen: NDArray[np.bool_]) -> U64:
    """The distinct keys that are chosen, below the number of their text, in order."""
    packed = keys[chosen]
    packed |= texts[chosen].astype(np.uint64) << _KEY_BITS
    packed.sort()
    return packed[changes(packed)]


def _counts(packed: U64, texts: int) -> I64:
    return np.bincount((packed >> _KEY_BITS).astype(np.int64), minlength=texts)


@dataclass(frozen=True, slots=True)
class Meetings:
    """Texts that met, a row a pair, in order of both."""

    text: I64
    other: I64
    keys: I64
    """By how many keys of the text they met."""


def meetings(
    keys: U64, counts: NDArray[np.integer], posts: I32, subjects: NDArray[np.bool_], window: int = WINDOW
) -> Iterator[Meetings]:
    """Whom each text meets that is a subject; some texts at a time, in their order.

    `keys` are those of the texts, one text after the other, `counts` says how many each has, `posts` whose it is; texts
    are in order of their posts. By a key of a text of post P it meets the texts of the `window` posts before P and
    after P that have the key, of each post the first such text.
    """
    seats, first_text = _seats(keys, counts, posts, subjects, window)
    for start in range(0, len(posts), BLOCK):
        first, last = np.searchsorted(seats.text, (start, start + BLOCK)).tolist()
        if first < last:
            yield _counted(_Seats(*(column[first:last] for column in seats)), first_text)


class _Seats(NamedTuple):
    """Where texts stand among the posts that have their keys, a row for each key of a subject that others have, too.

    The posts of a key are neighbours, by number; those of the window are from `low` to `high`.
    """

    text: I32
    own: I32
    low: I32
    high: I32


def _seats(
    keys: U64, counts: NDArray[np.integer], posts: I32, subjects: NDArray[np.bool_], window: int
) -> tuple[_Seats, I32]:
    """The seats in order of text, and in the order of the seats the first text that each post has there."""
    texts = np.repeat(np.arange(len(posts), dtype=np.uint32), counts)
    bits = max(len(posts).bit_length(), 1)
    # Key and text share a number. What of a key finds no room in it is the same in all of a part.
    part_bits = max((len(keys) // PARTITION).bit_length(), KEY_BITS + bits - 64)
    part_of = (keys >> np.uint64(KEY_BITS - part_bits)).astype(np.uint8 if part_bits <= 8 else np.uint16)
    seats = []
    first_texts = []
    taken = 0
    for part in range(1 << part_bits):
        rows = np.flatnonzero(part_of == part)
        packed = keys[rows] << np.uint64(bits)
        packed |= texts[rows]
        found, first_text = _seats_of_part(packed, bits, posts, subjects, window)
        seats.append(_Seats(found.text, found.own + taken, found.low + taken, found.high + taken))
        first_texts.append(first_text)
        taken += len(first_text)
    joined = _Seats(*(np.concatenate(column) for column in zip(*seats, strict=True)))
    order = np.argsort(joined.text, kind="stable")
    return _Seats(*(column[order] for column in joined)), np.concatenate(first_texts)


def _seats_of_part(packed: U64, bits: int, posts: I32, subjects: NDArray[np.bool_], window: int) -> tuple[_Seats, I32]:
    packed.sort()
    # Most keys stand alone. Where two neighbours have one key, the numbers differ in the bits of the text at most.
    close = np.flatnonzero(((packed[1:] ^ packed[:-1]) >> np.uint64(bits)) == 0)
    member = np.zeros(len(packed), dtype=bool)
    member[close] = True
    member[close + 1] = True
    packed = packed[member]
    key = packed >> np.uint64(bits)
    text = (packed & ((np.uint64(1) << np.uint64(bits)) - np.uint64(1))).astype(np.int64)
    post = posts[text]
    new_key = changes(key)
    new_seat = new_key | changes(post)
    seat = np.cumsum(new_seat) - 1
    starts = seat[new_key]
    ends = np.append(starts[1:], np.count_nonzero(new_seat))
    group = np.cumsum(new_key) - 1
    low = np.maximum(seat - window, starts[group])
    high = np.minimum(seat + window + 1, ends[group])
    asked = subjects[text] & (high - low > 1)
    columns = (text[asked], seat[asked], low[asked], high[asked])
    return _Seats(*(column.astype(np.int32) for column in columns)), text[new_seat].astype(np.int32)


def _counted(seats: _Seats, first_text: I32) -> Meetings:
    width = seats.high - seats.low
    place = np.arange(int(width.sum())) + np.repeat(seats.low - np.cumsum(width) + width, width)
    others = place != np.repeat(seats.own, width)
    pair = np.repeat(seats.text.astype(np.uint64) << _32, width)
    pair |= first_text[place].astype(np.uint64)
    pair, count = counted(pair[others])
    return Meetings(*split(pair), count)


def changes(values: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Where a value differs from the one before; the first one does."""
    changes: NDArray[np.bool_] = np.ones(len(values), dtype=bool)
    changes[1:] = values[1:] != values[:-1]
    return changes
