"""Facts: what posts contribute to a comparison, as columns; made a batch at a time and joined in order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray

from postlint.canonical import folded, words
from postlint.fingerprint import I64, U64, fingerprint
from postlint.hashing import value_key
from postlint.likeness import Identity, Series, identity_of, language_of, series_of
from postlint.post import Block, Post
from postlint.sketch import sketch
from postlint.store import Store, Stored
from postlint.texts import Texts
from postlint.values import parse_date, parse_number

I32 = NDArray[np.int32]


@dataclass(slots=True)
class Posts:
    """What is known of each post as a whole, a row a post. Places are offsets in its source."""

    path: list[str]
    number: I32
    format: list[str]
    start: I32
    end: I32
    has_meta: NDArray[np.bool_]
    language: list[str]
    series: list[Series]
    identity: list[Identity]
    published: I32
    """Days since 0001-01-01, as `date.toordinal` counts; 0 where nothing says."""

    def __len__(self) -> int:
        return len(self.path)


@dataclass(slots=True)
class Values:
    """Values of one kind that should be a post's own: titles, slugs, identifiers, addresses of images. A row each."""

    key: U64
    """Equal for values that count as the same; 0 for one that says nothing."""
    post: I32
    start: I32
    end: I32
    text: Texts

    def __len__(self) -> int:
        return len(self.key)


@dataclass(slots=True)
class Segments:
    """Segments of one kind, a row each, in order of post and place. `size` counts words, items or lines."""

    key: U64
    post: I32
    start: I32
    end: I32
    size: I32

    def __len__(self) -> int:
        return len(self.key)


@dataclass(slots=True)
class Sentences:
    """The sentences of paragraphs, in order. They stand where their paragraph stands."""

    key: U64
    paragraph: I32
    size: I32

    def __len__(self) -> int:
        return len(self.key)


class Shingles(NamedTuple):
    """The shingles of a batch's paragraphs in their order, in memory or stored."""

    numbers: U64 | Stored
    length: int


@dataclass(slots=True)
class Digest:
    """The facts of a batch of posts: all that crosses a process. Row numbers count from 0 within the batch."""

    posts: Posts
    values: dict[str, Values]
    paragraphs: Segments
    sentences: Sentences
    lists: Segments
    codes: Segments
    captions: Segments
    """The alternative texts of images, else their captions."""
    shingle_counts: I32
    """Of each paragraph."""
    shingles: list[Shingles]
    """One entry a batch."""
    sketches: NDArray[np.uint32]
    """One row a post: see `sketch.py`."""


_WORDS = ("title", "summary", "topic")
_EXACT = ("reference", "hash", "source_id", "uuid")
_ADDRESS = ("slug",)
KINDS = (*_WORDS, *_EXACT, *_ADDRESS, "image", "views")
"""The kinds of values."""
# Identifiers that stand for "none".
_NOTHING = frozenset({
    "", "none", "null", "na", "n/a", "unknown", "-", "--", "?", "undefined", "tbd", "todo", "false", "true",
})  # fmt: skip

Row = tuple[str, int, int, int, int, str]
"""A value: kind, key, post, start, end and text."""


def digest(posts: Sequence[Post], store: Store | None = None) -> Digest:
    """The facts of posts, in the order given. With a store their shingles are written there."""
    blocks: list[Block] = []
    owners: list[int] = []
    lists: list[tuple[int, int, int, int, int]] = []
    codes: list[tuple[int, int, int, int, int]] = []
    captions: list[tuple[int, int, int, int, int]] = []
    values: dict[str, list[Row]] = {kind: [] for kind in KINDS}
    for index, post in enumerate(posts):
        items = False
        for block in post.blocks:
            kind = block.kind
            if kind == "paragraph":
                blocks.append(block)
                owners.append(index)
            elif kind == "list_item":
                items = True
            elif kind == "code":
                lines = [line.rstrip() for line in block.text.split("\n")]
                size = sum(1 for line in lines if line)
                codes.append((value_key("\n".join(lines).strip()), index, block.start, block.end, size))
        if items:
            lists.extend(_lists(index, post))
        if post.images:
            captions.extend(_captions(index, post))
        for row in _values(index, post):
            values[row[0]].append(row)
    marks = fingerprint([block.text for block in blocks])
    paragraphs = Segments(
        key=marks.text_keys,
        post=np.array(owners, dtype=np.int32),
        start=np.array([block.start for block in blocks], dtype=np.int32),
        end=np.array([block.end for block in blocks], dtype=np.int32),
        size=marks.text_words.astype(np.int32),
    )
    counts = np.diff(marks.shingle_bounds)
    owner_of_shingle = np.repeat(paragraphs.post, counts)
    shingles = Shingles(_stored(marks.shingles, store), len(marks.shingles))
    return Digest(
        posts=_posts(posts),
        values={kind: _columns(rows) for kind, rows in values.items() if rows},
        paragraphs=paragraphs,
        sentences=Sentences(
            marks.sentence_keys, marks.sentence_texts.astype(np.int32), marks.sentence_words.astype(np.int32)
        ),
        lists=_segments(lists),
        codes=_segments(codes),
        captions=_segments(captions),
        shingle_counts=counts.astype(np.int32),
        shingles=[shingles],
        sketches=sketch(marks.shingles, owner_of_shingle, len(posts)),
    )


def _stored(shingles: U64, store: Store | None) -> U64 | Stored:
    if store is None:
        return shingles
    try:
        return store.append(shingles)
    except OSError:
        # A full disk costs memory, not the answer.
        return shingles


