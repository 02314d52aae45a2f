"""Lists whose items all begin with a term in bold and a colon."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import groupby

from postlint.needs import Guarded, Needs
from postlint.post import Block, Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, count, gives
from postlint.violations import Finding

# What opens bold type right before an item's text, and what the item then begins with.
_OPENINGS = re.compile(r"(\*\*\*?|___?|<(?:strong|b)>)\Z", re.IGNORECASE)
_CLOSING = r"(?:\*\*\*?|___?|</(?:strong|b)>)"
_TERM = re.compile(
    rf"(?:(?!{_CLOSING})[^\n]){{1,80}}?(?:[:：]\s?{_CLOSING}|{_CLOSING}\s?[:：])[^\S\n]*\n?[^\S\n]*\S", re.IGNORECASE
)
_LONGEST_OPENING = 8


SHAPE = Shape(
    scope="post",
    takes={
        "min-run": count("So many items in a row."),
    },
    gives=gives("items"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """`min-run`: so many such items of one list, one after the other; a list within a list is another."""
    least = options["min-run"]

    def inspect(post: Post) -> Iterator[Finding]:
        for items in post.groups("list_item"):
            for begins, run in groupby(items, key=lambda item: _begins_with_term(item, post.source)):
                found = list(run)
                if begins and len(found) >= least:
                    yield Finding(found[0].start, found[-1].end, {"items": len(found)})

    return Guarded(inspect, Needs(literals=frozenset({"**", "__", "<strong>", "<b>"})))


def _begins_with_term(item: Block, source: str) -> bool:
    before = source[max(item.start - _LONGEST_OPENING, 0) : item.start]
    if _OPENINGS.search(before) is None:
        return False
    return _TERM.match(source, item.start, item.end) is not None
