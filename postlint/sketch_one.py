"""The twin of `sketch.py` for one post: the same sketch, order and estimate in plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from postlint.sketch_layout import (
    BAND,
    BAND_MULTIPLIERS,
    BAND_SHIFT,
    BANDS,
    EMPTY,
    EMPTY_BYTE,
    KEY_BITS,
    KEY_SHIFT,
    NEXT_BITS,
    NEXT_SHIFTS,
    SLOTS,
)

_ALL = (1 << 64) - 1


def sketch_one(shingles: Iterable[int]) -> list[int]:
    """The sketch of a post with these shingles: SLOTS values of 32 bits."""
    slots = [EMPTY] * SLOTS
    for shingle in shingles:
        slot = shingle >> 57
        value = shingle >> 32
        if value < slots[slot]:
            slots[slot] = value
    return slots


def low_bytes(slots: Iterable[int]) -> bytes:
    """A byte of each slot: what estimates are made of."""
    return bytes(EMPTY_BYTE if slot == EMPTY else min(slot & 0xFF, EMPTY_BYTE - 1) for slot in slots)


def sort_keys(slots: Sequence[int]) -> list[int | None]:
    """By what the post stands in the order of each band; None where all slots of the band are empty."""
    keys = [_band_key(slots[first : first + BAND]) for first in range(0, SLOTS, BAND)]
    found: list[int | None] = []
    for band, key in enumerate(keys):
        if key is None:
            found.append(None)
            continue
        number = band << BAND_SHIFT | key << KEY_SHIFT
        for step, shift in enumerate(NEXT_SHIFTS, 1):
            number |= (keys[(band + step) % BANDS] or 0) >> (KEY_BITS - NEXT_BITS) << shift
        found.append(number)
    return found


def _band_key(band: Sequence[int]) -> int | None:
    if all(slot == EMPTY for slot in band):
        return None
    mixed = sum(slot * multiplier for slot, multiplier in zip(band, BAND_MULTIPLIERS, strict=True)) & _ALL
    mixed ^= mixed >> 32
    return (mixed * BAND_MULTIPLIERS[0] & _ALL) >> (64 - KEY_BITS)


def agreement(first: bytes, second: bytes) -> tuple[int, int]:
    """In how many slots two posts agree, by their low bytes, and how many slots are filled in either."""
    both = int.from_bytes(first, "little") ^ int.from_bytes(second, "little")
    same = both.to_bytes(SLOTS, "little").count(0)
    if EMPTY_BYTE not in first or EMPTY_BYTE not in second:
        return same, SLOTS
    empty = sum(one == other == EMPTY_BYTE for one, other in zip(first, second, strict=True))
    return same - empty, SLOTS - empty


def own_best(scores: Mapping[int, int], keep: int) -> list[int]:
    """Of the scores of a post's candidates the `keep` best, in their order; of equal ones the smaller number."""
    return sorted(scores, key=lambda other: (-scores[other], other))[:keep]
