"""Check: a Markdown footnote that is used but defined nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from postlint.needs import Guarded, Needs
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, gives
from postlint.violations import Finding

_DEFINITION = re.compile(r"^[ \t>]{0,20}(?:[-*] )?\[\^([^\]\s]{1,80})\]:", re.MULTILINE)
# A regular expression in prose looks the same: `[^0-9]`, `[^abc]`. A footnote is a number, or a word that stands
# right behind the text it belongs to, and nothing repeats it.
_USE = re.compile(r"\[\^(?P<label>\d{1,3}|(?<=[^\s(\[{|/\\]\[\^)[A-Za-z][A-Za-z0-9_-]{2,40})\](?![*+?{$:(^])")
_JUDGED = ("paragraph", "list_item", "table_cell", "caption", "heading")


SHAPE = Shape(
    scope="post",
    gives=gives("label"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """One finding a label, at its first use. Values: `label`."""

    def inspect(post: Post) -> Iterator[Finding]:
        if "^" not in post.source or post.format != "markdown" or "[^" not in post.source:
            return
        known = {label.casefold() for label in _DEFINITION.findall(post.source)}
        for block in post.blocks:
            if block.kind not in _JUDGED or "[^" not in block.text:
                continue
            for match in _USE.finditer(block.text):
                label = match["label"]
                if label.casefold() in known or any(first <= match.start() < last for first, last in block.code):
                    continue
                start, end = block.place(match.start(), match.end())
                if "\\" in post.source[max(start - 1, 0) : end]:
                    continue
                known.add(label.casefold())
                yield Finding(start, end, {"label": label})

    return Guarded(inspect, Needs(exact=frozenset({"[^"})))
