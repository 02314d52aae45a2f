"""Connected components of a graph of posts, by alternating stars of DataFrames."""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from postlint.errors import UserError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from postlint.spark.stages import Stages

MAX_ROUNDS = 60
"""Of the graphs tried a path takes most rounds, log2 of its posts; proved are no more than the square of that."""

_EDGES = "post bigint, other bigint"
_LABELS = "post bigint, component bigint"


def components(pairs: DataFrame, stages: Stages, name: str = "components", rounds: int = MAX_ROUNDS) -> DataFrame:
    """The component of every post of some pairs: (post bigint, component bigint), the component by its least post.

    Pairs are (post bigint, other bigint) without nulls, in any order; they may repeat, and a post may be paired with
    itself. They are read twice. Each round is kept as a stage, `<name>-edges-<round>`, so that no plan grows with the
    rounds; the answer is the stage `<name>`. Raises UserError where the bound of rounds is reached first.

    Alternating stars: Kiveris, Lattanzi, Mirrokni, Rastogi and Vassilvitskii, Connected Components in MapReduce and
    Beyond, 2014. Edges lead from a post to a lesser one. A large star leads what is greater than a post to the least
    of its neighbours, a small star what is less, and itself. When each post has one edge, to a post that has none, the
    edges are stars: that is looked at, not inferred from what has changed.

    The neighbours of a post are never gathered, be they millions: a minimum by post is reduced before it is shuffled,
    and joined back to the edges row by row. That join is skewed, for all edges of a post go to one task. Adaptive
    execution, which is on unless a session turns it off, splits a task of more than 256 MB and five times the median
    (spark.sql.adaptive.skewJoin.*), but only where both sides of the join come straight out of a shuffle: the minima
    are shuffled once more for it. With it off, such a task takes longer, and no more memory: it sorts on disk and
    holds one minimum at a time.
    """
    return stages.stage(name, _LABELS, partial(_labelled, pairs, stages, name, rounds))


def _labelled(pairs: DataFrame, stages: Stages, name: str, rounds: int) -> DataFrame:
    edges = stages.stage(f"{name}-edges-0", _EDGES, partial(_edges, pairs))
    for number in count(1):
        if _are_stars(edges):
            break
        if number > rounds:
            raise UserError(
                f"{stages.folder}/{name}-edges-{rounds}: the clusters of posts are not found after {rounds} rounds, "
                "far more than any graph should take; please report it"
            )
        edges = stages.stage(f"{name}-edges-{number}", _EDGES, partial(_round, edges))
    own = pairs.selectExpr("explode(array(post, other)) AS post").selectExpr("post", "post AS other")
    return edges.union(own).groupBy("post").agg({"other": "min"}).toDF("post", "component")


def _edges(pairs: DataFrame) -> DataFrame:
    """Each pair once, the greater post first."""
    apart = pairs.where("post <> other")
    return apart.selectExpr("greatest(post, other) AS post", "least(post, other) AS other").distinct()


def _are_stars(edges: DataFrame) -> bool:
    """Whether each post has one edge, to a post that has none."""
    leaving = edges.selectExpr("post", "1 AS leaving", "0 AS arriving")
    ends = leaving.union(edges.selectExpr("other", "0", "1")).groupBy("post").agg({"leaving": "sum", "arriving": "max"})
    others = "`sum(leaving)` > 1 OR `sum(leaving)` = 1 AND `max(arriving)` = 1"
    return not ends.where(others).take(1)


def _round(edges: DataFrame) -> DataFrame:
    return small_star(large_star(edges)).distinct()


def large_star(edges: DataFrame) -> DataFrame:
    """The edges of each post led past the post they lead to, to its least neighbour; some of them more than once."""
    # Of the neighbours of a post that are greater, none is its least: the edges that lead from it say all.
    led = edges.join(_minima(edges).withColumnRenamed("post", "other"), "other", "left")
    return led.selectExpr("post", "coalesce(least, other) AS other")


def small_star(edges: DataFrame) -> DataFrame:
    """Each post and the lesser ones that its edges lead to, led to the least of them; some of them more than once."""
    led = edges.join(_minima(edges), "post")
    return led.selectExpr("if(other = least, post, other) AS post", "least AS other")


def _minima(edges: DataFrame) -> DataFrame:
    """The least post that the edges of each post lead to: (post, least)."""
    minima = edges.groupBy("post").agg({"other": "min"}).toDF("post", "least")
    # The greater of the two is the post, which Spark can't know: it shuffles the minima again before it joins them.
    return minima.selectExpr("greatest(post, least) AS post", "least")
