"""Facts: what posts contribute to a comparison, as columns; made a batch at a time, joined in an order of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from postlint.fingerprint import Fingerprints, fingerprint
from postlint.hashing import value_key
from postlint.likeness import Identity, Series, identity_of, language_of, series_of
from postlint.post import Block, Post
from postlint.values import parse_date, parse_number

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
I32 = NDArray[np.int32]


class PostFact(NamedTuple):
    """What is known of one post as a whole. Places are offsets in its source."""

    path: str
    number: int
    format: str
    title: str
    start: int
    end: int
    has_meta: bool
    language: str
    series: Series
    identity: Identity
    published: date | None


class ValueFact(NamedTuple):
    """A value of a post that should be its own: a title, a slug, an identifier, an image's address."""

    kind: str
    post: int
    text: str
    start: int
    end: int


@dataclass(slots=True)
class Segments:
    """Segments of one kind, one row each, in order of post and place. `size` counts words, items or lines."""

    key: U64
    post: I32
    start: I32
    end: I32
    size: I32

    def __len__(self) -> int:
        return len(self.key)


@dataclass(slots=True)
class Digest:
    """The facts of a batch of posts; all that crosses a process. `post` columns count from 0 within the batch."""

    posts: list[PostFact]
    values: list[ValueFact]
    paragraphs: Segments
    sentences: Segments
    """Their places are those of their paragraphs."""
    sentence_paragraph: I32
    """The paragraph row of each sentence."""
    lists: Segments
    codes: Segments
    shingles: U64
    """Of the paragraphs, in their order."""
    shingle_bounds: I64
    """Of paragraph i: shingles[shingle_bounds[i]:shingle_bounds[i + 1]]."""


# What makes an image's file name an icon or a logo is the rule's to say; an address is compared without its query.
_IDENTIFIERS = ("reference", "hash", "source_id", "uuid")


def digest(posts: Sequence[Post]) -> Digest:
    """The facts of posts, in the order given."""
    paragraphs: list[tuple[int, Block]] = []
    lists: list[tuple[int, int, int, int, int]] = []
    codes: list[tuple[int, int, int, int, int]] = []
    facts = []
    values: list[ValueFact] = []
    for index, post in enumerate(posts):
        facts.append(_post_fact(post))
        values.extend(_values(index, post))
        for block in post.blocks:
            if block.kind == "paragraph":
                paragraphs.append((index, block))
            elif block.kind == "code":
                lines = [line.rstrip() for line in block.text.splitlines()]
                key = value_key("\n".join(lines).strip())
                codes.append((key, index, block.start, block.end, sum(1 for line in lines if line)))
        lists.extend(_lists(index, post))
    marks = fingerprint([block.text for _, block in paragraphs])
    post_of = np.array([index for index, _ in paragraphs], dtype=np.int32)
    start = np.array([block.start for _, block in paragraphs], dtype=np.int32)
    end = np.array([block.end for _, block in paragraphs], dtype=np.int32)
    return Digest(
        posts=facts,
        values=values,
        paragraphs=Segments(marks.text_keys, post_of, start, end, marks.text_words.astype(np.int32)),
        sentences=_sentences(marks, post_of, start, end),
        sentence_paragraph=marks.sentence_texts.astype(np.int32),
        lists=_segments(lists),
        codes=_segments(codes),
        shingles=marks.shingles,
        shingle_bounds=marks.shingle_bounds,
    )


def _post_fact(post: Post) -> PostFact:
    start, end = post.anchor
    published = post.meta.get("published") or post.meta.get("created")
    when = parse_date(published.value) if published is not None else None
    return PostFact(
        path=post.path,
        number=post.number,
        format=post.format,
        title=post.title.value if post.title else "",
        start=start,
        end=end,
        has_meta=bool(post.meta),
        language=language_of(post),
        series=series_of(post),
        identity=identity_of(post.path),
        published=when.day if when is not None else None,
    )


def _values(index: int, post: Post) -> Iterator[ValueFact]:
    if post.title is not None:
        yield ValueFact("title", index, *post.title)
    for kind in ("summary", "topic", "slug", "url", *_IDENTIFIERS):
        for entry in post.meta.all(kind):
            if entry.value.strip():
                yield ValueFact(kind, index, entry.value, entry.start, entry.end)
    views = post.meta.get("views")
    if views is not None and parse_number(views.value) is not None:
        yield ValueFact("views", index, views.value, views.start, views.end)
    seen = set()
    for image in post.images:
        if image.url is not None:
            address = image.url.value.partition("#")[0].partition("?")[0]
            if address not in seen and not address.startswith("data:"):
                seen.add(address)
                yield ValueFact("image", index, address, image.url.start, image.url.end)


