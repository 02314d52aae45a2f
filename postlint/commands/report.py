"""`postlint report`: the editorial review report of a check, as a page in a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import click

from postlint.commands.check import check
from postlint.config import FAIL_ON

OUTPUT = "review.html"
# What says how a check is printed and how it ends has no meaning for a page, or another default.
_NOT_SHARED = frozenset({
    "form", "output", "statistics", "exit_zero", "fail_on", "show_files", "show_settings", "watch",
    "fix", "unsafe_fixes", "diff", "show_fixes",
})  # fmt: skip
_HELP = """Write the editorial review report: one HTML file that editors open in a browser, offline.

It is `postlint check --format html` with another end: what is found is for an editor to judge, so the exit code is 0
unless --fail-on says otherwise.
"""


def _report(output: str, fail_on: str, **shared: Any) -> int:
    run = cast(Callable[..., int], check.callback)
    return run(
        form="html", output=output, fail_on=fail_on, exit_zero=False, statistics=False, show_files=False,
        show_settings=False, watch=False, fix=False, unsafe_fixes=False, diff=False, show_fixes=False, **shared,
    )  # fmt: skip


report = click.Command(
    "report",
    callback=_report,
    help=_HELP,
    short_help="Write the editorial review report, a page for editors.",
    params=[
        *(parameter for parameter in check.params if parameter.name not in _NOT_SHARED),
        click.Option(
            ["--output", "-o"], metavar="FILE", default=OUTPUT, help=f"Where to write the page. Default: {OUTPUT}."
        ),
        click.Option(
            ["--fail-on"], type=click.Choice(FAIL_ON), default="never", help="Exit with 1 from this severity on."
        ),
    ],
)
