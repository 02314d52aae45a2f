"""What one post contributes besides its prose, row by row: values that should be its own, lists, code, captions."""

from __future__ import annotations

import posixpath
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from postlint.canonical import folded
from postlint.hashing import value_key
from postlint.lazy_pattern import lazy_pattern
from postlint.post import Block, Post
from postlint.values import parse_date, parse_moment, parse_number

_WORDS = ("title", "summary", "topic", "notes", "ai_brief")
_EXACT = ("reference", "hash", "source_id", "uuid")
_ADDRESS = ("slug",)
MEASURES = ("views", "reading_time", "score")
"""The kinds of values that say how much of something a post has."""
KINDS = (*_WORDS, *_EXACT, *_ADDRESS, "image", *MEASURES, "minute")
"""The kinds of values."""
# Identifiers that stand for "none".
_NOTHING = frozenset({
    "", "none", "null", "na", "n/a", "unknown", "-", "--", "?", "undefined", "tbd", "todo", "false", "true",
})  # fmt: skip

# What tells titles apart: words, and the signs of names such as C++ and of operators; commas and quotes do not.
_TOKENS = lazy_pattern(r"[^\W_]+|[+#=<>&|%]+")

EXCERPT = 80
"""Characters of a repeated code block that are kept, to be shown."""

ValueRow = tuple[str, int, int, int, int, str]
"""Kind, key, post, start, end and text."""
SegmentRow = tuple[int, int, int, int, int]
"""Key, post, start, end and size."""


def code_row(index: int, block: Block) -> SegmentRow:
    """The row of a code block; white space at the ends of lines does not count, nor do blank lines for its size."""
    lines = list(map(str.rstrip, block.text.split("\n")))
    return value_key("\n".join(lines).strip()), index, block.start, block.end, len(lines) - lines.count("")


def excerpts(rows: Sequence[SegmentRow], blocks: Sequence[Block]) -> list[str]:
    """The beginning of each code block as one line if it stands more than once in its post, nothing else."""
    times = Counter(row[:2] for row in rows)
    return [
        " ".join(block.text.split())[:EXCERPT] if times[row[:2]] > 1 else ""
        for row, block in zip(rows, blocks, strict=True)
    ]


def value_rows(index: int, post: Post) -> Iterator[ValueRow]:
    """The values of a post that should be its own."""
    if post.title is not None:
        yield "title", _words_key(post.title.value), index, post.title.start, post.title.end, post.title.value
    meta = post.meta
    for kind in (*_WORDS[1:], *_EXACT, *_ADDRESS):
        for entry in meta.all(kind):
            text = entry.value.strip()
            if kind in _WORDS:
                key = _words_key(text)
            elif kind in _EXACT:
                # A path or an address refers to something; it does not name the post.
                nothing = text.lower() in _NOTHING or not text.strip("0") or "/" in text
                key = 0 if nothing else value_key(text)
            else:
                key = _address_key(text)
            yield kind, key, index, entry.start, entry.end, text
    for kind in MEASURES:
        # Scores are several, told apart by their names, and count as one value.
        several = kind == "score"
        entries = meta.all(kind) if several else meta.all(kind)[:1]
        measured = [(entry, number) for entry in entries if (number := parse_number(entry.value)) is not None]
        if measured:
            key = value_key(*(f"{entry.name if several else kind} {number}" for entry, number in measured))
            text = ", ".join(entry.value for entry, _ in measured)
            yield kind, key, index, measured[0][0].start, measured[0][0].end, text
    published = meta.get("published")
    minute = parse_moment(published.value) if published is not None else None
    if published is not None and minute is not None:
        yield "minute", value_key(minute), index, published.start, published.end, minute
    for image in post.images:
        if image.url is not None and not image.url.value.startswith("data:"):
            address = image.url.value.partition("#")[0].partition("?")[0]
            yield (
                "image",
                value_key(_resolved(post.path, unquote(address))),
                index,
                image.url.start,
                image.url.end,
                address,
            )


def _resolved(path: str, address: str) -> str:
    """An address as seen from the site: `photo.jpg` beside one post is another file than beside another."""
    if address.startswith("/") or "//" in address:
        return address
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), address))


def _address_key(text: str) -> int:
    plain = unquote(text).strip("/").lower()
    # A pattern such as `/:year/:title/` or `{{ page.fileSlug }}` is filled anew for each post.
    return 0 if plain in _NOTHING or "{" in plain or ":" in plain else value_key(plain)


def _words_key(text: str) -> int:
    if text.isascii():
        tokens = _TOKENS.findall(text.lower())
        is_said = any(token[0].isalnum() for token in tokens)
    else:
        tokens = _TOKENS.findall(unicodedata.normalize("NFKC", text).casefold())
        is_said = folded(text) != ""
    return value_key(" ".join(tokens)) if is_said else 0


def outline_rows(index: int, post: Post, headings: Sequence[Block]) -> Iterator[SegmentRow]:
    """The row of a post's headings in their order, if it has some; it stands where the first of them does."""
    texts = [folded(heading.text) for heading in headings]
    # A title in the body is the post's own, whatever its outline.
    if texts and post.title is not None and texts[0] == folded(post.title.value):
        headings, texts = headings[1:], texts[1:]
    if texts:
        yield value_key(*texts), index, headings[0].start, headings[0].end, len(headings)


def list_rows(index: int, post: Post) -> Iterator[SegmentRow]:
    """The lists of a post."""
    links = sorted((link.start, link.end) for link in post.links)
    for items in post.groups("list_item"):
        # A list of links is navigation, the same in many posts by design: it belongs to the body, but has no size.
        size = 0 if links and all(_linked(item, links) for item in items) else len(items)
        yield value_key(*(folded(item.text) for item in items)), index, items[0].start, items[-1].end, size


def _linked(item: Block, links: Sequence[tuple[int, int]]) -> bool:
    """Whether a link overlaps an item; links do not overlap each other."""
    before = bisect_left(links, (item.end, 0)) - 1
    return before >= 0 and links[before][1] > item.start


def caption_rows(index: int, post: Post) -> Iterator[SegmentRow]:
    """The texts of a post's images."""
    for image in post.images:
        text = image.alt or image.caption
        if image.origin == "body" and text is not None:
            plain = folded(text.value)
            if plain:
                yield value_key(plain), index, text.start, text.end, plain.count(" ") + 1


def published(post: Post) -> int:
    """The day a post was published, else made, as `date.toordinal` counts; 0 where nothing says."""
    entry = post.meta.get("published") or post.meta.get("created")
    day = parse_date(entry.value).day if entry is not None else None
    return day.toordinal() if day is not None else 0
