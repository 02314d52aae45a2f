"""The blocks, images and links of a Markdown body, each made of pieces that know where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import accumulate
from typing import Any

import pyromark

from postlint.post import Block, Image, Kind, Link, Run
from postlint.readers.align import Piece, Span, align, align_lines, clip, cut, runs_of
from postlint.readers.lazy_runs import LazyRuns
from postlint.readers.offsets import Offsets
from postlint.readers.targets import folded_label

PARSER = pyromark.Markdown(
    options=pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_HEADING_ATTRIBUTES
)

_CODE_LINE_END = re.compile(r"(\r\n|\n|\r)[ \t>]*")


class Body:
    """The blocks, images and links of a body, and what is needed to place them.

    `parsed` is as long as `source`: what Markdown does not know is blanked in it, and `holes` says where. As no blank
    stands where the source has the same, text that is verbatim in the source holds nothing blanked. `offset` gives the
    place in the source of a byte of what was parsed from `base` on.
    """

    __slots__ = (
        "_definitions",
        "base",
        "blocks",
        "groups",
        "holes",
        "html",
        "html_quotes",
        "images",
        "is_masked",
        "links",
        "offset",
        "parsed",
        "source",
    )

    def __init__(self, source: str, parsed: str, base: int, holes: Sequence[Span], offset: Offsets) -> None:
        self.source = source
        self.parsed = parsed
        self.base = base
        self.holes = holes
        self.is_masked = parsed is not source
        self.offset = offset
        self.blocks: list[Block] = []
        self.images: list[Image] = []
        self.links: list[Link] = []
        self.groups = 0
        self.html: Any = None
        self.html_quotes = 0
        self._definitions: dict[str, Span] | None = None

    def add_parsed(self, kind: Kind, pieces: list[Piece], level: int, group: int, code: list[int]) -> None:
        """A block of pieces as the parser gave them: their places count bytes of what was parsed.

        Where both its ends are exact, nobody need know yet how its middle maps to the source.
        """
        source = self.source
        text, first, last = pieces[0]
        outer_start = start = self.offset[first]
        width = len(text)
        is_exact = source.startswith(text, start) and (width == last - first or len(text.encode()) == last - first)
        if len(pieces) == 1 and is_exact and not code:
            bare = text.strip()
            if bare:
                start += 0 if len(bare) == width else width - len(text.lstrip())
                self.blocks.append(Block(kind, bare, start, start + len(bare), None, level, group))
            return
        outer_end = end = self.end_of(start, first, pieces[-1][2])
        if not is_exact:
            if not code or code[0]:
                self.add(kind, self.placed(pieces), level, group, code)
                return
            start = self.exact((text, start, self.end_of(start, first, last)), True)[0][1]
        text, first, last = pieces[-1]
        width = len(text)
        if not source.startswith(text, end - width) or (width != last - first and len(text.encode()) != last - first):
            if not code or code[-1] != len(pieces) - 1:
                self.add(kind, self.placed(pieces), level, group, code)
                return
            end = self.exact((text, self.offset[first], end), True)[-1][2]
        text = "".join([piece[0] for piece in pieces])
        if (
            not text
            or text[0].isspace()
            or text[-1].isspace()
            or (self.is_masked and self.parsed[outer_start:outer_end] != source[outer_start:outer_end])
        ):
            self.add(kind, self.placed(pieces), level, group, code)
            return
        ranges: tuple[Span, ...] = ()
        if code:
            at = list(accumulate([len(piece[0]) for piece in pieces], initial=0))
            ranges = tuple([(at[number], at[number + 1]) for number in code if at[number] < at[number + 1]])
        runs = None
        if end - start != len(text) or not source.startswith(text, start):
            runs = LazyRuns(partial(self._runs, pieces, code))
        self.blocks.append(Block(kind, text, start, end, runs, level, group, ranges))

    def end_of(self, start: int, first: int, last: int) -> int:
        """Where the bytes up to `last` end, of which `first` stands at `start`: in ASCII bytes are characters."""
        end = start + last - first
        return end if self.parsed[start:end].isascii() else self.offset[last]

    def placed(self, pieces: Sequence[Piece]) -> list[Piece]:
        """Pieces whose places count bytes, with places in the source."""
        offset = self.offset
        return [(text, offset[first], offset[last]) for text, first, last in pieces]

    def _runs(self, pieces: Sequence[Piece], code: Sequence[int]) -> tuple[Run, ...]:
        return self._mapped(self.placed(pieces), code)[1]

    def add(self, kind: Kind, pieces: list[Piece], level: int = 0, group: int = 0, code: Sequence[int] = ()) -> None:
        """A block of the pieces; none where they say nothing. `code` numbers the pieces that are inline code."""
        text, runs, ranges = self._mapped(pieces, code)
        if not text or text.isspace():
            return
        if text[0].isspace() or text[-1].isspace():
            lead = len(text) - len(text.lstrip())
            position = len(text)
            text = text.strip()
            runs = clip(runs, lead, lead + len(text), position)
            ranges = [(max(at - lead, 0), min(to - lead, len(text))) for at, to in ranges if lead < to]
        start, end = runs[0].source_start, runs[-1].source_end
        verbatim = len(runs) == 1 and end - start == len(text) and self.source.startswith(text, start)
        self.blocks.append(Block(kind, text, start, end, None if verbatim else runs, level, group, tuple(ranges)))

    def _mapped(self, pieces: Sequence[Piece], code: Sequence[int]) -> tuple[str, tuple[Run, ...], list[Span]]:
        """The text of pieces, its runs, and where inline code stands in it."""
        source = self.source
        marks = set(code)
        ranges: list[Span] = []
        texts: list[str] = []
        text_starts: list[int] = []
        starts: list[int] = []
        ends: list[int] = []
        position = 0
        joins = -1
        for number, piece in enumerate(pieces):
            before = position
            for text, start, end in self.exact(piece, number in marks):
                verbatim = end - start == len(text) and source.startswith(text, start)
                if verbatim and start == joins:
                    ends[-1] = end
                else:
                    text_starts.append(position)
                    starts.append(start)
                    ends.append(end)
                joins = end if verbatim else -1
                texts.append(text)
                position += len(text)
            if number in marks and position > before:
                ranges.append((before, position))
        return "".join(texts), tuple(map(Run, text_starts, starts, ends)), ranges

    def exact(self, piece: Piece, is_code: bool = False) -> list[Piece]:
        """A piece as pieces whose characters stand where they say, without what was blanked before the parse."""
        text, start, end = piece
        if len(text) == end - start and self.source.startswith(text, start):
            return [piece]
        if is_code:
            return align_code(text, self.parsed, self.source, start, end)
        if text == "\n" or not text:
            return [piece]
        found = align(text, self.parsed, start, end)
        if self.parsed is self.source:
            return found
        # Letters that stand in for a template, in what turned out to be no link, are the template again.
        found = cut(found, self.holes)
        return [
            (self.source[at:to], at, to)
            if to - at == len(part) and self.parsed.startswith(part, at)
            else (part, at, to)
            for part, at, to in found
        ]

    def add_code(self, pieces: list[Piece], language: str) -> None:
        """A code block; what was blanked in it is there again."""
        source = self.source
        start, end = pieces[0][1], pieces[-1][2]
        verbatim = source[start:end]
        text = "".join([piece[0] for piece in pieces])
        if not text or text.isspace():
            return
        if text == verbatim:
            text = text.rstrip("\r\n")
            if text:
                self.blocks.append(Block("code", text, start, start + len(text), None, language=language))
            return
        bare = verbatim.rstrip("\r\n")
        rows = bare.replace("\r\n", "\n")
        if len(rows) < len(bare) and text.rstrip("\n") == rows:
            lazy = LazyRuns(partial(_row_runs, bare, start))
            self.blocks.append(Block("code", rows, start, start + len(bare), lazy, language=language))
            return
        exact = self._code_pieces(pieces)
        while exact and not exact[-1][0].strip("\r\n"):
            exact.pop()
        text, runs = runs_of(exact, source)
        bare = text.rstrip("\n")
        if bare:
            runs = clip(runs, 0, len(bare), len(text))
            block = Block("code", bare, runs[0].source_start, runs[-1].source_end, runs, language=language)
            self.blocks.append(block)

    def _code_pieces(self, pieces: list[Piece]) -> list[Piece]:
        """The pieces of a code block that stands in a list or a quotation, or holds what was blanked."""
        source, parsed = self.source, self.parsed
        exact: list[Piece] = []
        for text, start, end in pieces:
            if len(text) == end - start and parsed.startswith(text, start):
                exact.append((source[start:end], start, end))
                continue
            for part, at, to in align_lines(text, parsed, start, end):
                is_moved = to - at != len(part) or part == "\n"
                exact.append((part if is_moved else source[at:to], at, to))
        return exact

    def definition(self, label: str) -> Span | None:
        """The stretch of the source in which a reference is defined; None if nobody knows."""
        if self._definitions is None:
            offset = self.offset
            found: dict[str, Span] = {}
            for name, value in PARSER.reference_definitions(self.parsed[self.base :]).items():
                span = value["span"]
                found.setdefault(folded_label(name), (offset[span["start"]], offset[span["end"]]))
            self._definitions = found
        return self._definitions.get(folded_label(label))

    def html_reader(self) -> Any:
        """The reader of this body's HTML; imported where the first tag stands."""
        if self.html is None:
            from postlint.readers.html_blocks import HtmlReader

            self.html = HtmlReader(self)
        return self.html


