"""Postings: for each key the posts that have it, in their order; packed so that eight bytes are an entry.

The entries of a kind are cut into 2**bits chunks by the upper bits of their keys. An entry is the bits that follow, and
below them the number of a post, in as many bits as numbers of posts need; entries are sorted. So keys are told apart by
64 bits less those of a number, and those of the chunk: by 60 or so.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import NamedTuple

MOST_POSTS = 1 << 24
"""An index holds at most 16 million posts."""
MOST_BITS = 16
"""A kind is cut into at most 2**16 chunks."""
CHUNK = 256
"""Entries of a chunk, about."""
LEAST_KEY = 54
"""Bits of a key that are compared at least: what `sketch_layout` needs of the keys of bands."""
_64 = (1 << 64) - 1


class Layout(NamedTuple):
    """How the entries of a kind are packed."""

    bits: int
    """The upper bits of a key, which choose the chunk."""
    post_bits: int
    """The lower bits of an entry, which are the number of a post."""

    @classmethod
    def of(cls, entries: int, posts: int) -> Layout:
        """The layout of a kind of so many entries, in a corpus of so many posts."""
        post_bits = max((posts - 1).bit_length(), 1)
        bits = max((entries // CHUNK).bit_length(), LEAST_KEY + post_bits - 64)
        return cls(min(bits, MOST_BITS), post_bits)

    def chunk(self, key: int) -> int:
        """The number of the chunk of a key."""
        return key >> (64 - self.bits) if self.bits else 0

    def packed(self, key: int) -> int:
        """What the entries of a key have in common: its bits after those of the chunk; those of the post are zero."""
        return (key << self.bits & _64) >> self.post_bits << self.post_bits


class Postings:
    """The postings of one kind, read a chunk at a time. `read` gives the bytes of a chunk by its number."""

    def __init__(self, layout: Layout, read: Callable[[int], bytes]) -> None:
        self._layout = layout
        self._read = read
        self._chunks: dict[int, memoryview] = {}

    def _chunk(self, key: int) -> memoryview:
        number = self._layout.chunk(key)
        chunk = self._chunks.get(number)
        if chunk is None:
            chunk = self._chunks[number] = memoryview(self._read(number)).cast("Q")
        return chunk

    def holders(self, key: int) -> Holders:
        """The posts that have a key."""
        chunk = self._chunk(key)
        first = self._layout.packed(key)
        start = bisect_left(chunk, first)
        last = first | (1 << self._layout.post_bits) - 1
        # Most keys that are asked for stand nowhere.
        end = start if start == len(chunk) or chunk[start] > last else bisect_right(chunk, last, start)
        return Holders(chunk, start, end, self._layout.post_bits)

    def crowd(self, key: int, order_bits: int) -> Holders:
        """The posts that have any of the keys that differ from one in the lower bits alone, in order of the keys."""
        chunk = self._chunk(key)
        below = (1 << order_bits + self._layout.bits) - 1
        first = self._layout.packed(key) & ~below
        start = bisect_left(chunk, first)
        return Holders(chunk, start, bisect_right(chunk, first | below, start), self._layout.post_bits)

    def packed(self, key: int) -> int:
        """What the entries of a key have in common: entries compare as their keys do, where the chunk is one."""
        return self._layout.packed(key)


class Holders:
    """Posts in an order: a stretch of a chunk."""

    __slots__ = ("_chunk", "_end", "_mask", "_start")

    def __init__(self, chunk: memoryview, start: int, end: int, post_bits: int) -> None:
        self._chunk, self._start, self._end = chunk, start, end
        self._mask = (1 << post_bits) - 1

    def __len__(self) -> int:
        return self._end - self._start

    def __getitem__(self, place: int) -> int:
        """The number of the post at a place, from 0."""
        return int(self._chunk[self._start + place]) & self._mask

    def packed(self, place: int) -> int:
        """The packed key of the entry at a place, from 0."""
        return int(self._chunk[self._start + place]) & ~self._mask

    def before(self, packed: int, post: int) -> int:
        """How many of the entries come before that of a post for a packed key."""
        # A number past the last one makes the next key of it, which is right.
        return bisect_left(self._chunk, packed + post, self._start, self._end) - self._start

    def place(self, post: int) -> int:
        """How many of the posts of one key come before a number."""
        return self.before(self.packed(0), post) if len(self) else 0
