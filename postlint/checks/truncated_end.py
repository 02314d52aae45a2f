"""Check: a post whose last sentence breaks off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from postlint.canonical import count_words
from postlint.post import Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, count, gives
from postlint.shapes import words as texts
from postlint.violations import Finding

_LAST_WORD = re.compile(r"([\w'’-]+)\Z")
_LAST_MARK = re.compile(r"(?:[\w'’)\]\"”]+)?[,;–—-]\Z")
# What may follow the last paragraph and shows nothing: closing marks and tags, and definitions of links.
_NOTHING = re.compile(r"(?:[ \t\r\n*_~]|</\w{1,20}>|^[ ]{0,3}\[[^\]\n]{1,80}\]:[^\n]*$)*\Z", re.MULTILINE)


SHAPE = Shape(
    scope="post",
    takes={
        "words": texts("Words with which no sentence ends."),
        "min-words": count("Paragraphs with fewer words are passed over."),
    },
    gives=gives("text"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """One finding a post, at its last word. Values: `text`."""
    words = frozenset(word.casefold() for word in options["words"])
    least = options["min-words"]

    def inspect(post: Post) -> Iterator[Finding]:
        if not post.blocks or post.blocks[-1].kind != "paragraph":
            return
        block = post.blocks[-1]
        text = block.text
        found = _LAST_WORD.search(text[-100:])
        if found is not None and found[1].casefold() not in words:
            return
        found = found or _LAST_MARK.search(text[-100:])
        if found is None or count_words(text) < least:
            return
        start = len(text) - len(found[0])
        if any(last > start for _, last in block.code) or not _ends_there(post, block.end):
            return
        yield Finding(*block.place(start, len(text)), {"text": text[start:]})

    return inspect


def _ends_there(post: Post, offset: int) -> bool:
    """Whether nothing that readers see follows an offset."""
    meta = post.meta.block
    end = meta[0] if meta is not None and meta[0] >= offset else len(post.source)
    return _NOTHING.match(post.source, offset, end) is not None
