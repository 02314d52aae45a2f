"""Check: an ISBN that can't be one: its check digit is wrong, or it has too many or too few digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from postlint.needs import Guarded, Needs
from postlint.post import Kind, Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, gives
from postlint.violations import Finding

_ISBN = re.compile(
    r"\bISBN(?:[- ]?1[03])?(?:[ ]?\((?:1[03]|print|e-?book|pbk|hbk)\.?\))?[ ]?[:#]?[ ]{0,3}"
    r"(?P<number>(?:97[89][ \u00a0])?[0-9]{1,5}[ \u00a0][0-9]{1,7}[ \u00a0][0-9]{1,7}[ \u00a0][0-9X]"
    r"|[0-9](?:[‐-–-]?[0-9]){7,16}(?:[‐-–-]?X)?)(?![0-9A-Za-z]|[‐-–-][0-9])",
    re.IGNORECASE,
)
_NOT_A_DIGIT = re.compile(r"[^0-9X]")
_JUDGED: tuple[Kind, ...] = ("paragraph", "list_item", "table_cell", "caption")


_VALUES = "isbn digits found right"
SHAPE = Shape(scope="post", gives=gives(checksum=_VALUES, length=_VALUES))


def bind(options: Options, as_of: date) -> Inspect:
    """Values: `isbn`, `digits`, `found`, `right`. Variants: "checksum", "length"."""

    def inspect(post: Post) -> Iterator[Finding]:
        for block in post.of_kind(*_JUDGED):
            for match in _ISBN.finditer(block.text):
                start, end = match.span("number")
                if any(first <= start < last for first, last in block.code):
                    continue
                digits = _NOT_A_DIGIT.sub("", match["number"].upper())
                right = check_digit(digits)
                values = {"isbn": match["number"], "digits": len(digits), "found": digits[-1], "right": right}
                if not right:
                    yield Finding(*block.place(start, end), values, variant="length")
                elif right != digits[-1]:
                    yield Finding(*block.place(start, end), values, variant="checksum")

    return Guarded(inspect, Needs(literals=frozenset({"isbn"})))


def check_digit(isbn: str) -> str:
    """The right last digit of ten or thirteen digits (ISO 2108); "" where there are more or fewer, or an X in them."""
    if "X" in isbn[:-1]:
        return ""
    if len(isbn) == 10:
        rest = -sum((10 - place) * int(digit) for place, digit in enumerate(isbn[:9])) % 11
        return "X" if rest == 10 else str(rest)
    if len(isbn) == 13 and not isbn.endswith("X"):
        return str(-sum((1 + 2 * (place % 2)) * int(digit) for place, digit in enumerate(isbn[:12])) % 10)
    return ""
