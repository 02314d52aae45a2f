"""Titles and summaries that are too long or too short for the line they are shown in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date

from postlint.checks.conditions import is_empty
from postlint.errors import UserError
from postlint.meta import Entry, fold_key
from postlint.post import Post, Text
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, choice, count, gives
from postlint.violations import Finding

# Of several summaries the one that search engines are given.
_FOR_SEARCH = ("meta description", "metadesc", "description")
_NESTED = frozenset({"seo.title", "yoast.title", "rank math.title"})
_TEMPLATE = ("{{", "{%", "%%")


SHAPE = Shape(
    scope="post",
    takes={
        "text": choice("What is measured.", "title", "summary"),
        "min": count("The fewest characters."),
        "max": count("The most characters."),
    },
    gives=gives(short="length min max", long="length min max"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """`text` is title or summary; fewer than `min` or more than `max` characters, wide ones counted twice."""
    find = {"title": _title, "summary": _summary}.get(options["text"])
    if find is None:
        raise UserError(f'with: "text" is title or summary, not {options["text"]!r}')
    least, most = options["min"], options["max"]

    def inspect(post: Post) -> Iterator[Finding]:
        text = find(post)
        if text is None or any(mark in text.value for mark in _TEMPLATE):
            return
        length = width(text.value)
        if length and not least <= length <= most:
            variant = "short" if length < least else "long"
            yield Finding(text.start, text.end, {"length": length, "min": least, "max": most}, variant=variant)

    return inspect


def _title(post: Post) -> Text | None:
    """What a search engine shows: the title made for it, else the title."""
    nested = [entry for entry in post.meta.all("title") if entry.name in _NESTED]
    made = next((entry for entry in (*post.meta.all("seo_title"), *nested) if not is_empty(entry)), None)
    return post.title if made is None else _text(made)


def _summary(post: Post) -> Text | None:
    found = [entry for entry in post.meta.all("summary") if not is_empty(entry)]
    if not found:
        return None
    names = [fold_key(entry.key) for entry in found]
    for name in _FOR_SEARCH:
        if name in names:
            return _text(found[names.index(name)])
    return _text(found[0])


def _text(entry: Entry) -> Text:
    return Text(entry.value, entry.start, entry.end)


def width(text: str) -> int:
    """The characters of a text as a line has room for them: Chinese and the like take two, accents and joiners none."""
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    if line.isascii():
        return len(line)
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in line
    )
