"""Many texts looked for at once: the rarest four bytes of each, among all that stand four in a row in a source."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from postlint.hashing import WORD_MULTIPLIER

WIDTH = 4
"""Bytes of a window. A shorter text has none."""
_BITS = 16
_MULTIPLIER = np.uint32(WORD_MULTIPLIER >> 32 | 1)
_SHIFT = np.uint32(32 - _BITS)

Found = frozenset[int]
"""The numbers of the rules that a text stands for."""


def window_search(
    texts: Iterable[tuple[bytes, Found]], rank: Callable[[int], int]
) -> Callable[[bytes, set[int]], None]:
    """A function that adds to a set what stands for the texts that some bytes hold.

    `rank` says how rare a byte is. The costs are those of one pass over the bytes and hardly grow with the texts:
    with a hundred of them it takes a tenth of the time of looking for each.
    """
    chosen: dict[bytes, list[tuple[int, bytes, Found]]] = {}
    for text, numbers in texts:
        ranks = [rank(byte) for byte in text]
        at = max(range(len(text) - WIDTH + 1), key=lambda start: sum(ranks[start : start + WIDTH]))
        chosen.setdefault(text[at : at + WIDTH], []).append((at, text, numbers))
    # A table of bits tells nearly all windows from the few that are looked for.
    table = np.zeros(1 << _BITS, dtype=bool)
    wanted = np.frombuffer(b"".join(chosen), dtype="<u4")
    table[wanted * _MULTIPLIER >> _SHIFT] = True

    def search(data: bytes, found: set[int]) -> None:
        count = len(data) - WIDTH + 1
        if count < 1:
            return
        # The windows from every byte on: a view, nothing is copied.
        windows = np.ndarray((count,), dtype="<u4", buffer=data, strides=(1,))
        hashes = windows * _MULTIPLIER
        hashes >>= _SHIFT
        for position in np.flatnonzero(table.take(hashes)).tolist():
            for offset, text, numbers in chosen.get(data[position : position + WIDTH], ()):
                if offset <= position and data.startswith(text, position - offset):
                    found |= numbers

    return search
