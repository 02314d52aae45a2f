"""What is to be linted, as parts of files: files of the disk, files at a URL, or rows of a table of the user's."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from postlint.errors import UserError
from postlint.hashing import value_key
from postlint.loading import Files, Posts
from postlint.readers import FORMATS, HEAD, is_sniffed, looks_like_posts
from postlint.settings import Settings
from postlint.spark.contract import NUMBER_BITS, PART, PARTS
from postlint.spark.stages import Stages

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://?")
SORTED = "path binary, content binary, place bigint"
"""Files in order of path. The upper bits of the place are a partition, the others the row in it."""
ROW_BITS = 33
"""See `monotonically_increasing_id`."""


def of_files(
    spark: SparkSession, paths: Sequence[str], folder: str, settings: Settings
) -> tuple[str, int, Callable[[], DataFrame]]:
    """Files that every worker sees under one path: a key of their names, sizes and times, how many parts they have, and
    the parts."""
    reader = Posts(Files(), settings.fields)
    rows: list[tuple[int, bytes, int, int | None, int, int, None]] = []
    for rank, path in enumerate(sorted(paths)):
        try:
            status = os.stat(os.path.join(folder, path))
            size, stamp = status.st_size, status.st_mtime_ns
        except OSError:
            # Nobody can read it, and the report says so.
            size = stamp = -1
        name = path.encode("utf-8", "surrogateescape")
        rows += [
            ((rank << NUMBER_BITS) + first, name, first, last, size, stamp, None)
            for _, first, last in reader.parts(path, PART)
        ]
    reader.close()
    key = f"{value_key(*(str(row) for row in rows)):016x}"
    return key, len(rows), lambda: spark.createDataFrame(rows, PARTS)


def of_url(spark: SparkSession, url: str, settings: Settings) -> DataFrame:
    """The files at a URL, and in folders there, that hold posts: their paths and contents."""
    suffixes = "|".join(sorted(map(re.escape, FORMATS)))
    found = (
        spark.read.format("binaryFile")
        .option("recursiveFileLookup", "true")
        .load(url)
        .selectExpr("path", "content")
        .where(f"lower(path) rlike '({suffixes})$'")
    )
    return found.mapInArrow(_Sniffing(settings), "path string, content binary")


class _Sniffing:
    """Passes on the files that hold posts: for the names of some do not tell."""

    def __init__(self, settings: Settings) -> None:
        self._fields = settings.fields

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            rows = zip(batch.column("path").to_pylist(), batch.column("content"), strict=True)
            good = [
                not is_sniffed(path)
                or looks_like_posts(path, content.as_buffer()[:HEAD].to_pybytes(), self._fields.of(path))
                for path, content in rows
            ]
            yield batch.filter(pa.array(good, pa.bool_()))


def files_of(posts: DataFrame) -> DataFrame:
    """The files (path binary, content binary) of a table with the columns `path`, else `id`, and `content`, text or
    bytes; whatever else it has is left out. Raises UserError where it has no such columns.
    """
    names = {name.lower(): name for name in reversed(posts.columns)}
    name, content = names.get("path") or names.get("id"), names.get("content")
    if name is None or content is None:
        raise UserError(f"posts have the columns {', '.join(posts.columns)}; path (or id) and content are needed")
    return posts.selectExpr(
        f"cast(cast(`{name}` as string) as binary) as path", f"cast(`{content}` as binary) as content"
    )


def sorted_files(files: DataFrame, partitions: int) -> DataFrame:
    """Files in order of path: `SORTED`."""
    from pyspark.sql.functions import monotonically_increasing_id

    return (
        files.repartitionByRange(partitions, "path")
        .sortWithinPartitions("path")
        .select("path", "content", monotonically_increasing_id().alias("place"))
    )


def parts_of_table(spark: SparkSession, files: DataFrame) -> DataFrame:
    """Files in order of path (`SORTED`) as parts: the number of each is how many files come before it.

    Raises UserError for rows without path or content, and for a path that stands in two rows.
    """
    if files.where("path is null or content is null").limit(1).count():
        raise UserError("a row of the posts has no path (or id), or no content")
    twice = files.groupBy("path").count().where("count > 1").limit(1).collect()
    if twice:
        raise UserError(f'the path (or id) "{bytes(twice[0]["path"]).decode("utf-8", "replace")}" stands in two rows')
    sizes = files.selectExpr(f"shiftright(place, {ROW_BITS}) as partition").groupBy("partition").count().collect()
    offsets = []
    done = 0
    for partition, count in sorted((row["partition"], row["count"]) for row in sizes):
        offsets.append((partition, done))
        done += count
    table = spark.createDataFrame(offsets, "partition bigint, before bigint")
    from pyspark.sql.functions import broadcast

    rank = f"before + (place & {(1 << ROW_BITS) - 1})"
    return (
        files.selectExpr("*", f"shiftright(place, {ROW_BITS}) as partition")
        .join(broadcast(table), "partition")
        .selectExpr(
            f"shiftleft({rank}, {NUMBER_BITS}) as part",
            "path",
            "0 as first",
            "cast(null as int) as last",
            "cast(length(content) as bigint) as size",
            "cast(0 as bigint) as stamp",
            "content",
        )
    )


def of_table(spark: SparkSession, files: DataFrame, stages: Stages, partitions: int) -> Callable[[], DataFrame]:
    """The parts of the files of a table: see `files_of`."""
    return lambda: parts_of_table(spark, stages.stage("files", SORTED, lambda: sorted_files(files, partitions)))
