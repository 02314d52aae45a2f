"""The full format: post by post, each violation with its source line, a caret, related places and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import NamedTuple

from postlint.post import Lines, Location
from postlint.reporters import Sources
from postlint.reporters.terminal import SEVERITY_COLOURS, by_severity, linked, styled, visible, width
from postlint.violations import Report, Violation, post_name

LINE_WIDTH = 100
"""Columns of a source line that are shown at most."""
LEAD = 20
"""Characters that stay before the span where a line is shortened."""
RELATED = 5
"""Related places that are listed at most."""
TAB = "    "
ELLIPSIS = "…"


Address = Callable[[str], str]
"""A path to the address of its file."""


def render(report: Report, sources: Sources, colour: bool, address: Address | None = None) -> Iterator[str]:
    """A line for each post and a block of lines for each violation; with addresses, places lead to their files."""
    for _, found in groupby(report.violations, key=lambda violation: (violation.path, violation.number)):
        violations = list(found)
        first = violations[0]
        title = f": {visible(first.post)}" if first.post else ""
        post = styled(visible(post_name(first.path, first.number)) + title, "bold", colour=colour)
        yield f"{post} ({by_severity(violations, colour)})\n\n"
        for violation in violations:
            yield "\n".join(_block(violation, sources(first.path, first.number), colour, address)) + "\n\n"


def _block(violation: Violation, lines: Lines | None, colour: bool, address: Address | None) -> Iterator[str]:
    shade = SEVERITY_COLOURS[violation.severity]
    head = styled(f"{violation.severity.label} {violation.code}", shade, "bold", colour=colour)
    name = styled(f"[{violation.name}]", "dim", colour=colour)
    if address is not None and violation.url.isascii() and violation.url.isprintable():
        name = linked(name, violation.url)
    yield f"{head} {styled(visible(violation.message), 'bold', colour=colour)} {name}"
    row = violation.location.row
    gutter = len(str(row))
    arrow = styled("-->", "cyan", colour=colour)
    yield f"{' ' * gutter}{arrow} {_place(violation.path, violation.location, address)}"
    bar = styled("|", "cyan", colour=colour)
    excerpt = _excerpt(violation, lines)
    if excerpt is not None:
        yield f"{' ' * gutter} {bar}"
        yield f"{styled(str(row), 'cyan', colour=colour)} {bar} {excerpt.text}".rstrip()
        carets = styled("^" * excerpt.carets, shade, colour=colour)
        yield f"{' ' * gutter} {bar} {' ' * excerpt.indent}{carets}{excerpt.note}"
    mark = styled("=", "cyan", colour=colour)
    for related in violation.related[:RELATED]:
        place = _place(related.path, related.location, address)
        yield f"{' ' * gutter} {mark} {visible(related.message)}: {place}"
    if len(violation.related) > RELATED:
        yield f"{' ' * gutter} {mark} and {len(violation.related) - RELATED} more"
    yield f"{' ' * gutter} {mark} {styled('help', 'bold', colour=colour)}: {visible(violation.help)}"


def _place(path: str, location: Location, address: Address | None) -> str:
    return linked(f"{visible(path)}:{location.row}:{location.column}", address(path) if address is not None else "")


class _Excerpt(NamedTuple):
    """A source line as it is shown; `indent` and `carets` are columns, `note` says where the span goes on."""

    text: str
    indent: int
    carets: int
    note: str


def _excerpt(violation: Violation, lines: Lines | None) -> _Excerpt | None:
    """The first row of the span; None where there is no such row (an unreadable file, or one that has changed)."""
    (row, column), (end_row, end_column) = violation.location, violation.end_location
    if lines is None or row not in lines.rows:
        return None
    text = lines.row_text(row)
    before_text = lines.left_out(row) + 1
    start = min(column - before_text, len(text))
    end = min(end_column - before_text, len(text)) if end_row == row else len(text)
    note = f" to row {end_row}" if end_row > row else ""
    first = max(0, start - LEAD) if _too_long(text) else 0
    before = (ELLIPSIS if first else "") + _shown(text[first:start])
    span, cut = _fitting(text[start:end], LINE_WIDTH - width(before))
    after, cut_after = ("", True) if cut else _fitting(text[end : end + LINE_WIDTH], LINE_WIDTH - width(before + span))
    cut_after = cut or cut_after or end + LINE_WIDTH < len(text)
    return _Excerpt(before + span + after + (ELLIPSIS if cut_after else ""), width(before), max(width(span), 1), note)


def _too_long(text: str) -> bool:
    # The length is looked at first: the width of a line of 20 MB is nobody's interest.
    return len(text) > LINE_WIDTH or width(_shown(text)) > LINE_WIDTH


def _shown(text: str) -> str:
    return visible(text.replace("\t", TAB))


def _fitting(text: str, columns: int) -> tuple[str, bool]:
    """As much of a text as fits into columns, as it is shown, and whether something was left out."""
    shown: list[str] = []
    taken = 0
    for character in text:
        piece = _shown(character)
        taken += width(piece)
        if taken > columns:
            return "".join(shown), True
        shown.append(piece)
    return "".join(shown), False
