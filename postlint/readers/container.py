"""Files that hold many posts: an export, a file of records. They are cut first, and each post is read by itself."""

from __future__ import annotations

from typing import Protocol

from postlint.post import Location, Post


class Container(Protocol):
    """The posts of a file, each a stretch of it. What is kept is where they begin and end, not what they say.

    The reader module of such a format has `split(path: str, file: BinaryIO) -> Container`; one of records takes a field
    map as well. The file can be sought in and may be larger than memory; it stays open as long as the container
    is in use. Nothing here raises for what is in the file: a stretch that can't be read is a Post of format
    "unreadable", as is all of a file that can't be cut. (UserError for Parquet says that its library is not installed.)
    """

    def __len__(self) -> int:
        """How many posts there are, those that can't be read among them."""

    def read(self, number: int) -> Post:
        """A post by its number, from 0. Its source is its stretch of the file, and its offsets count in that."""

    def source(self, number: int) -> str:
        """The stretch of a post, as its source."""

    def start(self, number: int) -> Location:
        """Where in the file the stretch of a post begins."""
