"""What a command line asks of posts, whatever is then done with the report: settings, files, baseline."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from postlint.commands.known import Known, held_against, read_known
from postlint.commands.progress import Progress
from postlint.commands.reporting import Reporting, Say
from postlint.commands.targets import Wanted, checked_usage
from postlint.config import Configuration, nearest_file, read
from postlint.errors import UserError
from postlint.reporters.terminal import visible

if TYPE_CHECKING:
    from postlint.commands.engine import Spark
    from postlint.selection import Selection
    from postlint.settings import Settings
    from postlint.violations import Report


class Place(NamedTuple):
    """Where things are that a run uses besides posts."""

    cache_dir: str | None = None
    no_cache: bool = False
    config_file: str | None = None
    isolated: bool = False
    baseline: str | None = None
    no_baseline: bool = False


class Found(NamedTuple):
    """What a run found, and what stood in for files."""

    whole: Report
    """With what the baseline holds."""
    known: Known
    unsaved: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Asked:
    """One run. Usage and configuration are known to be right."""

    wanted: Wanted
    config: Configuration
    settings: Settings
    place: Place
    quiet: bool
    verbose: Say
    spark: Spark | None = None
    """Where it is computed, if not here."""

    def found(self) -> Found:
        """Run it. Raises UserError where there is no post to check."""
        self.verbose(
            f"rules: {len(self.settings.codes)}; as of: {self.settings.as_of}; jobs: {self.settings.jobs}",
        )
        # First: a baseline that can't be read is no matter of what posts say.
        baseline = read_known(self.place.baseline, self.config, no_baseline=self.place.no_baseline)
        warn = say_nothing if self.quiet else say
        reporting = Reporting(self.wanted, self.config, self.settings, warn, self.verbose, self.spark)
        report = _checked(reporting, self.verbose, Progress(quiet=self.quiet))
        if not report.posts and not report.violations and not self.wanted.may_be_empty:
            raise UserError(f"no posts to check in {', '.join(self.wanted.named)}")
        known = held_against(report, baseline, self.wanted, self.config, self.settings, reporting)
        return Found(report, known, reporting.unsaved)


def asked(
    wanted: Wanted,
    selection: Selection,
    place: Place,
    *,
    as_of: date | None,
    exact: bool,
    jobs: int | None,
    quiet: bool,
    verbose: bool,
    spark: Spark | None = None,
) -> Asked:
    """What a command line asks, with what the configuration says. Raises UserError and usage errors."""
    from postlint.selection import settings_of

    if quiet and verbose:
        raise click.UsageError("--quiet and --verbose exclude each other")
    if place.baseline is not None and place.no_baseline:
        raise click.UsageError("--baseline and --no-baseline exclude each other")
    checked_usage(wanted)
    say_more = say if verbose else say_nothing
    config = _configuration(wanted, place)
    say_more(f"configuration: {config.path or 'none'}")
    if place.no_cache or place.cache_dir is not None:
        config = replace(config, cache_dir=None if place.no_cache else os.path.abspath(place.cache_dir or ""))
    settings = settings_of(config, selection, as_of=as_of, jobs=jobs or config.jobs or _cores())
    if exact:
        settings = replace(settings, options=_with_exact(settings.options))
    return Asked(wanted, config, settings, place, quiet, say_more, spark)


def _with_exact(options: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The options of a run, with the one that `--exact` stands for."""
    return {**options, "ND002": {**options.get("ND002", {}), "exact": True}}


def say(message: str) -> None:
    """Tell the user something that is no result."""
    sys.stderr.write(f"postlint: {visible(message)}\n")


def say_nothing(message: str) -> None:
    """What is not asked for is not said."""


def _configuration(wanted: Wanted, place: Place) -> Configuration:
    if place.isolated:
        if place.config_file is not None:
            raise click.UsageError("--config and --isolated exclude each other")
        return Configuration()
    path = Path(place.config_file) if place.config_file is not None else nearest_file(wanted.named)
    return read(path) if path else Configuration()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _checked(reporting: Reporting, say_more: Callable[[str], None], progress: Progress) -> Report:
    started = time.perf_counter()
    try:
        report = reporting.report(progress)
    finally:
        progress.close()
    say_more(f"checked {report.posts} posts in {time.perf_counter() - started:.2f} s")
    return report
