"""The rows of posts, read anew for the reports that show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import lru_cache

from postlint.field_map import NO_MAPS, FieldMaps
from postlint.loading import Files, Posts
from postlint.post import Lines
from postlint.reporters import Sources


@contextmanager
def rows_of(unsaved: Mapping[str, bytes], fields: FieldMaps = NO_MAPS) -> Iterator[Sources]:
    """What gives the rows of a post as its reader sees them, or None where it can't be read."""
    with closing(Posts(Files(unsaved), fields)) as posts:
        # Violations come in order of posts.
        @lru_cache(maxsize=4)
        def rows(path: str, number: int) -> Lines | None:
            stretch = posts.stretch(path, number)
            return stretch.lines() if stretch is not None else None

        yield rows
