"""An index that stays known between edits: its file is open while a post is judged, and at no other time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from postlint.index.cache import Cache
from postlint.index.index import Index
from postlint.index.state import Find, State


class LiveIndex:
    """The index of a corpus, and what of the corpus is not as the index has it."""

    def __init__(self, cache: Cache, find: Find) -> None:
        self.cache = cache
        self._find = find
        self._index: Index | None = None
        self._generation = b""
        self._state: State | None = None
        self.links: tuple[str, ...] = ()
        """The files of the corpus that are links."""

    def forget_state(self) -> None:
        """Look at the corpus anew when a post is judged next: something on the disk may have changed."""
        self._state = None

    @contextmanager
    def open(self) -> Iterator[tuple[Index, State]]:
        """The index and a state of the corpus, which may be changed. Raises UnusableError and TooMany."""
        learnt: list[tuple[str, bytes]] = []
        # An open file would keep other runs from writing, and this server from seeing what they have written.
        with self.cache.open_pieces() as pieces:
            generation = pieces.need("generation")
            if self._index is None or self._generation != generation:
                self._index, self._generation, self._state = Index(pieces), generation, None
            self._index.read_from(pieces)
            if self._state is None:
                disk = self.cache.disk(self._index, self._find, time.time_ns())
                self._state = disk.state()
                self.links = tuple(disk.links)
                learnt = disk.learnt
            yield self._index, State(dict(self._state.changed), set(self._state.gone))
        self.cache.keep(learnt, generation)