def _row_runs(text: str, start: int) -> tuple[Run, ...]:
    """The runs of rows that end with CRLF: each line feed joins with the row that follows it."""
    ends = [end - 2 for end in accumulate([len(row) + 2 for row in text.split("\r\n")], initial=start)]
    ends[0] = start - 1
    text_starts = [end + 1 - start - number for number, end in enumerate(ends[:-1])]
    return tuple(map(Run, text_starts, [end + 1 for end in ends[:-1]], ends[1:]))


def align_code(text: str, parsed: str, source: str, start: int, end: int) -> list[Piece]:
    """The pieces of inline code: within its backticks, line ends as spaces, what was blanked as it was."""
    width = 0
    while start + width < end and parsed[start + width] == "`":
        width += 1
    start, end = start + width, end - width
    inner = parsed.find(text, start, end)
    if inner >= 0:
        return [(source[inner : inner + len(text)], inner, inner + len(text))]
    if not width:
        return align(text, parsed, start, end)
    # A blank next to the backticks on both sides is no part of the code.
    for first, last in ((start, end), (start + 1, end - 1)):
        pieces: list[Piece] = []
        at = first
        position = 0
        for ending in _CODE_LINE_END.finditer(parsed, first, last):
            broken, resumed = ending.span(1)
            pieces.append((parsed[at:broken], at, broken))
            position += broken - at
            # The parser gives two blanks for CRLF.
            blanks = " " * (resumed - broken)
            pieces.append((blanks, broken, resumed))
            position += len(blanks)
            # Of what indents a line, the part that its list or quotation asks for is no part of the code.
            indent = text[position : position + ending.end() - resumed]
            at = ending.end() - len(indent) + len(indent.lstrip(" \t>"))
        pieces.append((parsed[at:last], at, last))
        if "".join([piece[0] for piece in pieces]) == text:
            # Each second piece is a line end.
            return [
                (part if number % 2 else source[at:to], at, to) for number, (part, at, to) in enumerate(pieces) if part
            ]
    # Where the length happens to be right, one more says that no character has a place of its own.
    return [(text, start, end + (end - start == len(text)))]
