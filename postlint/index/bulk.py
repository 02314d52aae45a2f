"""Postings of a whole corpus at once, by numpy: what `postings.py` reads."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from postlint.fingerprint import U64
from postlint.index.postings import Layout


def chunks(keys: U64, posts: NDArray[np.integer], layout: Layout) -> Iterator[bytes]:
    """The chunks of a kind, in order of their numbers, all of them: an entry for each distinct key and post."""
    count = 1 << layout.bits
    entries = keys << np.uint64(layout.bits)
    entries >>= np.uint64(layout.post_bits)
    entries <<= np.uint64(layout.post_bits)
    entries |= posts.astype(np.uint64)
    if not layout.bits:
        yield _sorted(entries)
        return
    # Few enough bits that numpy sorts them by counting.
    number = (keys >> np.uint64(64 - layout.bits)).astype(np.uint16)
    entries = entries[np.argsort(number, kind="stable")]
    bounds = np.concatenate(([0], np.cumsum(np.bincount(number, minlength=count))))
    for start, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        yield _sorted(entries[start:end])


def _sorted(entries: U64) -> bytes:
    ordered = np.sort(entries)
    distinct = np.ones(len(ordered), dtype=bool)
    distinct[1:] = ordered[1:] != ordered[:-1]
    return ordered[distinct].tobytes()
