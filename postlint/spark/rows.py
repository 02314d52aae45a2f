"""Python rows to Arrow batches of a schema that is written as Spark writes it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import pyarrow as pa

_TYPES = {
    "tinyint": pa.int8(),
    "int": pa.int32(),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "string": pa.string(),
    "binary": pa.binary(),
    "array<bigint>": pa.list_(pa.int64()),
    "array<int>": pa.list_(pa.int32()),
    "array<binary>": pa.list_(pa.binary()),
}


@cache
def types_of(schema: str) -> pa.Schema:
    """The Arrow schema of a schema of names and types, parted by commas."""
    fields = (column.split() for column in schema.split(","))
    return pa.schema([(name, _TYPES[kind]) for name, kind in fields])


def names_of(schema: str) -> list[str]:
    """The names of its columns."""
    return list(types_of(schema).names)


def batch(rows: Sequence[Sequence[Any]], schema: str) -> pa.RecordBatch:
    """Rows as one batch."""
    types = types_of(schema)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(types)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, types, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=types)
