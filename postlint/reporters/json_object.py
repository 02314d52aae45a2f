"""The JSON format: one object, described by `schema/report.schema.json`, with a line for each violation."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from postlint import __version__
from postlint.post import Location
from postlint.reporters import Sources
from postlint.violations import Cluster, Fix, Report, Severity, Violation

SCHEMA_VERSION = 1


def render(report: Report, sources: Sources, colour: bool) -> Iterator[str]:
    """The object in pieces. Same report, same bytes; all of it ASCII, so no encoding can spoil it."""
    head = {
        "schema_version": SCHEMA_VERSION,
        "postlint_version": __version__,
        "as_of": report.as_of.isoformat(),
        "summary": summary(report),
    }
    yield json.dumps(head)[:-1]
    yield ', "violations": ['
    yield from _items(dumped(violation) for violation in report.violations)
    yield '], "clusters": ['
    yield from _items(json.dumps(cluster_object(cluster)) for cluster in report.clusters)
    yield "]}\n"


def _items(items: Iterator[str]) -> Iterator[str]:
    separator = "\n"
    for item in items:
        yield separator + item
        separator = ",\n"
    if separator != "\n":
        yield "\n"


def summary(report: Report) -> dict[str, object]:
    """The counts of a report. Every severity has one, and every code that occurs."""
    by_severity = Counter(violation.severity for violation in report.violations)
    by_code = Counter(violation.code for violation in report.violations)
    return {
        "files": report.files,
        "posts": report.posts,
        "posts_with_violations": report.posts_with_violations,
        "violations": len(report.violations),
        "by_severity": {severity.label: by_severity[severity] for severity in sorted(Severity, reverse=True)},
        "by_code": dict(sorted(by_code.items())),
        "suppressed": report.suppressed,
        "baselined": report.baselined,
    }


def dumped(violation: Violation) -> str:
    """A violation as JSON on one line."""
    return json.dumps(violation_object(violation))


def violation_object(violation: Violation) -> dict[str, object]:
    """A violation as the object of the JSON formats."""
    return {
        "code": violation.code,
        "name": violation.name,
        "severity": violation.severity.label,
        "message": violation.message,
        "path": violation.path,
        "post": violation.post,
        "location": _location(violation.location),
        "end_location": _location(violation.end_location),
        "quote": violation.quote,
        "help": violation.help,
        "data": {key: plain(value) for key, value in sorted(violation.data.items())},
        "related": [
            {
                "path": related.path,
                "location": _location(related.location),
                "end_location": _location(related.end_location),
                "message": related.message,
            }
            for related in violation.related
        ],
        "fix": fix_object(violation.fix) if violation.fix is not None else None,
        "url": violation.url,
        "fingerprint": violation.fingerprint,
    }


def fix_object(fix: Fix) -> dict[str, object]:
    """A fix as the object of the JSON formats."""
    return {
        "safety": fix.safety,
        "edits": [
            {
                "location": _location(edit.location),
                "end_location": _location(edit.end_location),
                "text": edit.text,
            }
            for edit in fix.edits
        ],
    }


def cluster_object(cluster: Cluster) -> dict[str, object]:
    """A cluster as the object of the JSON format."""
    return {
        "id": cluster.id,
        "kind": cluster.kind,
        "size": len(cluster.posts),
        "posts": list(cluster.posts),
        "similarity": round(cluster.similarity, 4),
    }


def _location(location: Location) -> dict[str, int]:
    return {"row": location.row, "column": location.column}


def plain(value: object) -> object:
    """A value as JSON has it: what a check found may be a date, and a similarity has more digits than it means."""
    if isinstance(value, float):
        # JSON has no word for infinity or not-a-number.
        return round(value, 4) if abs(value) < 1e300 else None
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, dict):
        return {str(key): plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, (set, frozenset)):
        return [plain(item) for item in sorted(value)]
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return str(value)
