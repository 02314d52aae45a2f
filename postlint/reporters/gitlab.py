"""The format of GitLab's code quality reports."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b

from postlint.reporters import Sources
from postlint.reporters.terminal import visible
from postlint.violations import Report, Severity

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def render(report: Report, sources: Sources, colour: bool) -> Iterator[str]:
    """An array of issues. GitLab tells new ones from old ones by a fingerprint that only one of them may have."""
    seen: Counter[str] = Counter()
    yield "["
    separator = "\n"
    for violation in report.violations:
        known = f"{violation.path}\0{violation.number}\0{violation.code}\0{violation.fingerprint}"
        seen[known] += 1
        unique = f"{known}\0{seen[known]}".encode("utf-8", "surrogatepass")
        issue = {
            "description": visible(f"{violation.code} {violation.message}"),
            "check_name": violation.name,
            "fingerprint": blake2b(unique, digest_size=16).hexdigest(),
            "severity": _SEVERITIES[violation.severity],
            "location": {
                "path": violation.path,
                "positions": {
                    "begin": {"line": violation.location.row, "column": violation.location.column},
                    "end": {"line": violation.end_location.row, "column": violation.end_location.column},
                },
            },
        }
        yield separator + json.dumps(issue)
        separator = ",\n"
    yield "\n]\n" if report.violations else "]\n"
