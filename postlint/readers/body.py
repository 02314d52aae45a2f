"""The blocks, images and links of a Markdown body, each made of pieces that know where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import pyromark

from postlint.post import Block, Image, Kind, Link, Run
from postlint.readers.align import Piece, Span, align, align_lines, clip, cut, runs_of
from postlint.readers.offsets import code_points
from postlint.readers.targets import folded_label

PARSER = pyromark.Markdown(
    options=pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_HEADING_ATTRIBUTES
)


class Body:
    """The blocks, images and links of a body, and what is needed to place them.

    `parsed` is as long as `source`: what Markdown does not know is blanked in it, and `holes` says where. As no blank
    stands where the source has the same, text that is verbatim in the source holds nothing blanked.
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
        "links",
        "parsed",
        "source",
    )

    def __init__(self, source: str, parsed: str, base: int, holes: Sequence[Span]) -> None:
        self.source = source
        self.parsed = parsed
        self.base = base
        self.holes = holes
        self.blocks: list[Block] = []
        self.images: list[Image] = []
        self.links: list[Link] = []
        self.groups = 0
        self.html: Any = None
        self.html_quotes = 0
        self._definitions: dict[str, Span] | None = None

    def add(self, kind: Kind, pieces: list[Piece], level: int = 0, group: int = 0, code: Sequence[int] = ()) -> None:
        """A block of the pieces; none where they say nothing. `code` numbers the pieces that are inline code."""
        first, last = pieces[0], pieces[-1]
        text = first[0] if len(pieces) == 1 else "".join([piece[0] for piece in pieces])
        start, end = first[1], last[2]
        if end - start == len(text) and not code and self.source.startswith(text, start):
            bare = text.strip()
            if bare:
                start += 0 if len(bare) == len(text) else len(text) - len(text.lstrip())
                self.blocks.append(Block(kind, bare, start, start + len(bare), None, level, group))
            return
        source = self.source
        marks = set(code)
        ranges: list[tuple[int, int]] = []
        texts: list[str] = []
        text_starts: list[int] = []
        starts: list[int] = []
        ends: list[int] = []
        position = 0
        joins = -1
        for number, piece in enumerate(pieces):
            text, start, end = piece
            before = position
            width = len(text)
            if end - start == width and source.startswith(text, start):
                # The common case of the loop below, for a piece that is exact as it is.
                if start == joins:
                    ends[-1] = end
                else:
                    text_starts.append(position)
                    starts.append(start)
                    ends.append(end)
                joins = end
                texts.append(text)
                position += width
            else:
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
            if marks and number in marks and position > before:
                ranges.append((before, position))
        text = "".join(texts)
        if not text or text.isspace():
            return
        runs = tuple(map(Run, text_starts, starts, ends))
        if text[0].isspace() or text[-1].isspace():
            lead = len(text) - len(text.lstrip())
            text = text.strip()
            runs = clip(runs, lead, lead + len(text), position)
            ranges = [(max(at - lead, 0), min(to - lead, len(text))) for at, to in ranges if lead < to]
        start, end = runs[0].source_start, runs[-1].source_end
        verbatim = len(runs) == 1 and end - start == len(text) and source.startswith(text, start)
        self.blocks.append(Block(kind, text, start, end, None if verbatim else runs, level, group, tuple(ranges)))

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
        rows = verbatim.rstrip("\r\n").split("\r\n")
        if len(rows) > 1 and text.rstrip("\n") == "\n".join(rows):
            self._add_rows(rows, start, language)
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

    def _add_rows(self, rows: list[str], start: int, language: str) -> None:
        """A code block of rows that end with CRLF: each line feed joins with the row that follows it."""
        ends = [end - 2 for end in accumulate([len(row) + 2 for row in rows], initial=start)]
        ends[0] = start - 1
        text_starts = [end + 1 - start - number for number, end in enumerate(ends[:-1])]
        runs = tuple(map(Run, text_starts, [end + 1 for end in ends[:-1]], ends[1:]))
        self.blocks.append(Block("code", "\n".join(rows), start, ends[-1], runs, language=language))

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
            text = self.parsed[self.base :]
            offset = code_points(text, self.base)
            found: dict[str, Span] = {}
            for name, value in PARSER.reference_definitions(text).items():
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


def align_code(text: str, parsed: str, source: str, start: int, end: int) -> list[Piece]:
    """The piece of inline code: within its backticks, line ends as spaces, what was blanked as it was."""
    inner = parsed.find(text, start, end)
    if inner >= 0:
        return [(source[inner : inner + len(text)], inner, inner + len(text))]
    width = 0
    while start + width < end and parsed[start + width] == "`":
        width += 1
    start, end = start + width, end - width
    if len(text) == end - start - 2:
        # A blank next to each backtick is no part of the code.
        start, end = start + 1, end - 1
    if len(text) == end - start:
        return [(source[start:end].replace("\n", " ").replace("\r", " "), start, end)]
    return [(text, start, end)]
