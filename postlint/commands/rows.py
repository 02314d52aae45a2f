"""Posts read anew for the reports that show more of them than what was found: their rows, who wrote them and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import lru_cache

from postlint.field_map import NO_MAPS, FieldMaps
from postlint.loading import Files, Posts
from postlint.post import Lines
from postlint.reporters import About
from postlint.values import parse_date

AUTHORS = 5
"""Authors of a post that are told."""


class Rows:
    """What gives the rows of a post as its reader sees them, or None where it can't be read."""

    def __init__(self, posts: Posts) -> None:
        self._posts = posts
        # Violations come in order of posts.
        self._rows = lru_cache(maxsize=4)(self._read)

    def __call__(self, path: str, number: int) -> Lines | None:
        return self._rows(path, number)

    def _read(self, path: str, number: int) -> Lines | None:
        stretch = self._posts.stretch(path, number)
        return stretch.lines() if stretch is not None else None

    def about(self, path: str, number: int) -> About:
        """Who wrote a post, and when, by its meta."""
        try:
            meta = self._posts.one(path, number).meta
        except (OSError, LookupError):
            return About()
        names = dict.fromkeys(entry.value.strip() for entry in meta.all("author"))
        entries = (entry for field in ("published", "created") for entry in meta.all(field))
        days = (parse_date(entry.value).day for entry in entries)
        return About(tuple(filter(None, names))[:AUTHORS], next(filter(None, days), None))


@contextmanager
def rows_of(unsaved: Mapping[str, bytes], fields: FieldMaps = NO_MAPS) -> Iterator[Rows]:
    """The rows of posts, and what their meta says of them."""
    with closing(Posts(Files(unsaved), fields)) as posts:
        yield Rows(posts)
