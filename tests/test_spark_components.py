"""Connected components of posts on Spark, against union-find by brute force."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from postlint.errors import UserError
from postlint.spark.components import components, large_star, small_star
from postlint.spark.stages import Stages

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.spark

Pairs = list[tuple[int, int]]
APART = 1_000_000
"""Graphs side by side have their posts this far apart."""


def frame(spark: SparkSession, pairs: Iterable[tuple[int, int]]) -> DataFrame:
    return spark.createDataFrame(list(pairs), "post bigint, other bigint")


def by_union_find(pairs: Pairs) -> dict[int, int]:
    parent = {post: post for pair in pairs for post in pair}

    def root(post: int) -> int:
        while parent[post] != post:
            post = parent[post]
        return post

    for one, other in pairs:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return {post: root(post) for post in parent}


def found(labels: DataFrame) -> dict[int, int]:
    rows = [tuple(row) for row in labels.collect()]
    assert len(dict(rows)) == len(rows)
    return dict(rows)


def rounds(stages: Path, name: str = "components") -> int:
    return len(list(stages.glob(f"key/{name}-edges-*"))) - 1


def path(length: int, order: str, seed: int = 0) -> Pairs:
    """Posts in a row, numbered along it, at random, or in turn from both ends."""
    names = list(range(length))
    if order == "random":
        random.Random(seed).shuffle(names)
    if order == "zigzag":
        names = [n // 2 if n % 2 == 0 else length - 1 - n // 2 for n in names]
    return list(pairwise(names))


def clique(posts: Iterable[int]) -> Pairs:
    members = list(posts)
    return [(one, other) for one in members for other in members if one < other]


def sparse(posts: int, edges: int, seed: int) -> Pairs:
    chance = random.Random(seed)
    return [(chance.randrange(posts), chance.randrange(posts)) for _ in range(edges)]


GRAPHS: dict[str, Pairs] = {
    # About as many edges as half the posts: trees and paths of all sizes, and a component that is about to be large.
    "random 1": sparse(400, 200, 1),
    "random 2": sparse(400, 250, 2),
    "random 3": sparse(300, 600, 3),
    "path": path(1000, "along"),
    "shuffled path": path(1000, "random"),
    "zigzag": path(1000, "zigzag"),
    "star": [(0, leaf) for leaf in range(1, 2000)],
    "star around the greatest": [(2000, leaf) for leaf in range(2000)],
    "cliques with a bridge": clique(range(20)) + clique(range(30, 50)) + [(7, 41)],
    "cliques": clique(range(12)) + clique(range(20, 32)),
    "the same over and over": [(1, 2), (2, 1), (1, 2), (3, 2), (2, 3)],
    "loops": [(5, 5), (6, 7), (7, 7), (7, 6), (9, 9), (9, 9)],
    "cycle": [(n, (n * 7 + 7) % 1009) for n in (pow(7, k, 1009) for k in range(100))],
}
"""A post of one graph is never one of another: each is moved by its number."""


def side_by_side() -> Pairs:
    moved = [(one + at * APART, other + at * APART) for at, pairs in enumerate(GRAPHS.values()) for one, other in pairs]
    random.Random(5).shuffle(moved)
    return [pair if number % 2 else pair[::-1] for number, pair in enumerate(moved)]


def test_components_are_those_of_union_find(spark: SparkSession, tmp_path: Path) -> None:
    pairs = side_by_side()
    expected = by_union_find(pairs)
    labels = found(components(frame(spark, pairs), Stages(spark, str(tmp_path), "key")))
    for at, name in enumerate(GRAPHS):
        own = {post: label for post, label in labels.items() if post // APART == at}
        assert own == {post: label for post, label in expected.items() if post // APART == at}, name
    assert labels == expected
    # As many as the paths of 1,000 posts take: log2(1000) is 9.97.
    assert rounds(tmp_path) <= 10


def test_a_job_that_was_stopped_goes_on_with_the_next_round(either_spark: SparkSession, tmp_path: Path) -> None:
    pairs = path(6, "along")
    with pytest.raises(UserError, match=r"key/components-edges-1: .* after 1 rounds"):
        components(frame(either_spark, pairs), Stages(either_spark, str(tmp_path), "key"), rounds=1)
    first = sorted(tmp_path.glob("key/*/mark/*"))
    assert len(first) == 2
    assert found(components(frame(either_spark, pairs), Stages(either_spark, str(tmp_path), "key"))) == dict.fromkeys(
        range(6), 0
    )
    done = sorted(tmp_path.glob("key/*/mark/*"))
    assert set(first) < set(done)
    assert len(done) == len(list(tmp_path.glob("key/*")))
    # What is kept is not asked for again: these pairs would make other components.
    again = components(frame(either_spark, [(1, 2)]), Stages(either_spark, str(tmp_path), "key"))
    assert len(found(again)) == 6
    assert sorted(tmp_path.glob("key/*/mark/*")) == done


def test_no_pairs_have_no_components(spark: SparkSession, tmp_path: Path) -> None:
    assert found(components(frame(spark, []), Stages(spark, str(tmp_path), "key"))) == {}
    assert rounds(tmp_path) == 0


@pytest.mark.parametrize(
    ("star", "centre"), [(large_star, "id + 1 AS post, 0L AS other"), (small_star, "99999L AS post, id AS other")]
)
def test_the_edges_of_a_hot_post_are_shared_out(
    spark: SparkSession, star: Callable[[DataFrame], DataFrame], centre: str, capsys: pytest.CaptureFixture[str]
) -> None:
    # What Spark's own limits do at 256 MB is to be seen at 100 KB.
    limits = {
        "spark.sql.autoBroadcastJoinThreshold": "-1",
        "spark.sql.adaptive.advisoryPartitionSizeInBytes": "20kb",
        "spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes": "20kb",
    }
    for name, value in limits.items():
        spark.conf.set(name, value)
    try:
        others = spark.range(0, 2000, 1, 4).selectExpr("2 * id + 200001 AS post", "2 * id + 200000 AS other")
        hot = spark.range(0, 99_999, 1, 4).selectExpr(*centre.split(", "))
        led = star(hot.union(others)).distinct()
        assert led.count() == 99_999 + 2000
        led.collect()
        led.explain()
    finally:
        for name in limits:
            spark.conf.unset(name)
    assert "skew=true" in capsys.readouterr().out
