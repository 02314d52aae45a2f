"""Arrow batches in order of a key, cut anew so that all rows of one value of the key are together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

ROWS = 1 << 16
"""Rows that are gathered before they are handed on, unless a group is larger."""


def whole_groups(batches: Iterable[pa.RecordBatch], names: Sequence[str], rows: int = ROWS) -> Iterator[pa.Table]:
    """The rows of batches as tables of at least so many, but for the last; none ends within a group.

    The rows of a group have the columns of these names in common, and come one after the other.
    """
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        if not batch.num_rows:
            continue
        start = _last_start(batch, names, waiting[-1] if waiting else None) if count + batch.num_rows >= rows else -1
        waiting.append(batch)
        count += batch.num_rows
        if start >= 0:
            waiting[-1] = batch.slice(0, start)
            if count > batch.num_rows or start:
                yield _table(waiting)
            waiting = [batch.slice(start)]
            count = batch.num_rows - start
    if waiting:
        yield _table(waiting)


def _table(batches: Sequence[pa.RecordBatch]) -> pa.Table:
    return pa.Table.from_batches(batches).combine_chunks()


def _last_start(batch: pa.RecordBatch, names: Sequence[str], before: pa.RecordBatch | None) -> int:
    """The last row at which a group begins; -1 where all rows are of the group before."""
    found = -1
    for name in names:
        column = batch.column(name).to_numpy()
        changes = (column[1:] != column[:-1]).nonzero()[0]
        if len(changes):
            found = max(found, int(changes[-1]) + 1)
        elif before is None or before.column(name)[-1].as_py() != column[0]:
            found = max(found, 0)
    return found
