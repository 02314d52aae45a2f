"""The format of Checkstyle, which many tools for reviews read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from postlint.reporters import Sources
from postlint.reporters.xml_text import attribute
from postlint.violations import Report


def render(report: Report, sources: Sources, colour: bool) -> Iterator[str]:
    """An element for each file, and in it one for each violation."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">\n'
    for path, violations in groupby(report.violations, key=attrgetter("path")):
        yield f"  <file name={attribute(path)}>\n"
        for violation in violations:
            yield (
                f'    <error line="{violation.location.row}" column="{violation.location.column}"'
                f' severity="{violation.severity.label}" message={attribute(violation.message)}'
                f" source={attribute(f'postlint.{violation.code}.{violation.name}')}/>\n"
            )
        yield "  </file>\n"
    yield "</checkstyle>\n"
