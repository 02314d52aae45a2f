"""What comes to a worker: parts of files, each with the mail and the letters for its posts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from postlint.errors import UserError
from postlint.spark.contract import ANSWERS, MAIL, PARTS
from postlint.spark.holders import group_starts, numbers
from postlint.spark.job import Part
from postlint.spark.letters import Letter
from postlint.spark.streams import whole_groups

THE_PART, MAIL_ROW, LETTER_ROW, OPEN_ROW = 0, 1, 2, 3
"""Tags of the rows of a part, in their order: the part itself, mail, letters, and posts that are asked about."""
ROWS = 2_000
"""Rows that are taken at a time: some hundred posts."""
INCOMING = (
    f"tag tinyint, {PARTS}, {MAIL.removeprefix('post bigint, ')}, post bigint,"
    f" {ANSWERS.removeprefix('other bigint, ')}, other bigint"
)
"""The columns of all of them: rows are in order of part, tag and post."""
PART_COLUMNS = ("part", "path", "first", "last", "size", "stamp", "content")
LETTER_COLUMNS = ("other", "about", "lines", "body_key", "paragraphs", "counts", "shingles", "texts")


class Incoming(NamedTuple):
    """A part, and where in the table its mail and its letters are."""

    part: Part
    table: pa.Table
    posts: list[int]
    """The post of each row of the table."""
    mail: range
    letters: range
    open: range

    def letters_of(self, rows: Iterable[int]) -> Iterator[Letter]:
        """The letters of some rows."""
        for row in rows:
            yield Letter.read([self.table.column(name)[row].as_py() for name in LETTER_COLUMNS])

    def of_post(self, rows: range, post: int) -> range:
        """The rows of a post among some that are in order of posts."""
        first = _lower(self.posts, post, rows)
        return range(first, _lower(self.posts, post + 1, range(first, rows.stop)))


def _lower(posts: list[int], post: int, rows: range) -> int:
    return bisect_left(posts, post, rows.start, rows.stop)


def by_part(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[pa.Table, list[Incoming]]]:
    """Some parts at a time, in order, with what comes for them. Raises UserError where a part itself is not there."""
    for table in whole_groups(batches, ["part"], ROWS):
        tags, part = numbers(table, "tag"), numbers(table, "part")
        starts = group_starts(part)
        posts = table.column("post").fill_null(-1).to_numpy().tolist()
        found = []
        for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(part)], strict=True):
            if tags[start] != THE_PART:
                raise UserError(f"the stage of parts does not hold part {part[start]}")
            bounds = (start + np.searchsorted(tags[start:end], (MAIL_ROW, LETTER_ROW, OPEN_ROW, OPEN_ROW + 1))).tolist()
            values = [table.column(name)[start].as_py() for name in PART_COLUMNS]
            values[1] = values[1].decode("utf-8", "surrogateescape")
            ranges = (range(first, last) for first, last in pairwise(bounds))
            found.append(Incoming(Part(*values), table, posts, *ranges))
        yield table, found
