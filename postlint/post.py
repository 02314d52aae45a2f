"""What a reader makes of a file: the Post, its blocks, images, links and meta, each with its place.

Every offset counts Unicode code points of `Post.source`, starts at 0, and ends are exclusive. Rows and columns are made
from offsets by `Lines`, and only for what is reported.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from postlint.lazy_pattern import lazy_pattern
from postlint.meta import Meta

Kind = Literal["heading", "paragraph", "list_item", "quote", "code", "table_cell", "caption"]

LINE_END = lazy_pattern(r"\r\n|\n|\r")
"""What ends a row."""


class Location(NamedTuple):
    """A point of a file: row and column, both from 1, the column in code points."""

    row: int
    column: int

    def after(self, begin: Location) -> Location:
        """The point of the file, if this is one of a stretch that begins there."""
        column = self.column + begin.column - 1 if self.row == 1 else self.column
        return Location(self.row + begin.row - 1, column)


TOP = Location(1, 1)
"""Where a file begins."""


class Lines:
    """The rows of a text. Only `\\n`, `\\r\\n` and `\\r` end one: real posts hold U+2028 and form feeds in mid-line.

    A text that is a stretch of a file has the rows and columns of the file: `begin` says where it begins.
    """

    __slots__ = ("_starts", "_text", "begin")

    def __init__(self, text: str, begin: Location = TOP) -> None:
        self._text = text
        self.begin = begin
        self._starts = [0, *(match.end() for match in LINE_END.finditer(text))]

    def location(self, offset: int) -> Location:
        """The row and column of an offset; one past the end is allowed."""
        row = bisect_right(self._starts, offset)
        return Location(row, offset - self._starts[row - 1] + 1).after(self.begin)

    def row_text(self, row: int) -> str:
        """The text of a row without its line end; of the first row, what of it is in the text."""
        row -= self.begin.row
        end = self._starts[row + 1] if row + 1 < len(self._starts) else len(self._text)
        return self._text[self._starts[row] : end].rstrip("\r\n")

    def row_start(self, row: int) -> int:
        """The offset at which a row starts."""
        return self._starts[row - self.begin.row]

    def left_out(self, row: int) -> int:
        """How many characters of a row stand before the text."""
        return self.begin.column - 1 if row == self.begin.row else 0

    @property
    def rows(self) -> range:
        """The numbers of the rows."""
        return range(self.begin.row, self.begin.row + len(self._starts))

    def __len__(self) -> int:
        return len(self._starts)


class Text(NamedTuple):
    """A piece of text and where it stands in the source."""

    value: str
    start: int
    end: int


class Run(NamedTuple):
    """A stretch of a block's text that stands in one stretch of the source.

    `text_start` is where it begins in the block's text. Where the lengths differ (an entity, an escape), the whole
    source stretch is the place of every character of it.
    """

    text_start: int
    source_start: int
    source_end: int


@dataclass(slots=True, eq=False)
class Block:
    """A paragraph, heading, list item, quote, code block, table cell or caption.

    `text` is what a reader of the page sees: link texts, inline code and undone entities, but no mark-up; a soft line
    break is `\\n`. `runs` map it to the source; None says that `text == source[start:end]`.
    """

    kind: Kind
    text: str
    start: int
    end: int
    runs: Sequence[Run] | None = None
    level: int = 0
    """Of a heading: 1 to 6. Of a list item: its depth, from 1."""
    group: int = 0
    """List items of one list and cells of one table share a group; 0 elsewhere."""
    code: tuple[tuple[int, int], ...] = ()
    """Where inline code stands in `text`."""
    language: str = ""
    """Of a code block: the word after its fence."""

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The source offsets of `text[start:end]`."""
        if self.runs is None:
            return self.start + start, self.start + end
        first = self._offsets(start)[0]
        if end <= start:
            return first, first
        return first, self._offsets(end - 1)[1]

    def _offsets(self, index: int) -> tuple[int, int]:
        assert self.runs is not None
        number = max(bisect_right(self.runs, index, key=lambda run: run.text_start) - 1, 0)
        run = self.runs[number]
        following = self.runs[number + 1].text_start if number + 1 < len(self.runs) else len(self.text)
        if following - run.text_start != run.source_end - run.source_start:
            return run.source_start, run.source_end
        offset = run.source_start + index - run.text_start
        return offset, offset + 1


@dataclass(slots=True, eq=False)
class Image:
    """An image of the body, or one that the meta declares. What is not known is None."""

    origin: Literal["body", "meta"]
    start: int
    end: int
    url: Text | None = None
    alt: Text | None = None
    caption: Text | None = None


@dataclass(slots=True, eq=False)
class Link:
    """A link of the body: its target and its text."""

    url: Text
    start: int
    end: int
    text: str = ""


@dataclass(slots=True, eq=False)
class Problem:
    """Something a reader could not make sense of. `kind` names the rule's binding: see `checks/reader_problem.py`."""

    kind: Literal["unreadable", "malformed-front-matter", "duplicate-key"]
    start: int
    end: int
    values: dict[str, object] = field(default_factory=dict)


class Decoded(NamedTuple):
    """A post as it was read where its body stands escaped in the file: its source is the text without the escapes."""

    post: Post
    span: Callable[[int, int], tuple[int, int]]
    """Start and end in the source of that post to those in the source of the file's."""


@dataclass(slots=True, eq=False)
class Post:
    """One post of a file.

    `path` is the path as it is printed, `number` the post's place in its file (0 for the first). `source` is the text
    of the file, or in a file of many posts the stretch of it that is this post's. What could not be read at all is a
    Post of format "unreadable" whose one problem says why; it does not count as a post.
    """

    path: str
    format: str
    source: str
    number: int = 0
    title: Text | None = None
    meta: Meta = field(default_factory=Meta)
    blocks: list[Block] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    can_hold_images: bool = True
    """False for extracted text, where an image of the page may have left no trace."""
    start: Location = TOP
    """Where in the file the source begins."""
    name: str = ""
    """In a file of many posts what page this is: the path of its address, else its slug."""
    decoded: Decoded | None = None
    """What the checks of one post look at, if that is not the source as it is written."""
    row_written: Callable[[int], int] | None = None
    """Of a post that checks look at in the place of another one: the row of the file of an offset."""

    @property
    def page(self) -> str:
        """A path that tells which page this is: that of the file; in a file of many posts no two have the same."""
        return self.path if not self.name and not self.number else f"#{self.number}/{self.name or self.number}"

    def row(self, offset: int) -> int:
        """The row of the file that an offset stands in."""
        if self.row_written is not None:
            return self.row_written(offset)
        return Lines(self.source, self.start).location(offset).row

    def of_kind(self, *kinds: Kind) -> Iterator[Block]:
        """The blocks of the kinds named, in order."""
        return (block for block in self.blocks if block.kind in kinds)

    @property
    def anchor(self) -> tuple[int, int]:
        """Where a violation of the post as a whole is shown: its title, else the first block, else the start."""
        if self.title is not None:
            return self.title.start, self.title.end
        for block in self.blocks:
            return block.start, block.end
        return 0, 0

    def groups(self, kind: Kind) -> Iterable[list[Block]]:
        """The blocks of a kind, those of one list or table together, in order."""
        found: dict[int, list[Block]] = {}
        for block in self.blocks:
            if block.kind == kind:
                found.setdefault(block.group, []).append(block)
        return found.values()
