"""The format of spreadsheets: comma-separated values with a row for each violation (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from postlint.reporters import Sources
from postlint.reporters.terminal import visible
from postlint.violations import Report

COLUMNS = ("path", "row", "column", "severity", "code", "name", "message", "post", "quote", "related", "help", "url")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a cell begins with that a spreadsheet takes for a formula, full-width signs included."""


def render(report: Report, sources: Sources, colour: bool) -> Iterator[str]:
    """A head, then the violations."""
    yield _row(COLUMNS)
    for violation in report.violations:
        related = "; ".join(f"{place.path}:{place.location.row}:{place.location.column}" for place in violation.related)
        yield _row(
            (
                violation.path,
                violation.location.row,
                violation.location.column,
                violation.severity.label,
                violation.code,
                violation.name,
                violation.message,
                violation.post,
                violation.quote,
                related,
                violation.help,
                violation.url,
            )
        )


def _row(cells: tuple[str | int, ...]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerow([cell if isinstance(cell, int) else _safe(cell) for cell in cells])
    return stream.getvalue()


def _safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    shown = visible(text)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown
