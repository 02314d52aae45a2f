"""The rows of files, read anew for the reports that show them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from postlint.post import Lines
from postlint.readers.source import decode
from postlint.reporters import Sources


def rows_of(unsaved: Mapping[str, bytes]) -> Sources:
    """What gives the rows of a file as its reader sees them, or None where it can't be read."""

    # Violations come in order of paths.
    @lru_cache(maxsize=4)
    def rows(path: str) -> Lines | None:
        data = unsaved.get(path)
        if data is None:
            try:
                with open(path, "rb") as file:
                    data = file.read()
            except OSError:
                return None
        decoded = decode(data)
        return None if isinstance(decoded, str) else Lines(decoded[0])

    return rows
