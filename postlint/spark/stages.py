"""Stages of a job, kept as Parquet: what was computed once is read back, whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from postlint import __version__
from postlint.errors import UserError
from postlint.spark.failures import (
    LostError,
    SessionGoneError,
    gone,
    is_missing,
    is_of_files,
    is_of_python,
    loss,
    reason,
    spark_errors,
)

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

FORMAT = 1
"""The version of the folders and marks of stages."""

MARK = {"format": "int", "program": "string", "schema": "string", "rows": "bigint", "run": "string"}

# Pages have their sums unless a session says otherwise, and nobody looks at them unless a reader says so. A session may
# also be told to pass over files that are damaged or gone: never here.
WRITING = {"parquet.page.write-checksum.enabled": "true"}
READING = {
    "parquet.page.verify-checksum.enabled": "true",
    "ignoreCorruptFiles": "false",
    "ignoreMissingFiles": "false",
    "mergeSchema": "false",
    # Also takes folders such as `a=b` for what they are, not for the value of a column.
    "recursiveFileLookup": "true",
}

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:", re.ASCII)
_PATTERN = re.compile(r"[*?{}\[\]\\]")


class _Mark(NamedTuple):
    """What the mark of a stage says: of which format, program and schema it is, how many rows it has, of which run."""

    format: int
    program: str
    schema: str
    rows: int
    run: str


class Stages:
    """The stages of one job in a folder that all workers see: a local path, or a URL such as `s3a://bucket/stages`.

    The key stands for everything the answer depends on: runs of the same key share their stages. A stage is
    `<folder>/<key>/<name>/`, with the rows under `rows/<run>/` and, written when they are all there, a mark under
    `mark/<run>/` that says how many they are. Each attempt at a stage is a run with a name of its own, so that two jobs
    of the same key at a time write beside each other, never into each other's folder, and what a dead job has left is
    not taken for data. Both may finish: their rows are the same, and later jobs read those whose mark comes first by
    name. What was written without being marked stays until the folder is removed: nobody can tell a job that is dead
    from one that is slow.

    All is read and written through DataFrames, which cannot list or delete files: it works wherever Spark does.
    """

    def __init__(self, spark: SparkSession, folder: str, key: str) -> None:
        if not _NAME.fullmatch(key):
            raise ValueError(f"not a key of stages: {key!r}")
        self._spark = spark
        self._key = key
        self.folder = f"{_absolute(folder)}/{key}"
        self._rows: dict[str, int] = {}
        self._declared: dict[str, list[tuple[str, str]]] = {}

    def stage(self, name: str, schema: str, make: Callable[[], DataFrame]) -> DataFrame:
        """The rows of a stage as an earlier run has kept them, else made, written, marked and read back.

        The schema is DDL, such as `post bigint, other bigint`; what `make` gives has these columns in this order.
        The rows are counted, from the footers of the Parquet files, each time a stage is asked for. Raises UserError
        where a stage was kept by another version, lacks rows or cannot be read, and where it cannot be written. A page
        damaged in a file is found by its sum when it is read, which may be in a later job: see `explained`. Footers
        have no sums but those of the file system, which HDFS, object stores and Spark on local disks all have.
        """
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a name of a stage: {name!r}")
        mark = self._mark(name)
        if mark is None:
            mark = self._make(name, schema, make)
        else:
            self._check(name, schema, mark)
        self._rows[name] = mark.rows
        return self._read(f"{name}/rows/{mark.run}", schema)

    def rows(self, name: str) -> int:
        """The number of rows of a stage that was asked for before. Raises KeyError for any other."""
        return self._rows[name]

    def remove(self) -> None:
        """Remove the stages of this key from a local disk, as far as it can be done.

        At a URL, and on a disk that only the server of Spark Connect sees, they stay.
        """
        path = self.folder.removeprefix("file://").removeprefix("file:")
        if not _URL.match(path):
            shutil.rmtree(path, ignore_errors=True)
        self._rows.clear()

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Raises UserError instead of Spark's own errors where these say that a file of a stage is damaged or gone.

        For jobs that read stages: `with stages.explained(): frame.collect()`.
        """
        with self._told(None):
            yield

    def _make(self, name: str, schema: str, make: Callable[[], DataFrame]) -> _Mark:
        from pyspark.sql.functions import lit

        run = uuid.uuid4().hex
        with self._told(name):
            made = make()
            self._hold_schema(name, schema, made)
            self._write(made, f"{name}/rows/{run}")
            # Counted where it lies: what is marked is what can be read.
            mark = _Mark(FORMAT, __version__, schema, self._read(f"{name}/rows/{run}", schema).count(), run)
            values = [lit(value).cast(MARK[column]).alias(column) for column, value in mark._asdict().items()]
            self._write(self._spark.range(0, 1, 1, 1).select(*values), f"{name}/mark/{run}")
        return mark

    def _mark(self, name: str) -> _Mark | None:
        """The mark of a stage; None where the stage was not completed."""
        try:
            rows = self._read(f"{name}/mark", ", ".join(map(" ".join, MARK.items()))).collect()
        except spark_errors() as error:
            if is_missing(error):
                return None
            raise self._lost(error) or self._unreadable(name, error) from error
        marks = [_Mark(*row) for row in rows]
        if any(None in mark for mark in marks):
            raise self._damaged(name, "its mark is not one of a stage")
        return min(marks, key=lambda mark: mark.run, default=None)

    def _check(self, name: str, schema: str, mark: _Mark) -> None:
        if (mark.format, mark.program) != (FORMAT, __version__):
            raise self._damaged(
                name,
                f"it was kept by postlint {mark.program} in format {mark.format}, "
                f"this is postlint {__version__} with format {FORMAT}",
            )
        if mark.schema != schema:
            raise self._damaged(name, f'it has the columns "{mark.schema}", not "{schema}"')
        try:
            found = self._read(f"{name}/rows/{mark.run}", schema).count()
        except spark_errors() as error:
            raise self._lost(error) or self._unreadable(name, error) from error
        if found != mark.rows:
            raise self._damaged(name, f"{mark.rows} rows expected, {found} found")

    def _hold_schema(self, name: str, schema: str, made: DataFrame) -> None:
        """A column that a file has not would be read as null, without a word."""
        if schema not in self._declared:
            self._declared[schema] = _columns(self._spark.createDataFrame([], schema))
        if _columns(made) != self._declared[schema]:
            raise TypeError(f"stage {name}: columns {self._declared[schema]} declared, {_columns(made)} made")

    def _read(self, path: str, schema: str) -> DataFrame:
        # Spark takes what it reads, and not what it writes, for a pattern of paths.
        escaped = _PATTERN.sub(r"\\\g<0>", f"{self.folder}/{path}")
        return self._spark.read.schema(schema).options(**READING).parquet(escaped)

    def _write(self, frame: DataFrame, path: str) -> None:
        frame.write.options(**WRITING).mode("error").parquet(f"{self.folder}/{path}")

    @contextmanager
    def _told(self, making: str | None) -> Iterator[None]:
        try:
            yield
        except spark_errors() as error:
            told = self._explanation(error, making)
            if told is None:
                raise
            raise told from error

    def _explanation(self, error: Exception, making: str | None) -> UserError | None:
        if lost := self._lost(error, "" if making is None else f'stage "{making}" cannot be made: '):
            return lost
        if is_of_python(error):
            return None
        named = re.findall(rf"/{re.escape(self._key)}/([\w.-]+)/rows/", str(error))
        read = [name for name in named if name != making]
        if read:
            return self._unreadable(read[0], error)
        if making is not None and is_of_files(error):
            return UserError(f'{self.folder}: stage "{making}" cannot be made: {reason(error)}')
        return None

    def _lost(self, error: Exception, what: str = "") -> LostError | None:
        """What is said where a process is gone; no stage is damaged then."""
        lost = loss(error)
        if lost is None:
            return None
        kind = LostError if gone(error) is None else SessionGoneError
        how = "perhaps with more memory or tasks: complete stages are not made anew"
        return kind(f"{what}{lost}", how, self.folder)

    def _unreadable(self, name: str, error: Exception) -> UserError:
        return self._damaged(name, f"it cannot be read: {reason(error)}")

    def _damaged(self, name: str, what: str) -> UserError:
        return UserError(
            f'{self.folder}/{name}: stage "{name}" cannot be used: {what}; remove this folder, and it is made anew'
        )


def _absolute(folder: str) -> str:
    """A folder without a slash at its end; of a local path, the same wherever it is read."""
    return (folder if _URL.match(folder) else os.path.abspath(folder)).rstrip("/")


def _columns(frame: DataFrame) -> list[tuple[str, str]]:
    # Without what may be null: of what was read from Parquet, everything may.
    return [(field.name, field.dataType.simpleString()) for field in frame.schema.fields]
