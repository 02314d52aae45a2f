"""Text for XML: what its characters can't say, or what is not seen, is shown as an escape."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from postlint.reporters.terminal import visible


def text(value: str) -> str:
    """A value as text of an element; it may have several lines."""
    return escape("\n".join(visible(line) for line in value.split("\n")))


def attribute(value: object) -> str:
    """A value as that of an attribute, in quotes."""
    return quoteattr(visible(str(value)))
