"""The rows of files, read anew for the reports that show them."""

from __future__ import annotations

from functools import lru_cache

from postlint.post import Lines
from postlint.readers.source import decode


@lru_cache(maxsize=4)
def rows(path: str) -> Lines | None:
    """The rows of a file as its reader sees them; None where it can't be read. Violations come in order of paths."""
    try:
        with open(path, "rb") as file:
            decoded = decode(file.read())
    except OSError:
        return None
    return None if isinstance(decoded, str) else Lines(decoded[0])
