"""What a worker sends of a post to those that must know more of it, and what is made of it there."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from postlint.facts import line_starts
from postlint.index.catalog import Known
from postlint.index.one_post import OnePost, Segment
from postlint.likeness import Identity, Likeness, Name, Series
from postlint.post import Block, Location
from postlint.violations import Place


def known_as(facts: OnePost, number: int) -> Known:
    """What is to be known of a post that has a number in the corpus."""
    post = facts.post
    known = Known(
        order=(number, "", 0),
        path=post.path,
        content=b"",
        low=b"",
        number=post.number,
        format=post.format,
        has_meta=bool(post.meta),
        language=facts.likeness.language,
        slug=None,
        title=None,
        published=facts.published,
        words=facts.words,
        sentences=len(facts.sentences),
    )
    known.likeness = facts.likeness
    return known


def stranger(number: int, sentences: int = 0) -> Known:
    """A post of which no more is known, as it were of any size: what depends on more is asked."""
    return Known((number, "", 0), "", b"", b"", 0, "", False, "", None, None, 0, 1 << 30, sentences)


def written(facts: OnePost, number: int, *, with_body: bool) -> tuple[Any, ...]:
    """A row of `contract.ANSWERS`."""
    post = facts.post
    likeness = facts.likeness
    about = [
        post.path,
        post.number,
        post.format,
        bool(post.meta),
        facts.published,
        facts.words,
        len(facts.sentences),
        [likeness.language, likeness.identity, likeness.series],
        post.anchor,
        post.start,
    ]
    lines = line_starts([post.source])[0].tobytes()
    head = (number, json.dumps(about), lines)
    if not with_body:
        return *head, None, None, None, None, None
    texts = [block.text.encode("utf-8", "surrogatepass") for block in facts.blocks]
    places = [(part.start, part.end, len(text)) for part, text in zip(facts.paragraphs, texts, strict=True)]
    shingles = [facts.shingles(paragraph) for paragraph in range(len(texts))]
    return (
        *head,
        facts.body_key - (1 << 63),
        np.array(places, dtype="<i4").tobytes(),
        np.array(list(map(len, shingles)), dtype="<i4").tobytes(),
        np.array([key for keys in shingles for key in keys], dtype="<u8").tobytes(),
        b"".join(texts),
    )


class Letter(NamedTuple):
    """Another post, as far as it was asked for."""

    known: Known
    anchor: tuple[int, int]
    begin: Location
    lines: memoryview
    body: Body | None

    @classmethod
    def read(cls, row: Sequence[Any]) -> Letter:
        """What a row of `contract.ANSWERS` says."""
        number, about, lines, key, *columns = row
        path, place, form, has_meta, published, words, sentences, likeness, anchor, begin = json.loads(about)
        known = Known(
            (number, "", 0), path, b"", b"", place, form, has_meta, likeness[0], None, None, published, words, sentences
        )
        language, identity, (slug, title) = likeness
        known.likeness = Likeness(language, Identity(*identity), Series(Name(*slug), Name(*title)))
        body = None if key is None else Body(key + (1 << 63), *columns)
        return cls(known, tuple(anchor), Location(*begin), memoryview(lines).cast("i"), body)

    def locate(self, place: Place) -> tuple[Location, Location]:
        """The rows and columns of a place in the post."""
        return self._location(place.start), self._location(place.end)

    def _location(self, offset: int) -> Location:
        row = bisect_right(self.lines, offset)
        return Location(row, offset - self.lines[row - 1] + 1).after(self.begin)


class Body:
    """The paragraphs of another post: see `judges.view.Other`."""

    def __init__(self, body_key: int, places: bytes, counts: bytes, shingles: bytes, texts: bytes) -> None:
        self.body_key = body_key
        self._places = np.frombuffer(places, dtype="<i4").reshape(-1, 3)
        self._bounds = [0, *np.cumsum(np.frombuffer(counts, dtype="<i4")).tolist()]
        self._shingles = np.frombuffer(shingles, dtype="<u8")
        self._texts = texts

    @cached_property
    def blocks(self) -> Sequence[Block]:
        """Its paragraphs, without what maps them to the source."""
        found = []
        done = 0
        for start, end, size in self._places.tolist():
            text = self._texts[done : done + size].decode("utf-8", "surrogatepass")
            found.append(Block("paragraph", text, start, end))
            done += size
        return found

    @cached_property
    def paragraphs(self) -> Sequence[Segment]:
        """The places of these; neither their keys nor their words are known."""
        return [Segment(0, start, end, 0) for start, end, _ in self._places.tolist()]

    @cached_property
    def distinct_shingles(self) -> frozenset[int]:
        """The shingles of all paragraphs, each once."""
        return frozenset(self._shingles.tolist())

    def shingles(self, paragraph: int) -> Sequence[int]:
        """The shingles of a paragraph."""
        found: list[int] = self._shingles[self._bounds[paragraph] : self._bounds[paragraph + 1]].tolist()
        return found


class Unread:
    """Stands for the paragraphs of a post until they are there. What is made of it is made again."""

    body_key = -1
    distinct_shingles: frozenset[int] = frozenset()

    class _Endless(Sequence[Any]):
        def __init__(self, item: Any) -> None:
            self._item = item

        def __getitem__(self, index: Any) -> Any:
            return self._item

        def __len__(self) -> int:
            return 0

    blocks: Sequence[Block] = _Endless(Block("paragraph", "", 0, 0))
    paragraphs: Sequence[Segment] = _Endless(Segment(0, 0, 0, 0))

    def shingles(self, paragraph: int) -> Sequence[int]:
        """No shingle."""
        return ()
