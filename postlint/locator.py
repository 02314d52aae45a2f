"""Places in the posts of a corpus to rows and columns."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np

from postlint.facts import I32, Posts
from postlint.post import Location
from postlint.violations import Place


class Locator:
    """The rows of all posts: see `facts.line_starts`."""

    def __init__(self, posts: Posts, line_starts: I32, line_counts: I32) -> None:
        # One number at a time is asked for, which costs numpy ten times as much.
        self._starts = line_starts.data
        self._bounds = np.concatenate(([0], np.cumsum(line_counts, dtype=np.int64))).data
        self._rows, self._columns = posts.row.data, posts.column.data
        names = zip(posts.path, posts.number.tolist(), strict=True)
        self._posts = {name: post for post, name in enumerate(names)}

    def __call__(self, place: Place) -> tuple[Location, Location]:
        """The rows and columns of a place: of its start and its end."""
        post = self._posts[place.path, place.number]
        begin = Location(self._rows[post], self._columns[post])
        first, last = self._bounds[post], self._bounds[post + 1]
        return self._locate(place.start, first, last).after(begin), self._locate(place.end, first, last).after(begin)

    def _locate(self, offset: int, first: int, last: int) -> Location:
        row = bisect_right(self._starts, offset, first, last)
        return Location(row - first, offset - self._starts[row - 1] + 1)
