"""postlint on Apache Spark, for corpora that outgrow one machine: `lint(spark, posts)`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from postlint.settings import Settings

__all__ = ["lint"]


def lint(
    spark: SparkSession,
    posts: DataFrame | str | Sequence[str],
    settings: Settings | None = None,
    *,
    stages: str | None = None,
    tasks: int | None = None,
) -> DataFrame:
    """The violations of posts, a row each, in the order of a report, made on the session that is given.

    `posts` is one of

    - a table with the columns `path` (or `id`) and `content`, text or bytes, of whole files: the suffix of a path says
      which reader takes it, and what has none is Markdown;
    - a URL of a file, or of a folder with files, such as `s3a://bucket/posts`;
    - a file or folder, or several, that all workers see under this path.

    `settings` are those of `postlint.config`, by default all rules that are on by default, as of today. `stages` is a
    folder that all workers see, where each step is kept: a job that failed goes on from there when it is run again, and
    what is kept is removed by hand. Without it they are kept in the warehouse folder of the session. `tasks` is into how
    many tasks each step is divided; by default it depends on the number of posts.

    The columns are those of the JSON format: `code`, `name`, `severity`, `message`, `path`, `post`, `number`,
    `location`, `end_location`, `quote`, `help`, `related`, `url` and `fingerprint`; and `data`, as JSON. Raises UserError
    for posts, settings and stages that it can't work with.
    """
    from postlint.spark import run

    settings = settings or default_settings()
    if isinstance(posts, str) or isinstance(posts, Sequence):
        posts = run.found(posts, settings)
    with run.settled(spark):
        return run.violations(run.judged(spark, posts, settings, os.getcwd(), stages, tasks=tasks).rows)


def default_settings() -> Settings:
    """The rules that are on by default, with their defaults, as of today."""
    from postlint.rules import all_rules
    from postlint.settings import Settings

    codes = tuple(sorted(code for code, rule in all_rules().items() if rule.default))
    return Settings(codes=codes, as_of=datetime.now(UTC).date())
