"""What brings rows together: holders of a key, neighbours in a band, letters and those that they are for.

A key that very many posts have, such as a footer, is hot: its rows are cut into buckets of posts, in their order, each
small enough for a task. What a bucket can't know is made up for from the few rows at the edges of all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from postlint.sketch_layout import KEY_SHIFT, NEXT_BITS, NEXT_SHIFTS, WINDOW
from postlint.spark import holders
from postlint.spark.contract import AROUND, FIRST, MAIL, firsts_of, window_of
from postlint.spark.job import Job
from postlint.spark.streams import whole_groups

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

SAMPLE = 10_000
"""Posts by which it is told which keys are hot."""
LEAST = 10
"""A hot key stands in at least so many posts of the sample: by fewer, chance would decide."""
STRETCHES = 1_000
"""Into how many the rows of hot keys are cut, at most: of 10^9 rows a stretch is 10^6, which a task can sort."""
PAIR = "post bigint, other bigint"
_MORE_BITS = NEXT_BITS * len(NEXT_SHIFTS)


def hot_keys(postings: DataFrame, job: Job, hot_from: int) -> DataFrame | None:
    """The keys that about `hot_from` posts have, or more, with the kind; None where there can be none.

    Which they are is told by a sample of the posts, which depends on their numbers alone. A key that is missed costs
    time, not the answer; so does one that is taken for hot.
    """
    if job.posts < hot_from:
        return None
    step = max(job.posts // SAMPLE, 1)
    least = max(hot_from // step, min(LEAST, hot_from))
    rest = f"if(kind = {job.kinds.index('band')}, 0L, more)"
    return (
        postings.where(f"pmod(xxhash64(post), {step}) = 0")
        .selectExpr("kind", "key", f"{rest} as rest")
        .groupBy("kind", "key", "rest")
        .count()
        .where(f"count >= {least}")
        .select("kind", "key", "rest")
    )


class _Mail:
    def __init__(self, kinds: Sequence[str]) -> None:
        self._kinds = kinds

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for table in whole_groups(batches, ("kind", "key", "more")):
            yield from holders.mail(table, self._kinds)


class _Cutting:
    """Rows to rows with the bucket of their post; cuts are the first posts of all buckets but the first."""

    def __init__(self, cuts: Sequence[int]) -> None:
        self._cuts = cuts

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        cuts = np.array(self._cuts, dtype=np.int64)
        for batch in batches:
            bucket = np.searchsorted(cuts, batch.column("post").to_numpy(), side="right")
            yield pa.RecordBatch.from_arrays(
                [*batch.columns, pa.array(bucket.astype(np.int32))], names=[*batch.schema.names, "bucket"]
            )


class _BandPairs:
    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for table in whole_groups(batches, ("key",)):
            yield holders.band_pairs(table)


class _Alike:
    def __init__(self, resemblance: float) -> None:
        self._resemblance = resemblance

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield from holders.alike(pa.Table.from_batches([batch]), self._resemblance)


def mail(postings: DataFrame, hot: DataFrame | None, kinds: Sequence[str], tasks: int) -> DataFrame:
    """The mail of postings of all kinds but bands: see `holders.mail`."""
    cold, crowded = _parted(postings, hot, "more")
    found = (
        cold.repartition(tasks, "kind", "key", "more")
        .sortWithinPartitions("kind", "key", "more", "post")
        .mapInArrow(_Mail(kinds), MAIL)
    )
    return found if crowded is None else found.unionByName(crowded_mail(crowded, kinds, tasks))


def _parted(rows: DataFrame, hot: DataFrame | None, rest: str) -> tuple[DataFrame, DataFrame | None]:
    """The rows of keys that are not hot, and of those that are."""
    if hot is None:
        return rows, None
    from pyspark.sql.functions import broadcast

    keyed = rows.selectExpr("*", f"{rest} as rest")
    names = ["kind", "key", "rest"]
    few = broadcast(hot)
    return keyed.join(few, names, "left_anti").drop("rest"), keyed.join(few, names, "left_semi").drop("rest")


def crowded_mail(rows: DataFrame, kinds: Sequence[str], tasks: int) -> DataFrame:
    """The same for hot keys: their rows are never in one place."""
    from pyspark.sql import Window
    from pyspark.sql.functions import broadcast, col, expr, row_number

    names = ["kind", "key", "more"]
    by_key = Window.partitionBy(*names).orderBy("post")
    cut = _by_post(rows.select(*names, "post", "a", "b", "c", "text"), tasks)
    said = cut.selectExpr(*names, "post", "a", "bucket", "struct(post, a, b, c, text) as said")
    ranked = _placed(said, names, ["post"])
    totals = ranked.where("place = 1").groupBy(*names).agg({"size": "sum"}).withColumnRenamed("sum(size)", "df")
    widest = max(firsts_of(kind) for kind in kinds)
    heads = (
        ranked.where(f"place <= {widest}")
        .withColumn("place", row_number().over(by_key))
        .where(_by_kind("place <= {}", {kind: firsts_of(kind) for kind in kinds}, kinds))
        .groupBy(*names)
        .agg(expr("sort_array(collect_list(said)) as heads"))
    )
    dated = ranked.where(_numbers(kinds, [kind for kind in kinds if kind.startswith("body")]))
    sources = dated.groupBy(*names).agg(expr("min(struct(if(a = 0, 2147483647, a), post, said)).said as source"))
    known = totals.join(heads, names, "left").join(sources, names, "left")
    with_key = rows.select(*names, "post").join(broadcast(known), names)
    firsts = with_key.where("heads is not null").selectExpr(
        "post", f"cast({FIRST} as tinyint) as role", "kind", "key", "df",
        "if(source is null, heads, concat(array(source), heads)) as said",
    )  # fmt: skip
    found = [firsts]
    for window in sorted({window_of(kind) for kind in kinds} - {0}):
        of_window = [kind for kind in kinds if window_of(kind) == window]
        around = _neighbours(ranked.where(_numbers(kinds, of_window)), names, ["post"], window)
        found.append(
            around.join(broadcast(totals), names).select(
                "post", expr(f"cast({AROUND} as tinyint) as role"), "kind", "key", "df", col("around").alias("said")
            )
        )
    whole = found[0]
    for more in found[1:]:
        whole = whole.unionByName(more)
    return whole.selectExpr(
        "post", "role", "kind", "key", "df", "said.post as others", "said.a as a", "said.b as b", "said.c as c",
        "if(said[0].text is null, null, said.text) as text",
    )  # fmt: skip


def _numbers(kinds: Sequence[str], some: Iterable[str]) -> str:
    return f"kind in ({', '.join(str(kinds.index(kind)) for kind in some) or '-1'})"


def _by_kind(condition: str, limits: dict[str, int], kinds: Sequence[str]) -> str:
    cases = " ".join(f"when {kinds.index(kind)} then {condition.format(limit)}" for kind, limit in limits.items())
    return f"case kind {cases} end"


def _by_post(rows: DataFrame, tasks: int) -> DataFrame:
    """Rows of hot keys in buckets that are stretches of posts, of about as many rows each."""
    from pyspark.sql.types import IntegerType, StructField, StructType

    count = min(tasks, STRETCHES)
    shares = ", ".join(f"{part / count:.6f}" for part in range(1, count))
    # Not by the numbers of the posts: one file may hold half of all.
    cuts = rows.selectExpr(f"approx_percentile(post, array({shares})) as cuts").collect()[0][0] if shares else []
    schema = StructType([*rows.schema.fields, StructField("bucket", IntegerType())])
    return rows.mapInArrow(_Cutting(sorted(cuts or [])), schema)


def _by_band(rows: DataFrame, tasks: int, hot_from: int) -> DataFrame:
    """Rows of hot keys of bands in buckets that are stretches of their order, by `more` and then by post.

    A bucket is a range of `more`, but for those values that very many posts have: these are parted by post.
    """
    from pyspark.sql.functions import broadcast, expr

    crowds = rows.groupBy("key", "more").count().where(f"count >= {hot_from}")
    lists = crowds.groupBy("key").agg(expr("collect_list(more) as crowds"))
    bits = min((tasks - 1).bit_length(), _MORE_BITS)
    found = _by_post(rows, tasks).join(broadcast(lists), "key", "left")
    return found.withColumn(
        "bucket",
        expr(
            f"struct(shiftright(more, {KEY_SHIFT - bits}) as range,"
            " coalesce(size(filter(crowds, crowd -> crowd < more)), 0) as before,"
            " coalesce(array_contains(crowds, more), false) as crowded,"
            " if(coalesce(array_contains(crowds, more), false), bucket, 0) as stretch)"
        ),
    ).drop("crowds")


def _placed(rows: DataFrame, names: Sequence[str], order: Sequence[str]) -> DataFrame:
    """Rows in buckets with their place in the bucket, from 1, and how many rows it has."""
    from pyspark.sql import Window
    from pyspark.sql.functions import count, lit, row_number

    within = Window.partitionBy(*names, "bucket")
    return rows.withColumn("place", row_number().over(within.orderBy(*order))).withColumn(
        "size", count(lit(1)).over(within)
    )


def _neighbours(ranked: DataFrame, names: Sequence[str], order: Sequence[str], window: int) -> DataFrame:
    """Rows with what the last few before them and the first few after them say, in order."""
    from pyspark.sql import Window
    from pyspark.sql.functions import collect_list

    inside = Window.partitionBy(*names, "bucket").orderBy(*order)
    across = Window.partitionBy(*names).orderBy(*order)
    at_edge = f"place <= {window} or place > size - {window}"

    def with_lists(frame: DataFrame, over: object, before: str, after: str) -> DataFrame:
        return frame.withColumn(before, collect_list("said").over(over.rowsBetween(-window, -1))).withColumn(  # type: ignore[attr-defined]
            after,
            collect_list("said").over(over.rowsBetween(1, window)),  # type: ignore[attr-defined]
        )

    found = with_lists(ranked, inside, "before", "after")
    # The rows between one at the front of its bucket and its neighbours before it are all at edges themselves.
    edges = with_lists(found.where(at_edge), across, "far_before", "far_after").selectExpr(
        *names, "post", *order[:-1],
        f"concat(if(place <= {window}, far_before, before), if(place > size - {window}, far_after, after)) as around",
    )  # fmt: skip
    inner = found.where(f"not ({at_edge})").selectExpr(*names, *order, "concat(before, after) as around")
    return inner.unionByName(edges)


def alike(bands: DataFrame, hot: DataFrame | None, low: DataFrame, job: Job, tasks: int, hot_from: int) -> DataFrame:
    """Mail of the pairs that meet in a band and may resemble each other: see `holders.alike`."""
    cold, crowded = _parted(bands, hot, "0L")
    pairs = cold.repartition(tasks, "key").sortWithinPartitions("key", "more", "post").mapInArrow(_BandPairs(), PAIR)
    if crowded is not None:
        pairs = pairs.unionByName(crowded_pairs(crowded, tasks, hot_from))
    distinct = pairs.distinct()
    both = distinct.join(low, "post").join(low.selectExpr("post as other", "low as other_low"), "other")
    return both.select("post", "other", "low", "other_low").mapInArrow(_Alike(job.least_resemblance), MAIL)


def crowded_pairs(bands: DataFrame, tasks: int, hot_from: int) -> DataFrame:
    """The pairs of hot keys of bands, some of them twice: see `holders.band_pairs`."""
    order = ["more", "post"]
    cut = _by_band(bands.select("key", *order), tasks, hot_from).selectExpr("*", "struct(post) as said")
    near = _neighbours(_placed(cut, ["key"], order), ["key"], order, WINDOW)
    met = near.selectExpr("post", "explode(around.post) as other")
    return met.selectExpr("least(post, other) as post", "greatest(post, other) as other")


def delivered(asks: DataFrame, answers: DataFrame, most: int) -> DataFrame:
    """The answers to asks (post, other, df: whether paragraphs are asked for) as letters to those that have asked.

    An answer that more than `most` posts wait for goes out in several copies, each to some of them.
    """
    from pyspark.sql.functions import broadcast

    many = asks.groupBy("other").count().where(f"count > {most}")
    copies = broadcast(many.selectExpr("other", f"cast(ceil(count / {most}) as int) as copies"))
    asked = asks.join(copies, "other", "left").selectExpr(
        "post", "other", "df as with_body", "pmod(hash(post), coalesce(copies, 1)) as copy"
    )
    sent = answers.join(copies, "other", "left").selectExpr(
        *answers.columns, "explode(sequence(0, coalesce(copies, 1) - 1)) as copy"
    )
    body = ("body_key", "paragraphs", "counts", "shingles", "texts")
    return asked.join(sent, ["other", "copy"]).selectExpr(
        "post", "other", "about", "lines", *(f"if(with_body = 1, {name}, null) as {name}" for name in body)
    )
