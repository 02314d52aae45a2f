"""The facts of one post in plain Python: the twin of `facts.digest`, for a run that judges a few posts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from postlint.fingerprint_one import TextFingerprint, fingerprint_one, key_of
from postlint.likeness import Likeness, identity_of, language_of, series_of
from postlint.post import Block, Post
from postlint.rows import caption_rows, code_row, list_rows, outline_rows, published, value_rows
from postlint.samples import LEAST_WORDS, sample
from postlint.sketch_one import sketch_one

_64 = (1 << 64) - 1


class Segment(NamedTuple):
    """A paragraph, list, code block or caption. `size` counts words, items or lines."""

    key: int
    start: int
    end: int
    size: int


class Sentence(NamedTuple):
    """A sentence: its key, the number of its paragraph, its words, and which of the paragraph's it is."""

    key: int
    paragraph: int
    size: int
    number: int


class Value(NamedTuple):
    """A value that should be the post's own; key 0 for one that says nothing."""

    key: int
    start: int
    end: int
    text: str


class OnePost:
    """The facts of a post, each made when it is first asked for."""

    def __init__(self, post: Post) -> None:
        self.post = post

    @cached_property
    def likeness(self) -> Likeness:
        """What decides whether it may be like another post by right."""
        return Likeness(language_of(self.post), identity_of(self.post.page), series_of(self.post))

    @cached_property
    def published(self) -> int:
        """The day it was published, as `date.toordinal` counts; 0 where nothing says."""
        return published(self.post)

    @cached_property
    def blocks(self) -> Sequence[Block]:
        """Its paragraphs as blocks."""
        return tuple(self.post.of_kind("paragraph"))

    @cached_property
    def _marks(self) -> Sequence[TextFingerprint]:
        return tuple(fingerprint_one(block.text) for block in self.blocks)

    @cached_property
    def paragraphs(self) -> Sequence[Segment]:
        """Its paragraphs."""
        pairs = zip(self.blocks, self._marks, strict=True)
        return tuple(Segment(mark.key, block.start, block.end, mark.words) for block, mark in pairs)

    @cached_property
    def sentences(self) -> Sequence[Sentence]:
        """The sentences of its paragraphs."""
        return tuple(
            Sentence(key, paragraph, size, number)
            for paragraph, mark in enumerate(self._marks)
            for number, (key, size) in enumerate(mark.sentences)
        )

    @cached_property
    def lists(self) -> Sequence[Segment]:
        """Its lists."""
        return tuple(Segment(key, start, end, size) for key, _, start, end, size in list_rows(0, self.post))

    @cached_property
    def codes(self) -> Sequence[Segment]:
        """Its code blocks."""
        rows = (code_row(0, block) for block in self.post.of_kind("code"))
        return tuple(Segment(key, start, end, size) for key, _, start, end, size in rows)

    @cached_property
    def captions(self) -> Sequence[Segment]:
        """The alternative texts of its images, else their captions."""
        return tuple(Segment(key, start, end, size) for key, _, start, end, size in caption_rows(0, self.post))

    @cached_property
    def outlines(self) -> Sequence[Segment]:
        """Its headings as one segment, if it has any."""
        rows = outline_rows(0, self.post, list(self.post.of_kind("heading")))
        return tuple(Segment(key, start, end, size) for key, _, start, end, size in rows)

    def segments(self, kind: str) -> Sequence[Segment]:
        """Its segments of a kind: "paragraph", "list", "code", "caption" or "outline"."""
        return {
            "paragraph": lambda: self.paragraphs,
            "list": lambda: self.lists,
            "code": lambda: self.codes,
            "caption": lambda: self.captions,
            "outline": lambda: self.outlines,
        }[kind]()

    @cached_property
    def values(self) -> dict[str, list[Value]]:
        """Its values that should be its own, by kind."""
        found: dict[str, list[Value]] = {}
        for kind, key, _, start, end, text in value_rows(0, self.post):
            found.setdefault(kind, []).append(Value(key, start, end, text))
        return found

    @cached_property
    def words(self) -> int:
        """Its prose words."""
        return sum(paragraph.size for paragraph in self.paragraphs)

    @cached_property
    def body_key(self) -> int:
        """Equal for the same paragraphs in the same order, and the same lists and code."""
        keys = [paragraph.key for paragraph in self.paragraphs if paragraph.size > 0]
        prose = key_of(keys) if keys else 0
        return (prose + sum(segment.key | 1 for segment in (*self.lists, *self.codes))) & _64

    def shingles(self, paragraph: int) -> Sequence[int]:
        """The shingles of a paragraph."""
        return self._marks[paragraph].shingles

    def samples(self, paragraph: int) -> Sequence[int]:
        """The sampled keys of a paragraph; none if it is too short to have any."""
        mark = self._marks[paragraph]
        return sample(mark.shingles) if mark.words >= LEAST_WORDS else ()

    @cached_property
    def first_sampled(self) -> dict[int, int]:
        """The first paragraph that has each sampled key."""
        found: dict[int, int] = {}
        for paragraph in range(len(self.blocks)):
            for key in self.samples(paragraph):
                found.setdefault(key, paragraph)
        return found

    @cached_property
    def distinct_shingles(self) -> frozenset[int]:
        """The shingles of all paragraphs, each once."""
        return frozenset(shingle for mark in self._marks for shingle in mark.shingles)

    @cached_property
    def sketch(self) -> Sequence[int]:
        """Its sketch: see `sketch.py`."""
        return sketch_one(self.distinct_shingles)
