"""`postlint check`: lint the posts of files and folders."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

import click

from postlint import reporters
from postlint.commands.asked import Place, asked, say
from postlint.commands.completing import files, folders, rules
from postlint.commands.engine import ENGINES, spark_of
from postlint.commands.output import address_of, knows_links, wants_colour, write_file, write_stdout
from postlint.commands.targets import Wanted, targets
from postlint.config import FAIL_ON
from postlint.errors import UserError, nearest
from postlint.reporters.terminal import summary, visible

if TYPE_CHECKING:
    from postlint.commands.rows import Rows
    from postlint.violations import Report

_Command = Callable[..., int]
_WITH_FIXES = frozenset({"json", "json-lines", "sarif"})
"""Formats that say how a violation is fixed."""


def _day(ctx: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value is not None else None
    except ValueError as error:
        raise click.BadParameter(f'"{value}" is not a date such as 2026-11-20') from error


def _selectors(ctx: click.Context, parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    found = tuple(part.strip() for value in values for part in value.split(",") if part.strip())
    if values and not found and parameter.name == "select":
        # An empty variable in a script must not come to mean every rule.
        raise click.BadParameter("it names no rule")
    return found


def _reports(ctx: click.Context, parameter: click.Parameter, values: Sequence[str]) -> tuple[tuple[str, str], ...]:
    found = []
    for value in values:
        form, equals, file = value.partition("=")
        if form not in reporters.FORMATS or not file:
            hint = nearest(form, reporters.FORMATS) if equals else ""
            raise click.BadParameter(f'"{value}" is not FORMAT=FILE with one of the formats{hint}')
        found.append((form, file))
    return tuple(found)


def _rules_option(name: str, words: str) -> Callable[[_Command], _Command]:
    return click.option(name, multiple=True, callback=_selectors, metavar="RULES", help=words, shell_complete=rules)


@click.command(short_help="Lint posts (the default command).")
@click.argument("paths", nargs=-1, metavar="PATHS...", shell_complete=files)
@click.option(
    "--format", "-f", "--output-format", "form", type=click.Choice(list(reporters.FORMATS)), help="Default: concise."
)
@click.option(
    "--output", "-o", metavar="FILE", shell_complete=files, help="Write the report to a file instead of stdout."
)
@click.option(
    "--report",
    "reports",
    multiple=True,
    callback=_reports,
    metavar="FORMAT=FILE",
    help="Write one more report, in this format, to this file.",
)
@_rules_option("--select", "Run these rules alone: codes, prefixes of codes, names, or ALL; parted by commas.")
@_rules_option("--extend-select", "Run these rules too.")
@_rules_option("--ignore", "Do not run these rules.")
@click.option("--fail-on", type=click.Choice(FAIL_ON), help="Exit with 1 from this severity on. Default: warning.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found. Wrong usage is still 2.")
@click.option(
    "--corpus",
    multiple=True,
    metavar="PATH",
    shell_complete=files,
    help="Judge the posts against those of this file or folder, too.",
)
@click.option(
    "--diff-base", metavar="REV", help="Report only on posts changed since the branch left this git revision."
)
@click.option("--staged", is_flag=True, help="Read what is staged: files that git tracks, as they would be committed.")
@click.option(
    "--stdin-filename",
    metavar="FILE",
    shell_complete=files,
    help="Check standard input (the path -) as if it stood in this file.",
)
@click.option("--force-exclude", is_flag=True, help="Leave out what is excluded even where it is named.")
@click.option(
    "--cache-dir",
    metavar="DIR",
    shell_complete=folders,
    help="Keep the index of the corpus here. Default: .postlint_cache.",
)
@click.option("--no-cache", is_flag=True, help="Keep and use no index of the corpus.")
@click.option("--as-of", callback=_day, metavar="DATE", help="The day that dates are measured from. Default: today.")
@click.option(
    "--exact", is_flag=True, help="Compare every pair of posts that can be near-duplicates (ND002), however long."
)
@click.option("--config", "config_file", metavar="FILE", shell_complete=files, help="Use this configuration file.")
@click.option("--isolated", is_flag=True, help="Use no configuration file.")
@click.option(
    "--baseline",
    metavar="FILE",
    shell_complete=files,
    help="Report what this baseline, or file of decisions, does not hold.",
)
@click.option("--no-baseline", is_flag=True, help="Report what a baseline holds, too.")
@click.option("--fix", is_flag=True, help="Fix what can be fixed without changing what a post says.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: fix what may change it, too.")
@click.option(
    "--diff", is_flag=True, help="Print what --fix would change, and change nothing. Exits with 1 if it would."
)
@click.option("--show-fixes", is_flag=True, help="With --fix: say on stderr what was fixed.")
@click.option("--watch", is_flag=True, help="Run again whenever a post changes, until Ctrl-C.")
@click.option("--statistics", is_flag=True, help="Count violations by rule instead of listing them.")
@click.option("--quiet", "-q", is_flag=True, help="Print violations and nothing else.")
@click.option("--verbose", "-v", is_flag=True, help="Say on stderr what is used, and how long it takes.")
@click.option("--jobs", "-j", type=click.IntRange(min=1), metavar="N", help="Processes at most. Default: one a core.")
@click.option("--engine", type=click.Choice(ENGINES), help="What computes the report. Default: local, this machine.")
@click.option("--spark-master", metavar="URL", help="local[N], spark://HOST:PORT or sc://HOST:PORT. Default: local[*].")
@click.option("--spark-stages", metavar="FOLDER", help="Keep the stages of a job here, to go on after a failure.")
@click.option("--show-files", is_flag=True, help="Print the files that would be checked, and stop.")
@click.option("--show-settings", is_flag=True, help="Print the settings as a postlint.toml, and stop.")
def check(
    paths: tuple[str, ...],
    form: str | None,
    output: str | None,
    reports: tuple[tuple[str, str], ...],
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str | None,
    exit_zero: bool,
    corpus: tuple[str, ...],
    diff_base: str | None,
    staged: bool,
    stdin_filename: str | None,
    force_exclude: bool,
    cache_dir: str | None,
    no_cache: bool,
    as_of: date | None,
    exact: bool,
    config_file: str | None,
    isolated: bool,
    baseline: str | None,
    no_baseline: bool,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    show_fixes: bool,
    watch: bool,
    statistics: bool,
    quiet: bool,
    verbose: bool,
    jobs: int | None,
    engine: str | None,
    spark_master: str | None,
    spark_stages: str | None,
    show_files: bool,
    show_settings: bool,
) -> int:
    """Lint the posts of files and folders (default: the working directory).

    \b
    Exit codes:
      0  no violation at or above --fail-on
      1  at least one
      2  wrong usage or configuration, or no post to check
    """
    from postlint.selection import Selection

    spark = spark_of(click.get_current_context().params)
    if watch:
        return _watched(click.get_current_context())
    if diff and (form or output or reports or statistics):
        raise click.UsageError("--diff prints no report")
    _check_fixing(stdin_filename, fix=fix, unsafe_fixes=unsafe_fixes, diff=diff, show_fixes=show_fixes)
    run = asked(
        Wanted(paths, corpus, stdin_filename, diff_base, staged, force_exclude),
        Selection(select or None, extend_select, ignore),
        Place(cache_dir, no_cache, config_file, isolated, baseline, no_baseline),
        as_of=as_of,
        exact=exact,
        jobs=jobs,
        quiet=quiet,
        verbose=verbose,
        spark=spark,
    )
    config, settings = run.config, run.settings
    form = form or config.format or "concise"
    if show_settings:
        from postlint.commands.shown_settings import shown_settings

        write_stdout(shown_settings(settings, config, form, fail_on or config.fail_on or "warning"))
        return 0
    if not settings.codes:
        raise UserError("no rule is selected")
    if show_files:
        write_stdout(f"{visible(file)}\n" for file in targets(run.wanted, config, b"").focus)
        return 0
    if diff:
        from postlint.commands.fixing import shown

        changes = shown(run, unsafe=unsafe_fixes)
        return 0 if exit_zero else changes
    if fix:
        from postlint.commands.fixing import Fixing, fixed

        found = fixed(run, Fixing(unsafe=unsafe_fixes, shows=show_fixes))
    else:
        found = run.found()
    report = found.known.report
    if _WITH_FIXES.intersection((form, *(other for other, _ in reports))):
        from postlint.commands.fixing import with_fixes_of

        report = with_fixes_of(report, run, found)
    if not quiet:
        for note in (*report.notes, *found.known.notes):
            say(f"note: {note}")
    from postlint.commands.rows import rows_of

    with rows_of(found.unsaved, settings.fields) as rows:
        for other, file in reports:
            write_file(file, _pieces(report, other, rows, colour=False, quiet=quiet))
        _write(report, form, output, statistics, quiet, rows)
    return 0 if exit_zero else _exit_code(report, fail_on or config.fail_on or "warning")


def _watched(ctx: click.Context) -> int:
    """Run the same command line again and again. Raises a usage error where that makes no sense."""
    from postlint.commands.watching import watch, watched_paths

    said = ctx.params
    for name in ("fix", "diff", "staged", "stdin_filename", "show_files", "show_settings"):
        if said[name]:
            raise click.UsageError(f"--watch and --{name.replace('_', '-')} exclude each other")
    paths = watched_paths(said["paths"], said["corpus"], said["config_file"], isolated=said["isolated"])
    written = [file for file in (said["output"], *(file for _, file in said["reports"])) if file is not None]
    return watch(lambda: ctx.invoke(check, **{**said, "watch": False}), paths, written)


def _check_fixing(stdin: str | None, *, fix: bool, unsafe_fixes: bool, diff: bool, show_fixes: bool) -> None:
    """Raise a usage error where options of fixing exclude each other or lack one another."""
    if fix and diff:
        raise click.UsageError("--fix and --diff exclude each other")
    if unsafe_fixes and not (fix or diff):
        raise click.UsageError("--unsafe-fixes needs --fix or --diff")
    if show_fixes and not fix:
        raise click.UsageError("--show-fixes needs --fix")
    if (fix or diff) and stdin is not None:
        raise click.UsageError("standard input is not fixed")


def _write(report: Report, form: str, output: str | None, statistics: bool, quiet: bool, rows: Rows) -> None:
    to_file = output is not None and output != "-"
    colour = not to_file and wants_colour(sys.stdout)
    if statistics and form in reporters.MACHINE_FORMATS:
        say(f"--statistics has no effect on the format {form}")
    links = not to_file and knows_links(sys.stdout)
    pieces = _pieces(report, form, rows, colour=colour, quiet=quiet, statistics=statistics, links=links)
    if output is not None and to_file:
        write_file(output, pieces)
    else:
        write_stdout(pieces)


def _pieces(
    report: Report,
    form: str,
    rows: Rows,
    *,
    colour: bool,
    quiet: bool,
    statistics: bool = False,
    links: bool = False,
) -> Iterable[str]:
    """The text of a report; formats for people end with a summary."""
    if form == "html":
        from postlint.reporters import html

        return html.render(report, rows, colour, rows.about)
    if form in reporters.MACHINE_FORMATS:
        return reporters.render(form, report, rows, colour)
    closing = [] if quiet else [summary(report, colour) + "\n"]
    if statistics:
        from postlint.reporters import statistics as table

        return chain(table.render(report, colour), closing)
    if form == "full":
        from postlint.reporters import full, next_steps

        if not quiet:
            closing += next_steps.render(report)
        return chain(full.render(report, rows, colour, address_of if links else None), closing)
    return chain(reporters.render(form, report, rows, colour), closing)


def _exit_code(report: Report, fail_on: str) -> int:
    from postlint.violations import Severity

    if fail_on == "never":
        return 0
    return int(any(violation.severity >= Severity.of(fail_on) for violation in report.violations))
