"""The body of a post in HTML: that of a page, of an exported post, of a record."""

from __future__ import annotations

from collections.abc import Sequence

from postlint.readers.align import Span
from postlint.readers.body import Body
from postlint.readers.html_blocks import SKIPPED, Reading
from postlint.readers.html_tokens import Tokens, tokens_of
from postlint.readers.places import Places

STORED = Reading()
"""A body as an editor keeps it: paragraphs are marked."""
CLASSIC = Reading(classic=True)
"""A body as the classic editor of WordPress keeps it: blank rows part paragraphs."""
PAGE = Reading(SKIPPED | {"nav", "header", "footer", "aside", "form", "dialog", "menu"}, as_shown=True)
"""A page as a browser shows it, without what stands on every page."""


def read_html(source: str, start: int = 0, end: int | None = None, reading: Reading = STORED) -> Body:
    """Blocks, images and links of the HTML that is a stretch of a source, with places in it."""
    end = len(source) if end is None else end
    return read_masked(source, source, start, end, reading)


def read_masked(source: str, parsed: str, start: int, end: int, reading: Reading, holes: Sequence[Span] = ()) -> Body:
    """The same where `parsed`, as long as the source, has blanks in the place of what is no HTML: in `holes`."""
    return read_tokens(source, parsed, tokens_of(parsed[start:end], start), reading, holes)


def read_tokens(source: str, parsed: str, found: Tokens, reading: Reading, holes: Sequence[Span] = ()) -> Body:
    """The same of tokens, which may be some of those of a whole page."""
    start, end = found.places[0], found.places[-1]
    body = Body(Places(source, parsed, holes, range(0)), start)
    body.html_reader().read(parsed[start:end], found, reading, holes)
    # The two hold each other; without that a post is gone as soon as nobody needs it.
    body.html = None
    return body
