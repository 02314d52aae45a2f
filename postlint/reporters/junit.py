"""The format of JUnit: a test suite a file, a failed test a violation."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from postlint.reporters import Sources
from postlint.reporters.xml_text import attribute, text
from postlint.violations import Report, Severity


def render(report: Report, sources: Sources, colour: bool) -> Iterator[str]:
    """Errors and warnings fail; what is only for information is a test that passed and says something.

    Files without violations are one test of their own, so that a clean run is not an empty one.
    """
    failed = sum(violation.severity > Severity.INFO for violation in report.violations)
    clean = report.files - len({violation.path for violation in report.violations})
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield (
        f'<testsuites name="postlint" tests="{len(report.violations) + (clean > 0)}" failures="{failed}" errors="0">\n'
    )
    if clean > 0:
        yield '  <testsuite name="files without violations" tests="1" failures="0" errors="0" skipped="0">\n'
        yield f'    <testcase name="{clean} of {report.files} files" classname="postlint"/>\n  </testsuite>\n'
    for path, group in groupby(report.violations, key=attrgetter("path")):
        violations = list(group)
        failures = sum(violation.severity > Severity.INFO for violation in violations)
        yield (
            f'  <testsuite name={attribute(path)} tests="{len(violations)}" failures="{failures}" errors="0"'
            ' skipped="0">\n'
        )
        for violation in violations:
            place = f"{violation.path}:{violation.location.row}:{violation.location.column}"
            name = f"{violation.code} {violation.name} at {violation.location.row}:{violation.location.column}"
            said = f"{place}: {violation.message}\n{violation.help}"
            yield f"    <testcase name={attribute(name)} classname={attribute(violation.path)}>\n"
            if violation.severity > Severity.INFO:
                yield (
                    f"      <failure type={attribute(violation.severity.label)} message={attribute(violation.message)}>"
                    f"{text(said)}</failure>\n"
                )
            else:
                yield f"      <system-out>{text(said)}</system-out>\n"
            yield "    </testcase>\n"
        yield "  </testsuite>\n"
    yield "</testsuites>\n"
