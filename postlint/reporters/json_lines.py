"""The JSON Lines format: each violation as one object on a line of its own, the same objects as in the JSON format."""

from __future__ import annotations

from collections.abc import Iterator

from postlint.reporters import Sources
from postlint.reporters.json_object import dumped
from postlint.violations import Report


def render(report: Report, sources: Sources, colour: bool) -> Iterator[str]:
    """A line for each violation; no line at all where there is none."""
    for violation in report.violations:
        yield dumped(violation) + "\n"
