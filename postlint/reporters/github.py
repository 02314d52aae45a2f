"""The format of GitHub's workflow commands: annotations beside the lines of a pull request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from postlint.reporters import Sources
from postlint.reporters.terminal import counted, summary, visible
from postlint.violations import Report, Severity

SHOWN = 10
"""Annotations that GitHub shows of each level and step; it drops the others without a word."""
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report, sources: Sources, colour: bool) -> Iterator[str]:
    """A command for the first violations of each level, then how many there are."""
    seen: Counter[Severity] = Counter()
    for violation in report.violations:
        seen[violation.severity] += 1
        if seen[violation.severity] > SHOWN:
            continue
        properties = {
            "file": violation.path,
            "line": violation.location.row,
            "col": violation.location.column,
            "endLine": violation.end_location.row,
            # The last column, not the one behind it.
            "endColumn": max(violation.end_location.column - 1, 1),
            "title": f"{violation.code} {violation.name}",
        }
        said = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
        yield f"::{_COMMANDS[violation.severity]} {said}::{_data(violation.message)}\n"
    left = sum(max(count - SHOWN, 0) for count in seen.values())
    if left:
        yield _plain(f"{counted(left, 'violation')} more than GitHub shows; another format lists them all.")
    yield _plain(summary(report, colour=False))


def _plain(text: str) -> str:
    # A line of the log that begins like a command would be one.
    return f"postlint: {_data(text)}\n"


def _data(text: str) -> str:
    # The log of a job is shown by a terminal now and then.
    return "%0A".join(visible(line).replace("%", "%25") for line in text.split("\n"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
