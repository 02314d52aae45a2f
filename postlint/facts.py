"""Facts: what posts contribute to a comparison, as columns; made a batch at a time and joined in order."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from postlint.fingerprint import I64, U64, fingerprint
from postlint.likeness import Identity, Series, identity_of, language_of, series_of
from postlint.post import Block, Post
from postlint.rows import (
    KINDS,
    SegmentRow,
    ValueRow,
    caption_rows,
    code_row,
    excerpts,
    list_rows,
    outline_rows,
    published,
    value_rows,
)
from postlint.samples import LEAST_WORDS
from postlint.sampling import samples
from postlint.sketch import sketch
from postlint.store import Store, Stored
from postlint.texts import Texts

I32 = NDArray[np.int32]


@dataclass(slots=True)
class Posts:
    """What is known of each post as a whole, a row a post. Places are offsets in its source."""

    path: list[str]
    number: I32
    format: list[str]
    start: I32
    end: I32
    row: I32
    """Where in its file the source begins, as `Post.start` says."""
    column: I32
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


class Column(NamedTuple):
    """What a batch has of something too large to keep in memory for all posts: its bytes, kept here or stored."""

    data: bytes | Stored
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
    code_excerpts: Texts
    """See `rows.excerpts`."""
    captions: Segments
    """The alternative texts of images, else their captions."""
    outlines: Segments
    """The headings of each post that has some, one row for all of them; `size` counts them."""
    shingle_counts: I32
    """Of each paragraph."""
    sample_counts: NDArray[np.uint8]
    """Of each paragraph; see `samples.py`."""
    samples: list[Column]
    """Of the paragraphs in their order, eight bytes each; one entry a batch."""
    shingles: list[Column]
    """Of the paragraphs in their order, eight bytes each; one entry a batch."""
    texts: list[Column]
    """Of the paragraphs in their order, in UTF-8; one entry a batch."""
    text_bounds: I64
    """Where the text of each paragraph ends among the bytes of all."""
    run_counts: I32
    """The runs of each paragraph; 0 if its text stands in the source as it is."""
    runs: list[Column]
    """`post.Run` of the paragraphs in their order, three 32-bit numbers each; one entry a batch."""
    line_starts: I32
    """Where the rows of each post's source start, one post after the other."""
    line_counts: I32
    """The rows of each post's source."""
    sketches: NDArray[np.uint32]
    """One row a post: see `sketch.py`."""


def digest(posts: Sequence[Post], store: Store | None = None) -> Digest:
    """The facts of posts, in the order given. With a store their shingles are written there."""
    blocks: list[Block] = []
    owners: list[int] = []
    lists: list[SegmentRow] = []
    codes: list[SegmentRow] = []
    code_blocks: list[Block] = []
    captions: list[SegmentRow] = []
    outlines: list[SegmentRow] = []
    values: dict[str, list[ValueRow]] = {kind: [] for kind in KINDS}
    for index, post in enumerate(posts):
        items = False
        headings: list[Block] = []
        for block in post.blocks:
            kind = block.kind
            if kind == "paragraph":
                blocks.append(block)
                owners.append(index)
            elif kind == "list_item":
                items = True
            elif kind == "code":
                codes.append(code_row(index, block))
                code_blocks.append(block)
            elif kind == "heading":
                headings.append(block)
        if headings:
            outlines.extend(outline_rows(index, post, headings))
        if items:
            lists.extend(list_rows(index, post))
        if post.images:
            captions.extend(caption_rows(index, post))
        for row in value_rows(index, post):
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
    sampled, sample_counts = samples(marks.shingles, counts, marks.text_words >= LEAST_WORDS)
    owner_of_shingle = np.repeat(paragraphs.post, counts)
    encoded = [block.text.encode("utf-8", "surrogatepass") for block in blocks]
    row_starts, row_counts = line_starts([post.source for post in posts])
    return Digest(
        posts=_posts(posts),
        values={kind: _columns(rows) for kind, rows in values.items() if rows},
        paragraphs=paragraphs,
        sentences=Sentences(
            marks.sentence_keys, marks.sentence_texts.astype(np.int32), marks.sentence_words.astype(np.int32)
        ),
        lists=_segments(lists),
        codes=_segments(codes),
        code_excerpts=Texts.of(excerpts(codes, code_blocks)),
        captions=_segments(captions),
        outlines=_segments(outlines),
        shingle_counts=counts.astype(np.int32),
        sample_counts=sample_counts,
        samples=[put(sampled.tobytes(), store)],
        shingles=[put(marks.shingles.tobytes(), store)],
        texts=[put(b"".join(encoded), store)],
        text_bounds=np.cumsum([len(text) for text in encoded], dtype=np.int64),
        run_counts=np.array([len(block.runs or ()) for block in blocks], dtype=np.int32),
        runs=[put(_run_numbers(blocks), store)],
        line_starts=row_starts,
        line_counts=row_counts,
        sketches=sketch(marks.shingles, owner_of_shingle, len(posts)),
    )


