"""The diagnostics of reviewdog (rdjson): columns count the bytes of UTF-8."""

from __future__ import annotations

import json
from collections.abc import Iterator

from postlint import HOME
from postlint.post import Lines, Location
from postlint.reporters import Sources
from postlint.reporters.terminal import visible
from postlint.violations import RelatedLocation, Report, Severity, Violation

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}


def render(report: Report, sources: Sources, colour: bool) -> Iterator[str]:
    """One object with a diagnostic for each violation."""
    worst = max((violation.severity for violation in report.violations), default=Severity.INFO)
    head = {"source": {"name": "postlint", "url": HOME}, "severity": _SEVERITIES[worst]}
    yield json.dumps(head)[:-1] + ', "diagnostics": ['
    separator = "\n"
    for violation in report.violations:
        code = {"value": violation.code, "url": violation.url} if violation.url else {"value": violation.code}
        diagnostic = {
            "message": visible(violation.message),
            "location": _location(violation, sources),
            "severity": _SEVERITIES[violation.severity],
            "code": code,
            "related_locations": [
                {
                    "message": visible(related.message),
                    "location": _location(related, sources),
                }
                for related in violation.related
            ],
        }
        yield separator + json.dumps(diagnostic)
        separator = ",\n"
    yield "\n]}\n" if report.violations else "]}\n"


def _location(place: Violation | RelatedLocation, sources: Sources) -> dict[str, object]:
    lines = sources(place.path, place.number)
    start, end = _position(place.location, lines), _position(place.end_location, lines)
    return {"path": place.path, "range": {"start": start, "end": end}}


def _position(place: Location, lines: Lines | None) -> dict[str, int]:
    if lines is None or place.row not in lines.rows or lines.left_out(place.row):
        # A file that is gone has no bytes to count, nor has a row that is not known from its start: no more is told.
        return {"line": place.row}
    before = lines.row_text(place.row)[: place.column - 1]
    return {"line": place.row, "column": len(before.encode("utf-8", "surrogatepass")) + 1}
