"""A job in a process of its own that stops where a test wants it to: python spark_job.py HOW STAGES SCRATCH FILES...

`killed` ends itself, as if from outside, when the stage "mail" is complete. `waiting` says so when it is about to make
the stage "postings", which no other job had marked by then, and goes on when a line comes in; then it prints the
report. `orphaned` kills its Java when the stage "mail" is complete, as if that had taken too much memory, and prints
what its user is told.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import spark_clusters
from spark_corpora import FEW, on_spark

from postlint.errors import UserError
from postlint.spark.stages import Stages

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

ABOUT_TO_MAKE = "about to make postings"
REPORT = "the report: "


class _Killed(Stages):
    victim = staticmethod(os.getpid)

    def stage(self, name: str, schema: str, make: Callable[[], DataFrame]) -> DataFrame:
        found = super().stage(name, schema, make)
        if name == "mail":
            os.kill(self.victim(), signal.SIGKILL)
        return found


class _Orphaned(_Killed):
    victim = staticmethod(spark_clusters.driver)


class _Waiting(Stages):
    def stage(self, name: str, schema: str, make: Callable[[], DataFrame]) -> DataFrame:
        def then_make() -> DataFrame:
            if name == "postings":
                print(ABOUT_TO_MAKE, flush=True)
                sys.stdin.readline()
            return make()

        return super().stage(name, schema, then_make)


def main() -> None:
    """The command line."""
    how, stages, scratch, *files = sys.argv[1:]
    from postlint.spark import run

    run.Stages = {"killed": _Killed, "waiting": _Waiting, "orphaned": _Orphaned}[how]  # type: ignore[misc]
    if how == "orphaned":
        try:
            run.report(files, FEW, "local[1]", stages)
        except UserError as error:
            print(error)
        return
    sessions = spark_clusters.Sessions(Path(scratch))
    report = on_spark(sessions.of("local[1]"), files, Path(stages), FEW, tasks=3)
    print(REPORT + report.replace("\n", " "), flush=True)
    sessions.stop()


if __name__ == "__main__":
    main()