def _run_numbers(blocks: Sequence[Block]) -> bytes:
    return np.array(
        [number for block in blocks if block.runs for run in block.runs for number in run], dtype=np.int32
    ).tobytes()


def put(data: bytes, store: Store | None) -> Column:
    """Bytes as a column: in the store if there is one, in memory else."""
    if store is not None:
        # A full disk costs memory, not the answer.
        with suppress(OSError):
            return Column(store.append(data), len(data))
    return Column(data, len(data))


def line_starts(sources: Sequence[str]) -> tuple[I32, I32]:
    """The offsets at which the rows of texts start, as `post.Lines` has them, and how many rows each text has."""
    # Every row shall end with one line feed that stands where its end stands.
    plain = [text.replace("\r\n", " \n").replace("\r", "\n") if "\r" in text else text for text in sources]
    counts = np.array([text.count("\n") + 1 for text in plain], dtype=np.int32)
    rows = "\n".join(plain).split("\n") if plain else []
    ends = np.cumsum(np.fromiter(map(len, rows), dtype=np.int64, count=len(rows)) + 1)
    starts = np.concatenate((np.zeros(1, dtype=np.int64), ends))[: len(rows)]
    firsts = starts[np.cumsum(counts) - counts]
    return (starts - np.repeat(firsts, counts)).astype(np.int32), counts


def _posts(posts: Sequence[Post]) -> Posts:
    anchors = [post.anchor for post in posts]
    return Posts(
        path=[post.path for post in posts],
        number=np.array([post.number for post in posts], dtype=np.int32),
        format=[post.format for post in posts],
        start=np.array([start for start, _ in anchors], dtype=np.int32),
        end=np.array([end for _, end in anchors], dtype=np.int32),
        row=np.array([post.start.row for post in posts], dtype=np.int32),
        column=np.array([post.start.column for post in posts], dtype=np.int32),
        has_meta=np.array([bool(post.meta) for post in posts], dtype=bool),
        language=[language_of(post) for post in posts],
        series=[series_of(post) for post in posts],
        identity=[identity_of(post.page) for post in posts],
        published=np.array([published(post) for post in posts], dtype=np.int32),
    )


def _columns(rows: Sequence[ValueRow]) -> Values:
    _, key, post, start, end, text = zip(*rows, strict=True)
    return Values(
        key=np.array(key, dtype=np.uint64),
        post=np.array(post, dtype=np.int32),
        start=np.array(start, dtype=np.int32),
        end=np.array(end, dtype=np.int32),
        text=Texts.of(text),
    )


def _segments(rows: Sequence[SegmentRow]) -> Segments:
    columns = list(zip(*rows, strict=True)) if rows else [(), (), (), (), ()]
    post, start, end, size = (np.array(column, dtype=np.int32) for column in columns[1:])
    return Segments(np.array(columns[0], dtype=np.uint64), post, start, end, size)
