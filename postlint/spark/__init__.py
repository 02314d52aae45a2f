"""postlint on Apache Spark, for corpora that outgrow one machine: `lint(spark, posts)`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from postlint.settings import Settings

__all__ = ["lint"]


def lint(
    spark: SparkSession,
    posts: DataFrame | str | Sequence[str],
    settings: Settings | str | None = None,
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

    `settings` are the path of a configuration file, or what `postlint.selection.settings_of` makes of one; without, the
    rules that are on by default run, as of today. `stages` is a folder that all workers see, where each step is kept: a
    job that failed goes on from there when it is run again, and what is kept is removed by hand. Without, they are kept
    in the warehouse folder of the session. `tasks` is into how many tasks each step is divided; without, that depends
    on the number of posts.

    The columns are those of the JSON format: `code`, `name`, `severity`, `message`, `path`, `post`, `number`,
    `location`, `end_location`, `quote`, `help`, `related`, `url` and `fingerprint`; and `data`, as JSON. Raises
    UserError for posts, settings and stages that it can't work with.
    """
    from postlint.config import Configuration, read
    from postlint.discover import discover
    from postlint.selection import settings_of
    from postlint.spark import run, sources

    config = Configuration() if not isinstance(settings, str) else read(Path(settings))
    if settings is None or isinstance(settings, str):
        settings = settings_of(config)
    if isinstance(posts, str) and not sources.URL.match(posts):
        posts = [posts]
    if isinstance(posts, (list, tuple)):
        posts = discover(posts, config.include, config.exclude, config.root, fields=settings.fields)
    with run.settled(spark, posts):
        return run.violations(run.judged(spark, posts, settings, os.getcwd(), stages, tasks=tasks).rows)
