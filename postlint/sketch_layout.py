"""Which posts are compared with which: the numbers that a whole run and a look-up of one post share.

A post is compared with its own candidates alone, so that what is found for it depends on nothing but its own keys and
the posts that stand next to it under each of them.
"""

from __future__ import annotations

from typing import Any

SLOTS = 128
"""Slots of a sketch (one-permutation MinHash: Li, Owen, Zhang 2012)."""
EMPTY = 0xFFFFFFFF
"""The value of a slot that no shingle fell into."""
EMPTY_BYTE = 0xFF
"""What the low byte of an empty slot is; that of a filled one is at most one less."""
BAND = 4
"""Slots in a band. 32 bands of 4 miss a pair of resemblance .8 once in 20 million, and one of .5 in eight."""
BANDS = SLOTS // BAND
WINDOW = 10
"""How many posts before and after it, in the order of a band, a post is compared with."""
BEST = 6
"""How many of its candidates a post is verified with: those whose sketches agree best with its own."""
DEVIATIONS = 4
"""How many standard deviations an estimate may lie below the resemblance asked for: 30 of a million pairs lie lower."""

SENTENCE_WINDOW = 4
"""How many posts before and after it, of those that have a sentence, a post meets under this sentence."""
SENTENCE_BEST = 4
"""How many of the posts that it meets a post is verified with: those that it meets under the most sentences."""
LEAST_SHARED = 0.4
"""A post that another one contains shares at least this part of its sentences with it, slots and edits allowed for."""

# The order of posts in a band is that of a 64-bit number: the band, its key, the uppermost bits of the keys of the four
# bands that follow, and ten zero bits. The more alike two posts are, the closer they stand.
KEY_BITS = 33
NEXT_BITS = 4
BAND_SHIFT = 59
KEY_SHIFT = BAND_SHIFT - KEY_BITS
NEXT_SHIFTS = tuple(KEY_SHIFT - NEXT_BITS * step for step in range(1, 5))
# A multiplier a slot, so that the values of a band make one key (the golden ratio, and three primes of xxHash64).
BAND_MULTIPLIERS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5)


def likely(agreeing: Any, filled: Any, resemblance: float) -> Any:
    """Whether posts may resemble each other as much as asked, of whose slots so many are filled and agree.

    Of numbers or of arrays, here and below: what a run and a look-up decide must be decided by the same arithmetic.
    """
    lacking = resemblance * filled - agreeing
    # Of slots that agree with this probability each. (No root is taken: not all agree on its last bit.)
    return (lacking <= 0) | (lacking * lacking <= DEVIATIONS * DEVIATIONS * resemblance * (1 - resemblance) * filled)


def enough_shared(met: Any, fewer: Any) -> Any:
    """Whether one post may contain the other, that met under so many sentences; the one with fewer has `fewer`."""
    return met >= LEAST_SHARED * fewer