def _lists(index: int, post: Post) -> Iterator[tuple[int, int, int, int, int]]:
    linked = [(link.start, link.end) for link in post.links]
    for items in post.groups("list_item"):
        if all(any(item.start <= start and end <= item.end for start, end in linked) for item in items):
            # A list of links is navigation: the same in many posts by design.
            continue
        texts = " \x00 ".join(item.text for item in items)
        yield value_key("list", _folded(texts)), index, items[0].start, items[-1].end, len(items)


def _folded(text: str) -> str:
    from postlint.canonical import folded

    return "\x00".join(folded(part) for part in text.split("\x00"))


def _segments(rows: Sequence[tuple[int, int, int, int, int]]) -> Segments:
    columns = list(zip(*rows, strict=True)) if rows else [(), (), (), (), ()]
    key = np.array(columns[0], dtype=np.uint64)
    post, start, end, size = (np.array(column, dtype=np.int32) for column in columns[1:])
    return Segments(key, post, start, end, size)


def _sentences(marks: Fingerprints, post: I32, start: I32, end: I32) -> Segments:
    of = marks.sentence_texts
    return Segments(marks.sentence_keys, post[of], start[of], end[of], marks.sentence_words.astype(np.int32))


def join(digests: Iterable[Digest]) -> Digest:
    """All facts of a run as one digest, its posts in the order of path and number, however the work was divided."""
    parts = list(digests)
    posts = [fact for part in parts for fact in part.posts]
    order = sorted(range(len(posts)), key=lambda row: (posts[row].path, posts[row].number))
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    first_post = np.cumsum([0, *(len(part.posts) for part in parts)])
    first_paragraph = np.cumsum([0, *(len(part.paragraphs) for part in parts)])

    def joined(name: str) -> tuple[Segments, I64]:
        columns = {
            column.name: np.concatenate(
                [getattr(getattr(part, name), column.name) for part in parts] or [np.zeros(0, dtype=np.int32)]
            )
            for column in fields(Segments)
        }
        owners = [rank[getattr(part, name).post + first] for part, first in zip(parts, first_post[:-1], strict=True)]
        columns["post"] = np.concatenate(owners) if owners else np.zeros(0, dtype=np.int32)
        by_post = np.argsort(columns["post"], kind="stable")
        return Segments(**{column: values[by_post] for column, values in columns.items()}), by_post

    paragraphs, paragraph_order = joined("paragraphs")
    sentences, sentence_order = joined("sentences")
    new_row = np.empty(len(paragraph_order), dtype=np.int32)
    new_row[paragraph_order] = np.arange(len(paragraph_order), dtype=np.int32)
    empty32 = np.zeros(0, dtype=np.int32)
    owner = np.concatenate(
        [empty32] + [part.sentence_paragraph + first for part, first in zip(parts, first_paragraph[:-1], strict=True)]
    ).astype(np.int64)
    lengths = np.concatenate([empty32] + [np.diff(part.shingle_bounds) for part in parts]).astype(np.int64)
    shingles = np.concatenate([np.zeros(0, dtype=np.uint64)] + [part.shingles for part in parts])
    old_start = np.cumsum(lengths) - lengths
    bounds = np.concatenate(([0], np.cumsum(lengths[paragraph_order])))
    take = np.repeat(old_start[paragraph_order] - bounds[:-1], lengths[paragraph_order]) + np.arange(len(shingles))
    values = [
        fact._replace(post=int(rank[fact.post + first]))
        for part, first in zip(parts, first_post[:-1], strict=True)
        for fact in part.values
    ]
    values.sort(key=lambda fact: (fact.post, fact.kind, fact.start, fact.text))
    return Digest(
        posts=[posts[row] for row in order],
        values=values,
        paragraphs=paragraphs,
        sentences=sentences,
        sentence_paragraph=new_row[owner[sentence_order]],
        lists=joined("lists")[0],
        codes=joined("codes")[0],
        shingles=shingles[take],
        shingle_bounds=bounds,
    )
