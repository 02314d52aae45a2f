"""Texts that a house does not want in its posts, whatever they say: given as they are, or as patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from postlint import shapes
from postlint.checks.phrase import SCOPES, quote
from postlint.checks.quotations import quotations
from postlint.errors import UserError, nearest
from postlint.needs import Guarded, Needs
from postlint.patterns import compiled
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, choices, gives, words
from postlint.violations import Finding

SHAPE = Shape(
    scope="post",
    takes={
        "texts": words("Texts as they are; case and white space do not count."),
        "patterns": shapes.patterns("Regular expressions, in any case."),
        "scopes": choices("The kinds of text that are searched.", *SCOPES),
    },
    gives=gives("text"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """`texts` in any case and spacing, `patterns`, both in blocks of the `scopes`; not in code, nor in quotation marks.

    Raises UserError for a pattern or scope that is none.
    """
    patterns = [_plain(text) for text in options["texts"] if text.strip()]
    patterns += [compiled(pattern, re.IGNORECASE | re.MULTILINE, "with: ") for pattern in options["patterns"]]
    for scope in options["scopes"]:
        if scope not in SCOPES:
            raise UserError(f'with: no scope "{scope}"{nearest(scope, SCOPES)}')
    kinds = frozenset(SCOPES[scope] for scope in options["scopes"])

    def inspect(post: Post) -> Iterator[Finding]:
        for block in post.of_kind(*kinds):
            spans = [match.span() for pattern in patterns for match in pattern.finditer(block.text)]
            if not spans:
                continue
            not_own = [*block.code, *quotations(block.text)]
            last = 0
            for start, end in sorted(spans):
                if max(start, last) < end and not any(start < after and before < end for before, after in not_own):
                    last = end
                    yield Finding(*block.place(start, end), {"text": quote(block.text[start:end])})

    # Nobody knows which literals a pattern of the user's needs; without any there is nothing to be found.
    return Guarded(inspect, Needs(literals=frozenset({""} if patterns else ())))


def _plain(text: str) -> re.Pattern[str]:
    """A pattern for a text as a person would look for it: any case, any white space, whole words, either apostrophe."""
    parts = [re.sub("['’]", "['’]", re.escape(word)) for word in text.split()]
    before = r"(?<!\w)" if text.strip()[0].isalnum() else ""
    after = r"(?!\w)" if text.strip()[-1].isalnum() else ""
    return re.compile(before + r"\s+".join(parts) + after, re.IGNORECASE)
