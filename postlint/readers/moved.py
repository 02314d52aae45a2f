"""A post whose body stood escaped in its file: its places, moved from the decoded text to the source."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from postlint.meta import Entry, Meta
from postlint.post import Block, Image, Link, Post, Problem, Run, Text
from postlint.readers.lazy_runs import LazyRuns


class OffsetMap:
    """Where each character of a decoded text stands in the source.

    Its runs are those of a block: where the decoded text is as long as the source it is verbatim, and where it is not
    (an escape, an entity) the whole stretch is the place of each of its characters. What stands in the source between
    two runs is no part of the text. There is one run at least; that of an empty text says where it would stand.
    """

    __slots__ = ("_ends", "_exact", "_sources", "_starts", "length", "shift")

    def __init__(self, runs: Sequence[Run], length: int) -> None:
        assert runs
        starts, sources, ends = zip(*runs, strict=True)
        self._keep(list(starts), list(sources), list(ends), length)

    @classmethod
    def of(cls, starts: list[int], sources: list[int], ends: list[int], length: int) -> OffsetMap:
        """The same by the numbers of the runs: where they start in the text, and where in the source, and end there."""
        made = cls.__new__(cls)
        made._keep(starts, sources, ends, length)
        return made

    @classmethod
    def verbatim(cls, start: int, length: int) -> OffsetMap:
        """That of a text which stands in the source as it is."""
        return cls.of([0], [start], [start + length], length)

    def _keep(self, starts: list[int], sources: list[int], ends: list[int], length: int) -> None:
        self._starts = starts
        self._sources = sources
        self._ends = ends
        self.length = length
        self._exact = [
            following - start == end - source
            for start, following, source, end in zip(starts, [*starts[1:], length], sources, ends, strict=True)
        ]
        self.shift = sources[0] if len(starts) == 1 and self._exact[0] else None
        """What is added to an offset where the whole text is verbatim; None where it is not."""

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs of the whole text."""
        return tuple(map(Run, self._starts, self._sources, self._ends))

    @property
    def columns(self) -> tuple[list[int], list[int], list[int]]:
        """The numbers of the runs, as `of` takes them; not to be changed."""
        return self._starts, self._sources, self._ends

    def start(self, offset: int) -> int:
        """Where the character at an offset starts; for the end of the text, where its last one ends."""
        if offset >= self.length:
            return self._ends[-1]
        number = bisect_right(self._starts, offset) - 1
        return self._sources[number] + (offset - self._starts[number] if self._exact[number] else 0)

    def end(self, offset: int) -> int:
        """Where the character before an offset ends; for 0, where the first one starts."""
        if offset <= 0:
            return self._sources[0]
        offset = min(offset, self.length)
        number = bisect_right(self._starts, offset - 1) - 1
        return self._sources[number] + offset - self._starts[number] if self._exact[number] else self._ends[number]

    def behind(self, source: int) -> int:
        """Where the character of the text stands that is written at an offset of the source; its end if none is."""
        for number, (start, end) in enumerate(zip(self._sources, self._ends, strict=True)):
            if start <= source < end:
                return self._starts[number] + (source - start if self._exact[number] else 0)
        return self.length

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the text stands; an empty one where its next character would."""
        return self.stretch(start, end)[:2]

    def stretch(self, start: int, end: int) -> tuple[int, int, bool]:
        """Where a stretch of the text stands, and whether it is verbatim there."""
        shift = self.shift
        if shift is not None and end <= self.length:
            return start + shift, end + shift, True
        if start >= end or end > self.length:
            first = self.start(start)
            return first, self.end(end) if start < end else first, False
        number = bisect_right(self._starts, start) - 1
        first = self._starts[number]
        if self._exact[number]:
            at = self._sources[number] + start - first
            width = self._ends[number] - self._sources[number]
            if end <= first + width:
                return at, at + end - start, True
            return at, self.end(end), False
        return self._sources[number], self.end(end), False

    def through(self, runs: Iterable[Run], length: int) -> tuple[Run, ...]:
        """The runs, in the source, of a text of this length that has `runs` in the decoded text."""
        found: list[Run] = []
        runs = tuple(runs)
        ends = [run.text_start for run in runs[1:]] + [length]
        for run, text_end in zip(runs, ends, strict=True):
            width = text_end - run.text_start
            if width and width == run.source_end - run.source_start:
                self._add(found, run.text_start, run.source_start, run.source_end)
            else:
                _add_whole(found, run.text_start, width, *self.span(run.source_start, run.source_end))
        return tuple(found)

    def then(self, outer: OffsetMap) -> OffsetMap:
        """The map of this text where what it was decoded from is a decoded text, too."""
        return OffsetMap(outer.through(self.runs, self.length), self.length)

    def _end_of(self, number: int) -> int:
        return self._starts[number + 1] if number + 1 < len(self._starts) else self.length

    def _add(self, found: list[Run], text_start: int, start: int, end: int) -> None:
        """The runs of decoded characters `start` to `end`, which stand at `text_start` of another text."""
        number = bisect_right(self._starts, start) - 1
        at = start
        while at < end:
            to = min(self._end_of(number), end)
            source, first = self._sources[number], self._starts[number]
            if self._exact[number]:
                found.append(Run(text_start + at - start, source + at - first, source + to - first))
            else:
                _add_whole(found, text_start + at - start, to - at, source, self._ends[number])
            at = to
            number += 1


def _add_whole(found: list[Run], text_start: int, width: int, start: int, end: int) -> None:
    """A run all of whose characters stand for all of its source."""
    if found and found[-1][1:] == (start, end):
        return
    found.append(Run(text_start, start, end))
    if width == end - start and width > 1:
        # Equal lengths would say that it is verbatim: the first character stands for all of it.
        found.append(Run(text_start + 1, end, end))


def moved(post: Post, source: str, places: OffsetMap) -> Post:
    """A post that was read from a decoded text, as one of the source in which that text stood escaped."""
    meta = post.meta
    if meta:
        assert meta.block is not None
        meta = Meta([_entry(entry, places) for entry in meta], places.span(*meta.block))
    return replace(
        post,
        source=source,
        title=_text(post.title, places),
        meta=meta,
        blocks=[_block(block, places) for block in post.blocks],
        images=[_image(image, places) for image in post.images],
        links=[_link(link, places) for link in post.links],
        problems=[_problem(problem, places) for problem in post.problems],
    )


def _block(block: Block, places: OffsetMap) -> Block:
    start, end, is_verbatim = places.stretch(block.start, block.end)
    runs: Sequence[Run] | None = block.runs
    if runs is not None:
        runs = LazyRuns(partial(places.through, runs, len(block.text)))
    elif not is_verbatim:
        runs = LazyRuns(partial(places.through, (Run(0, block.start, block.end),), len(block.text)))
    return Block(block.kind, block.text, start, end, runs, block.level, block.group, block.code, block.language)


def _text(text: Text | None, places: OffsetMap) -> Text | None:
    return None if text is None else Text(text.value, *places.span(text.start, text.end))


def _entry(entry: Entry, places: OffsetMap) -> Entry:
    start, end = places.span(entry.start, entry.end)
    key_start, key_end = places.span(entry.key_start, entry.key_end)
    return Entry(entry.path, entry.value, start, end, key_start, key_end, entry.quoted, entry.field)


def _image(image: Image, places: OffsetMap) -> Image:
    start, end = places.span(image.start, image.end)
    url, alt, caption = (_text(text, places) for text in (image.url, image.alt, image.caption))
    return Image(image.origin, start, end, url, alt, caption)


def _link(link: Link, places: OffsetMap) -> Link:
    start, end = places.span(link.start, link.end)
    return Link(Text(link.url.value, *places.span(link.url.start, link.url.end)), start, end, link.text)


def _problem(problem: Problem, places: OffsetMap) -> Problem:
    start, end = places.span(problem.start, problem.end)
    return replace(problem, start=start, end=end)
