"""Counts by rule as a table, instead of the list of violations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from postlint.reporters.terminal import SEVERITY_COLOURS, styled
from postlint.violations import Report


def render(report: Report, colour: bool) -> Iterator[str]:
    """A line for each rule and severity that occurs, the most frequent first: count, code, severity, name."""
    counts = Counter((violation.code, violation.severity, violation.name) for violation in report.violations)
    digits = max((len(str(count)) for count in counts.values()), default=0)
    codes = max((len(code) for code, _, _ in counts), default=0)
    for (code, severity, name), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        label = styled(severity.label.ljust(7), SEVERITY_COLOURS[severity], colour=colour)
        yield f"{count:>{digits}}  {code:<{codes}}  {label}  {name}\n"
