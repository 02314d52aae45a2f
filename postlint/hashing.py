"""The constants of the fingerprints, and keys of short values. Numbers made with them are kept: they never change."""

from __future__ import annotations

from hashlib import blake2b

SHINGLE = 5
"""Words in a shingle: the length used by FineWeb, text-dedup and Lee et al. for near-duplicates."""

LONGEST_WORD = 256
"""Bytes of a word that are hashed. Longer ones are data, not language, and two that differ later count as one."""

# Odd 64-bit multipliers. The first is 2**64 / golden ratio (Knuth), the others are the primes of xxHash64 (Collet).
WORD_MULTIPLIER = 0x9E3779B97F4A7C15
FOLD_MULTIPLIER = 0xC2B2AE3D27D4EB4F
POSITION_MULTIPLIER = 0x9E3779B185EBCA87
FINAL_MULTIPLIER = 0x165667B19E3779F9


def value_key(*parts: str) -> int:
    """The 64-bit key of a short value (an identifier, an address, a block of code); parts are kept apart."""
    digest = blake2b(digest_size=8)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return int.from_bytes(digest.digest(), "little")
