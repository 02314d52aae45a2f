"""The diagnostics of reviewdog (rdjson): columns count the bytes of UTF-8."""

from __future__ import annotations

import json
from collections.abc import Iterator

from postlint import HOME
from postlint.post import Lines, Location
from postlint.reporters import Sources
from postlint.violations import Report, Severity

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
            "message": violation.message,
            "location": _location(violation.path, violation.location, violation.end_location, sources),
            "severity": _SEVERITIES[violation.severity],
            "code": code,
            "related_locations": [
                {
                    "message": related.message,
                    "location": _location(related.path, related.location, related.end_location, sources),
                }
                for related in violation.related
            ],
        }
        yield separator + json.dumps(diagnostic)
        separator = ",\n"
    yield "\n]}\n" if report.violations else "]}\n"


def _location(path: str, start: Location, end: Location, sources: Sources) -> dict[str, object]:
    lines = sources(path)
    return {"path": path, "range": {"start": _position(start, lines), "end": _position(end, lines)}}


def _position(place: Location, lines: Lines | None) -> dict[str, int]:
    if lines is None or place.row > len(lines):
        # A file that is gone has no bytes to count; its line is told all the same.
        return {"line": place.row}
    before = lines.row_text(place.row)[: place.column - 1]
    return {"line": place.row, "column": len(before.encode("utf-8", "surrogatepass")) + 1}
