"""SARIF 2.1.0, as GitHub code scanning and other tools read it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from postlint import HOME, __version__
from postlint.post import Location
from postlint.reporters import Sources
from postlint.reporters.terminal import visible
from postlint.violations import Fix, Report, RulePage, Severity, Violation

RESULTS = 25_000
"""Results that GitHub takes of a run; it refuses a file with more."""
RELATED = 100
"""Related places of a result: far below the thousand that GitHub takes."""
NAME = 255
DESCRIPTION = 1024
"""Characters of a rule's name and of its descriptions that GitHub takes; rules of the user's own may have more."""
_BASE = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(report: Report, sources: Sources, colour: bool) -> Iterator[str]:
    """One run with its rules and results. What is over the limit is left out, infos first, and told in the run."""
    kept = _within_limit(report.violations)
    left_out = len(report.violations) - len(kept)
    driver = {
        "name": "postlint",
        "semanticVersion": __version__,
        "informationUri": HOME,
        "rules": [_rule(page) for page in report.rules],
    }
    invocation: dict[str, object] = {"executionSuccessful": True}
    if left_out:
        said = f"{left_out} more violations are left out: a file may hold {RESULTS}."
        invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": said}}]
    head = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_BASE: {"description": {"text": "The folder that postlint was run in."}}},
        "invocations": [invocation],
    }
    yield '{"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [\n'
    yield json.dumps(head)[:-1] + ', "results": ['
    numbers = {page.code: number for number, page in enumerate(report.rules)}
    separator = "\n"
    for violation in kept:
        yield separator + json.dumps(_result(violation, numbers[violation.code]))
        separator = ",\n"
    yield "\n]}]}\n"


def _within_limit(violations: Sequence[Violation]) -> Sequence[Violation]:
    if len(violations) <= RESULTS:
        return violations
    heaviest = sorted(range(len(violations)), key=lambda place: -violations[place].severity)[:RESULTS]
    return [violations[place] for place in sorted(heaviest)]


def _rule(page: RulePage) -> dict[str, object]:
    rule: dict[str, object] = {
        "id": page.code,
        "name": page.name[:NAME],
        "shortDescription": {"text": _cut(page.summary)},
        "fullDescription": {"text": _cut(f"{page.summary} {page.why}")},
        "help": {"text": visible(page.fix)},
        "defaultConfiguration": {"level": _LEVELS[page.severity]},
    }
    if page.url:
        rule["helpUri"] = page.url
    return rule


def _cut(text: str) -> str:
    shown = visible(text)
    return shown if len(shown) <= DESCRIPTION else shown[: DESCRIPTION - 1] + "…"


def _message(text: str) -> dict[str, str]:
    """A text as a message, in which braces are doubled and `[words](place)` would be a link (SARIF 3.11.5, 3.11.6)."""
    plain = visible(text).replace("](", "] (")
    return {"text": plain.replace("{", "{{").replace("}", "}}")}


def _result(violation: Violation, number: int) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": violation.code,
        "ruleIndex": number,
        "level": _LEVELS[violation.severity],
        "message": _message(violation.message),
        "locations": [_location(violation.path, violation.location, violation.end_location)],
        "relatedLocations": [
            {
                "id": place,
                "message": _message(related.message),
                **_location(related.path, related.location, related.end_location),
            }
            for place, related in enumerate(violation.related[:RELATED], 1)
        ],
        # The fingerprint of a violation outlives inserted lines and a renamed file; `/v1` is the way it is made.
        "partialFingerprints": {"postlint/v1": violation.fingerprint},
    }
    if violation.fix is not None:
        result["fixes"] = [_fix(violation.path, violation.fix)]
    return result


def _fix(path: str, fix: Fix) -> dict[str, object]:
    replacements = [
        {"deletedRegion": _region(edit.location, edit.end_location), "insertedContent": {"text": edit.text}}
        for edit in fix.edits
    ]
    return {
        "description": {"text": f"What --fix does; it is {fix.safety}."},
        "artifactChanges": [{"artifactLocation": _artifact(path), "replacements": replacements}],
    }


def _location(path: str, start: Location, end: Location) -> dict[str, object]:
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(path),
            "region": _region(start, end),
        }
    }


def _region(start: Location, end: Location) -> dict[str, int]:
    return {"startLine": start.row, "startColumn": start.column, "endLine": end.row, "endColumn": end.column}


def _artifact(path: str) -> dict[str, str]:
    encoded = quote(path.encode("utf-8", "surrogateescape"))
    if os.path.isabs(path):
        return {"uri": f"file://{encoded}"}
    return {"uri": encoded, "uriBaseId": _BASE}
