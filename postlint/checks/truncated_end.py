"""Check: a post whose last sentence breaks off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from postlint.canonical import count_words
from postlint.post import Block, Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, count, gives
from postlint.shapes import words as texts
from postlint.violations import Finding

_LAST_WORD = re.compile(r"[\w'’-]+\Z")
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
        if not post.blocks or not _is_prose(post, block := post.blocks[-1]):
            return
        text = block.text
        found = _LAST_MARK.search(text[-100:])
        if found is None:
            found = _LAST_WORD.search(text[-100:])
            if found is None or found[0].casefold() not in words:
                return
        if count_words(text) < least:
            return
        start = len(text) - len(found[0])
        if any(last > start for _, last in block.code) or not _ends_there(post, block.end):
            return
        yield Finding(*block.place(start, len(text)), {"text": text[start:]})

    return inspect


def _is_prose(post: Post, block: Block) -> bool:
    # In extracted text a line without a full stop is taken for a heading, but none has nothing below it.
    return block.kind == "paragraph" or (block.kind == "heading" and post.format == "text")


def _ends_there(post: Post, offset: int) -> bool:
    """Whether nothing that readers see follows an offset; in extracted text all of it is in blocks."""
    return post.format == "text" or _NOTHING.match(post.source, offset) is not None
