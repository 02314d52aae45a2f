"""Who else has a key: postings in order of their keys to mail for the posts that have them, by numpy.

Rows are in order of kind, key, the rest of the key, and post; a group is what has all but the post in common, and all
of it is in one table. What stands alone has no mail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from postlint.fingerprint import I64
from postlint.sketch import agreement
from postlint.sketch_layout import EMPTY_BYTE, SLOTS, WINDOW, likely
from postlint.spark.contract import ALIKE, AROUND, FIRST, firsts_of, window_of

_INTS = NDArray[np.integer]
MAIL_TYPES = pa.schema([
    ("post", pa.int64()),
    ("role", pa.int8()),
    ("kind", pa.int8()),
    ("key", pa.int64()),
    ("df", pa.int64()),
    ("others", pa.list_(pa.int64())),
    ("a", pa.list_(pa.int32())),
    ("b", pa.list_(pa.int32())),
    ("c", pa.list_(pa.int32())),
    ("text", pa.list_(pa.binary())),
])  # fmt: skip
"""`contract.MAIL`."""
PAIR_TYPES = pa.schema([("post", pa.int64()), ("other", pa.int64())])


def numbers(table: pa.Table, name: str) -> Any:
    """A column of numbers as an array; what is null counts as 0."""
    return table.column(name).fill_null(0).to_numpy()


def group_starts(*columns: _INTS) -> I64:
    """Where a row differs from the one before in one of the columns; the first does."""
    new = np.zeros(len(columns[0]), dtype=bool)
    new[:1] = True
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(new)


def mail(table: pa.Table, kinds: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The mail of postings, `contract.POSTINGS_ROW` in order: whole groups, of any kinds but bands."""
    number = numbers(table, "kind")
    for kind in np.unique(number).tolist():
        rows = np.flatnonzero(number == kind)
        yield from _mail(table.slice(int(rows[0]), len(rows)), kind, kinds[kind])


def _mail(table: pa.Table, kind: int, name: str) -> Iterator[pa.RecordBatch]:
    key = numbers(table, "key")
    starts = group_starts(key, numbers(table, "more"))
    sizes = np.diff(np.append(starts, len(key)))
    shared = np.flatnonzero(np.repeat(sizes, sizes) > 1)
    if not len(shared):
        return
    group = np.repeat(np.arange(len(starts)), sizes)[shared]
    first, size = starts[group], sizes[group]
    count, window = firsts_of(name), window_of(name)
    if count:
        lengths = np.minimum(size, count)
        # The post that a body is said to be taken from comes before the first ones.
        sources = _originals(table, starts, sizes) if name.startswith("body") else None
        yield _batch(table, FIRST, kind, shared, size, _ranges(first, lengths), lengths, sources, group)
    if window:
        low = np.maximum(shared - window, first)
        high = np.minimum(shared + window + 1, first + size)
        lengths = high - low
        rows = _ranges(low, lengths)
        other = rows != np.repeat(shared, lengths)
        yield _batch(table, AROUND, kind, shared, size, rows[other], lengths - 1)


def _originals(table: pa.Table, starts: I64, sizes: I64) -> I64:
    """Of each group the row of the earliest day of publishing, else the first row."""
    day = numbers(table, "a").astype(np.int64)
    day[day == 0] = np.iinfo(np.int64).max
    order = np.lexsort((np.arange(len(day)), day, np.repeat(np.arange(len(starts)), sizes)))
    return order[starts]


def _ranges(starts: I64, lengths: I64) -> I64:
    offsets = np.cumsum(lengths) - lengths
    found: I64 = np.repeat(starts - offsets, lengths) + np.arange(int(lengths.sum()))
    return found


def _batch(
    table: pa.Table,
    role: int,
    kind: int,
    holders: I64,
    df: I64,
    rows: I64,
    lengths: I64,
    sources: I64 | None = None,
    group: I64 | None = None,
) -> pa.RecordBatch:
    """Mail for the posts of some rows: of each what so many others of the rows say."""
    ends = np.cumsum(lengths)
    if sources is not None and group is not None:
        rows = np.insert(rows, ends - lengths, sources[group])
        ends = np.cumsum(lengths + 1)
    offsets = pa.array(np.concatenate(([0], ends)), pa.int32())
    taken = pa.array(rows)

    def lists(name: str) -> pa.ListArray:
        return pa.ListArray.from_arrays(offsets, table.column(name).take(taken).combine_chunks())

    texts = table.column("text")
    columns = [
        table.column("post").take(pa.array(holders)).combine_chunks(),
        pa.array(np.full(len(holders), role, dtype=np.int8)),
        pa.array(np.full(len(holders), kind, dtype=np.int8)),
        table.column("key").take(pa.array(holders)).combine_chunks(),
        pa.array(df),
        lists("post"),
        lists("a"),
        lists("b"),
        lists("c"),
        pa.nulls(len(holders), pa.list_(pa.binary())) if texts.null_count == len(texts) else lists("text"),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=MAIL_TYPES)


def band_pairs(table: pa.Table) -> pa.RecordBatch:
    """The pairs of posts that stand next to each other in a band, the lesser first; each as often as they meet.

    Rows of a band have its key in common and are in order of `more`, then of the post.
    """
    key, post = numbers(table, "key"), numbers(table, "post")
    lesser, greater = [], []
    near = np.arange(len(key))
    for step in range(1, WINDOW + 1):
        near = near[: np.searchsorted(near, len(key) - step)]
        near = near[key[near] == key[near + step]]
        lesser.append(np.minimum(post[near], post[near + step]))
        greater.append(np.maximum(post[near], post[near + step]))
    pairs = np.stack((np.concatenate(lesser), np.concatenate(greater)), axis=1)
    pairs = np.unique(pairs, axis=0) if len(pairs) else pairs
    return pa.RecordBatch.from_arrays([pa.array(pairs[:, 0]), pa.array(pairs[:, 1])], schema=PAIR_TYPES)


def alike(table: pa.Table, resemblance: float) -> Iterator[pa.RecordBatch]:
    """Mail for either post of pairs that may resemble each other as much as asked.

    The columns are two posts, `post` and `other`, and the low bytes of their sketches, `low` and `other_low`.
    """
    if not table.num_rows:
        return
    pairs = table.num_rows
    low = np.concatenate([_low(table, "low"), _low(table, "other_low")])
    rows = np.arange(pairs)
    agreeing, filled = agreement(low, (low == EMPTY_BYTE).any(axis=1), rows, rows + pairs)
    good = np.flatnonzero(likely(agreeing, filled, resemblance))
    said = (agreeing * 256 + filled)[good]
    post, other = numbers(table, "post")[good], numbers(table, "other")[good]
    for mine, its in ((post, other), (other, post)):
        columns = {
            "post": pa.array(mine),
            "role": pa.array(np.full(len(good), ALIKE, dtype=np.int8)),
            "kind": pa.array(np.full(len(good), -1, dtype=np.int8)),
            "key": pa.array(its),
            "df": pa.array(said),
        }
        yield pa.RecordBatch.from_arrays(
            [columns[field.name] if field.name in columns else pa.nulls(len(good), field.type) for field in MAIL_TYPES],
            schema=MAIL_TYPES,
        )


def _low(table: pa.Table, name: str) -> NDArray[np.uint8]:
    data = b"".join(table.column(name).to_pylist())
    return np.frombuffer(data, dtype=np.uint8).reshape(-1, SLOTS)