def _posts(posts: Sequence[Post]) -> Posts:
    anchors = [post.anchor for post in posts]
    return Posts(
        path=[post.path for post in posts],
        number=np.array([post.number for post in posts], dtype=np.int32),
        format=[post.format for post in posts],
        start=np.array([start for start, _ in anchors], dtype=np.int32),
        end=np.array([end for _, end in anchors], dtype=np.int32),
        has_meta=np.array([bool(post.meta) for post in posts], dtype=bool),
        language=[language_of(post) for post in posts],
        series=[series_of(post) for post in posts],
        identity=[identity_of(post.path) for post in posts],
        published=np.array([_published(post) for post in posts], dtype=np.int32),
    )


def _published(post: Post) -> int:
    entry = post.meta.get("published") or post.meta.get("created")
    day = parse_date(entry.value).day if entry is not None else None
    return day.toordinal() if day is not None else 0


def _values(index: int, post: Post) -> Iterator[Row]:
    if post.title is not None:
        yield "title", _words_key(post.title.value), index, post.title.start, post.title.end, post.title.value
    meta = post.meta
    for kind in (*_WORDS[1:], *_EXACT, *_ADDRESS):
        for entry in meta.all(kind):
            text = entry.value.strip()
            if kind in _WORDS:
                key = _words_key(text)
            elif kind in _EXACT:
                key = 0 if text.lower() in _NOTHING or not text.strip("0") else value_key(text)
            else:
                key = _address_key(text)
            yield kind, key, index, entry.start, entry.end, text
    views = meta.get("views")
    if views is not None and parse_number(views.value) is not None:
        yield "views", 0, index, views.start, views.end, views.value
    for image in post.images:
        if image.url is not None and not image.url.value.startswith("data:"):
            address = image.url.value.partition("#")[0].partition("?")[0]
            yield "image", value_key(unquote(address)), index, image.url.start, image.url.end, address


def _address_key(text: str) -> int:
    plain = unquote(text).strip("/").lower()
    # A pattern such as `/:year/:title/` or `{{ page.fileSlug }}` is filled anew for each post.
    return 0 if plain in _NOTHING or "{" in plain or ":" in plain else value_key(plain)


def _words_key(text: str) -> int:
    plain = folded(text)
    return value_key(plain) if plain else 0


def _lists(index: int, post: Post) -> Iterator[tuple[int, int, int, int, int]]:
    links = sorted((link.start, link.end) for link in post.links)
    for items in post.groups("list_item"):
        if links and all(_linked(item, links) for item in items):
            # A list of links is navigation: the same in many posts by design.
            continue
        yield value_key(*(folded(item.text) for item in items)), index, items[0].start, items[-1].end, len(items)


def _linked(item: Block, links: Sequence[tuple[int, int]]) -> bool:
    """Whether a link overlaps an item; links do not overlap each other."""
    before = bisect_left(links, (item.end, 0)) - 1
    return before >= 0 and links[before][1] > item.start


def _captions(index: int, post: Post) -> Iterator[tuple[int, int, int, int, int]]:
    for image in post.images:
        text = image.alt or image.caption
        if image.origin == "body" and text is not None:
            found = words(text.value)
            if found:
                yield value_key(" ".join(found)), index, text.start, text.end, len(found)


def _columns(rows: Sequence[Row]) -> Values:
    _, key, post, start, end, text = zip(*rows, strict=True)
    return Values(
        key=np.array(key, dtype=np.uint64),
        post=np.array(post, dtype=np.int32),
        start=np.array(start, dtype=np.int32),
        end=np.array(end, dtype=np.int32),
        text=Texts.of(text),
    )


def _segments(rows: Sequence[tuple[int, int, int, int, int]]) -> Segments:
    columns = list(zip(*rows, strict=True)) if rows else [(), (), (), (), ()]
    post, start, end, size = (np.array(column, dtype=np.int32) for column in columns[1:])
    return Segments(np.array(columns[0], dtype=np.uint64), post, start, end, size)


def join(digests: Iterable[Digest]) -> Digest:
    """All facts of a run as one digest. The batches come in the order of their posts: by path and number."""
    parts = list(digests) or [digest([])]
    post_shift = np.cumsum([0, *(len(part.posts) for part in parts)])
    paragraph_shift = np.cumsum([0, *(len(part.paragraphs) for part in parts)])

    def shifted(columns: Sequence[Any], name: str, shift: I64) -> Any:
        """Rows of columns one after the other, the row numbers in `name` moved to where they now are."""
        joined = {}
        for column in fields(columns[0]):
            pieces = [getattr(part, column.name) for part in columns]
            if column.name == name:
                pieces = [piece + np.int32(step) for piece, step in zip(pieces, shift, strict=False)]
            joined[column.name] = _concatenated(pieces)
        return type(columns[0])(**joined)

    values = {}
    for kind in KINDS:
        having = [row for row, part in enumerate(parts) if kind in part.values]
        if having:
            values[kind] = shifted([parts[row].values[kind] for row in having], "post", post_shift[having])
    return Digest(
        posts=shifted([part.posts for part in parts], "", post_shift),
        values=values,
        paragraphs=shifted([part.paragraphs for part in parts], "post", post_shift),
        sentences=shifted([part.sentences for part in parts], "paragraph", paragraph_shift),
        lists=shifted([part.lists for part in parts], "post", post_shift),
        codes=shifted([part.codes for part in parts], "post", post_shift),
        captions=shifted([part.captions for part in parts], "post", post_shift),
        shingle_counts=np.concatenate([part.shingle_counts for part in parts]),
        shingles=[shingles for part in parts for shingles in part.shingles],
        sketches=np.concatenate([part.sketches for part in parts]),
    )


def _concatenated(pieces: list[Any]) -> Any:
    if isinstance(pieces[0], list):
        return [item for piece in pieces for item in piece]
    if isinstance(pieces[0], Texts):
        return Texts.joined(pieces)
    return np.concatenate(pieces)
