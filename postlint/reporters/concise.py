"""The concise format: one line a violation."""

from __future__ import annotations

from collections.abc import Iterator

from postlint.reporters import Sources
from postlint.reporters.terminal import SEVERITY_COLOURS, styled, visible
from postlint.violations import Report


def render(report: Report, sources: Sources, colour: bool) -> Iterator[str]:
    """`path:row:column: severity CODE message [name]` for each violation."""
    for violation in report.violations:
        place = f"{violation.location.row}:{violation.location.column}"
        path = styled(visible(violation.path), "bold", colour=colour)
        severity = styled(violation.severity.label, SEVERITY_COLOURS[violation.severity], colour=colour)
        code = styled(violation.code, SEVERITY_COLOURS[violation.severity], colour=colour)
        name = styled(f"[{violation.name}]", "dim", colour=colour)
        yield f"{path}:{place}: {severity} {code} {visible(violation.message)} {name}\n"
