"""Text for a terminal: hostile characters made visible, widths in columns, colours, counts in words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from postlint.lazy_pattern import lazy_pattern
from postlint.violations import Report, Severity, Violation

# Everything that moves the cursor, starts an escape sequence, turns text around, or stands on the line unseen: C0 and
# C1, soft hyphen and zero-width characters, line separators, bidi marks and controls, variation selectors and tags of
# the supplement, private use, noncharacters and lone surrogates. A joiner within an emoji or script stays (U+200D).
_HOSTILE = lazy_pattern(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)

_COLOURS = {"bold": "1", "dim": "2", "red": "31", "yellow": "33", "blue": "34", "cyan": "36"}
SEVERITY_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}


def visible(text: str) -> str:
    """A text that can't do anything to a terminal: each hostile character as its escape, `\\x1b` or `\\u202e`."""
    if text.isascii() and text.isprintable():
        return text
    return _HOSTILE.sub(lambda match: match[0].encode("unicode_escape", "surrogatepass").decode("ascii"), text)


def width(text: str) -> int:
    """The columns that a visible text takes: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def styled(text: str, *styles: str, colour: bool) -> str:
    """A text in colours and weights, or as it is where there is to be no colour."""
    if not colour or not text:
        return text
    return f"\x1b[{';'.join(_COLOURS[style] for style in styles)}m{text}\x1b[0m"


def linked(text: str, address: str) -> str:
    """A text that leads to an address (printable ASCII) in terminals that know OSC 8; as it is without an address."""
    return f"\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\" if address else text


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number and its noun: `1 post`, `2 posts`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def summary(report: Report, colour: bool) -> str:
    """The closing line of a report for people."""
    if not report.violations:
        text = styled(f"No violations in {counted(report.posts, 'post')}.", "bold", colour=colour)
        return text + _left_out(report)
    found = styled(f"Found {counted(len(report.violations), 'violation')}", "bold", colour=colour)
    where = f"in {report.posts_with_violations} of {counted(report.posts, 'post')}"
    if report.posts != report.files:
        # An unreadable file holds no post and may have a violation, so the one need not be a part of the other.
        concerned = counted(report.posts_with_violations, "post or unreadable file", "posts or unreadable files")
        where = f"in {concerned}; read {counted(report.posts, 'post')} in {counted(report.files, 'file')}"
    return f"{found} ({by_severity(report.violations, colour)}) {where}.{_left_out(report)}"


def by_severity(violations: Iterable[Violation], colour: bool) -> str:
    """How many violations there are of each severity: `1 error, 2 infos`."""
    severities = [violation.severity for violation in violations]
    return ", ".join(
        styled(counted(severities.count(severity), noun), SEVERITY_COLOURS[severity], colour=colour)
        for severity, noun in ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "info"))
        if severity in severities
    )


def _left_out(report: Report) -> str:
    parts = [
        f"{count} {word}"
        for count, word in ((report.suppressed, "suppressed"), (report.baselined, "in the baseline"))
        if count
    ]
    return f" ({', '.join(parts)})" if parts else ""
