"""What Markdown does not know is blanked before it is parsed, without moving anything."""

from __future__ import annotations

from postlint.readers.align import Span


def mask(source: str, base: int, *, is_mdx: bool) -> tuple[str, list[Span]]:
    """The source with blanks for what is no Markdown, and where they are."""
    return source, []
