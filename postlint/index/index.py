"""An index that is open: its catalog, its postings, and figures of the whole corpus."""

from __future__ import annotations

import json
import zlib
from functools import cached_property

from postlint.index.catalog import Catalog
from postlint.index.pieces import Pieces
from postlint.index.postings import Layout, Postings


class Index:
    """What pieces say of a corpus. Raises UnusableError wherever they say nothing."""

    def __init__(self, pieces: Pieces) -> None:
        self.pieces = pieces
        self._postings: dict[str, Postings] = {}
        self._base = json.loads(zlib.decompress(pieces.need("base")))
        self.catalog = Catalog(pieces, self._base["blocks"], self._base["posts"], self._base["formats"])

    def postings(self, kind: str) -> Postings:
        """The postings of a kind."""
        if kind not in self._postings:
            filled = self.pieces.need(f"{kind}/filled")

            def read(number: int) -> bytes:
                if not filled[number >> 3] & 128 >> (number & 7):
                    return b""
                return self.pieces.need(f"{kind}/{number}")

            self._postings[kind] = Postings(Layout(*self._base["layouts"][kind]), read)
        return self._postings[kind]

    def read_from(self, pieces: Pieces) -> None:
        """Go on with other pieces, which must be of the same generation: the file was closed in between."""
        self.pieces = pieces
        self.catalog.read_from(pieces)

    @cached_property
    def paths(self) -> list[str]:
        """The files of the index, in order."""
        data = zlib.decompress(self.pieces.need("paths"))
        return data.decode("utf-8", "surrogateescape").split("\0") if data else []

    @property
    def generation(self) -> bytes:
        """What tells this state of the index from all others."""
        return self.pieces.need("generation")

    @property
    def top_views(self) -> list[tuple[int, float]]:
        """The first post that has a view count, then those with the highest: post and count."""
        return [(post, count) for post, count in self._base["views"]]

    def views(self) -> list[tuple[int, str]]:
        """All view counts as they are written, in order of their posts."""
        return [(post, text) for post, text in json.loads(zlib.decompress(self.pieces.need("views")))]
