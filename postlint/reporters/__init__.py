"""Reporters: a Report to text, one module a format. The format's name chooses the module; nothing else is imported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from postlint.post import Lines
    from postlint.violations import Report

FORMATS: Mapping[str, str] = {
    "concise": "concise",
    "full": "full",
    "json": "json_object",
    "json-lines": "json_lines",
    "sarif": "sarif",
    "github": "github",
    "gitlab": "gitlab",
    "junit": "junit",
    "rdjson": "rdjson",
    "checkstyle": "checkstyle",
    "markdown": "markdown",
    "csv": "csv_rows",
    "html": "html",
}
"""The reporter module of each format. A module has `render(report, sources, colour) -> Iterator[str]`."""
MACHINE_FORMATS = frozenset(FORMATS) - {"concise", "full"}
"""The formats that programs read: nothing else may stand on stdout beside them."""

Sources = Callable[[str, int], "Lines | None"]
"""Path and number of a post to the rows of its source; None where it can't be read (any more)."""


class About(NamedTuple):
    """What the meta of a post says of it besides the title."""

    authors: tuple[str, ...] = ()
    day: date | None = None
    """When it was published, or else made."""


Abouts = Callable[[str, int], About]
"""Path and number of a post to what its meta says of it; nothing where it can't be read (any more)."""


def render(name: str, report: Report, sources: Sources, colour: bool) -> Iterator[str]:
    """The text of a report in a format, in pieces that are to be written one after the other."""
    pieces: Iterator[str] = import_module(f"postlint.reporters.{FORMATS[name]}").render(report, sources, colour)
    return pieces
