"""Where what a Markdown parser gave stands in the source: byte offsets, entities, and what was blanked before."""

from __future__ import annotations

from collections.abc import Sequence

from postlint.lazy_pattern import lazy_pattern
from postlint.post import Run
from postlint.readers.align import Piece, Span, align, cut
from postlint.readers.offsets import Offsets

_CODE_LINE_END = lazy_pattern(r"(\r\n|\n|\r)[ \t>]*")


class Places:
    """A source and what was parsed of it, by which pieces of text get their places.

    `parsed` is as long as `source`: what Markdown does not know is blanked in it, and `holes` says where. As no blank
    stands where the source has the same, text that is verbatim in the source holds nothing blanked. `offset` gives the
    place in the source of a byte of what was parsed.
    """

    __slots__ = ("holes", "is_ascii", "is_masked", "offset", "parsed", "source")

    def __init__(self, source: str, parsed: str, holes: Sequence[Span], offset: Offsets) -> None:
        self.source = source
        self.parsed = parsed
        self.holes = holes
        self.is_ascii = parsed.isascii()
        self.is_masked = parsed is not source
        self.offset = offset

    def end_of(self, start: int, first: int, last: int) -> int:
        """Where the bytes up to `last` end, of which `first` stands at `start`: in ASCII bytes are characters."""
        end = start + last - first
        return end if self.is_ascii or self.parsed[start:end].isascii() else self.offset[last]

    def placed(self, pieces: Sequence[Piece]) -> list[Piece]:
        """Pieces whose places count bytes, with places in the source."""
        offset = self.offset
        return [(text, offset[first], offset[last]) for text, first, last in pieces]

    def runs(self, pieces: Sequence[Piece], code: Sequence[int]) -> tuple[Run, ...]:
        """The runs of pieces whose places count bytes; `code` numbers those that are inline code."""
        return self.mapped(self.placed(pieces), code)[1]

    def mapped(self, pieces: Sequence[Piece], code: Sequence[int]) -> tuple[str, tuple[Run, ...], list[Span]]:
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
                if not text:
                    continue
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
            if to - at == len(part) and self.parsed.startswith(part, at) and part != "\n"
            else (part, at, to)
            for part, at, to in found
        ]


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
        found = align(text, parsed, start, end)
        return [
            (source[at:to] if to - at == len(part) and parsed.startswith(part, at) else part, at, to)
            for part, at, to in found
        ]
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
