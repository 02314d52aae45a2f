"""HTML cut into tokens that know where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from html.entities import html5
from itertools import accumulate
from typing import NamedTuple

from turbohtml import TokenType, tokenize

from postlint.lazy_pattern import lazy_pattern
from postlint.post import LINE_END

_REFERENCE = lazy_pattern(r"&#?[0-9A-Za-z]+;?")

TEXT, START, END, REFERENCE = (
    TokenType.TEXT,
    TokenType.START_TAG,
    TokenType.END_TAG,
    TokenType.CHARACTER_REFERENCE,
)


class Tokens(NamedTuple):
    """The kinds of tokens, the names of those that are tags ("" of others), and where each one starts.

    One place more says where the last one ends.
    """

    kinds: Sequence[TokenType]
    names: Sequence[str]
    places: Sequence[int]

    def part(self, first: int, last: int) -> Tokens:
        """The tokens from the first to before the last."""
        return Tokens(self.kinds[first:last], self.names[first:last], self.places[first : last + 1])


def tokens_of(text: str, start: int) -> Tokens:
    """The tokens of HTML that stands at `start`."""
    tokens = list(tokenize(text, resolve_references=False, capture_attributes=False))
    if text.count("\r") > text.count("\r\n"):
        rows = [start, *(start + match.end() for match in LINE_END.finditer(text))]
    else:
        rows = list(accumulate(map((1).__add__, map(len, text.split("\n"))), initial=start))
    places = [rows[token.line - 1] + token.col for token in tokens]
    places.append(start + len(text))
    return Tokens([token.type for token in tokens], [token.tag or "" for token in tokens], places)


def reference_width(text: str) -> int:
    """How many characters of a text are the reference that it begins with, as HTML has it: `&nbsp` of `&nbspx`."""
    found = _REFERENCE.match(text)
    if found is None or text[1] == "#":
        return len(text) if found is None else found.end()
    name = found[0][1:]
    known = (length for length in range(len(name), 1, -1) if name[:length] in html5)
    return 1 + next(known, len(name))
