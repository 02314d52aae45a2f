"""What computes a check: this machine, or Spark; and what of a command line Spark can't do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from postlint.errors import UserError

if TYPE_CHECKING:
    from postlint.commands.progress import Progress
    from postlint.commands.targets import Targets
    from postlint.settings import Settings
    from postlint.violations import Report

ENGINES = ("local", "spark")
MASTER = "local[*]"
EXCLUDED = ("watch", "fix", "diff", "staged", "stdin_filename", "diff_base", "cache_dir", "jobs")
"""What needs the posts of this machine, its index or its cores, by its parameter."""


class Spark(NamedTuple):
    """A check on Spark: where, and the folder that its stages are kept in, if they are to outlive it."""

    master: str
    stages: str | None

    def check(self) -> None:
        """Raise a UserError where there is no Spark. Starts nothing."""
        from postlint.spark.session import check

        check(self.master)

    def report(self, found: Targets, settings: Settings, progress: Progress) -> Report:
        """The report of the files of a run. Raises UserError where some would only be compared with."""
        if found.others:
            raise UserError("--engine spark reports on all posts that it compares: name the whole corpus, or no path")
        from postlint.spark.run import report

        return report(found.focus, settings, self.master, self.stages, progress)


def spark_of(said: Mapping[str, Any]) -> Spark | None:
    """What the parameters of a command say of Spark; None for a check on this machine. Raises usage errors."""
    master, stages = said.get("spark_master"), said.get("spark_stages")
    if said.get("engine") != "spark":
        for name, value in (("--spark-master", master), ("--spark-stages", stages)):
            if value is not None:
                raise click.UsageError(f"{name} needs --engine spark")
        return None
    for name in EXCLUDED:
        if said.get(name):
            raise click.UsageError(f"--engine spark and --{name.replace('_', '-')} exclude each other")
    return Spark(master or MASTER, stages)
