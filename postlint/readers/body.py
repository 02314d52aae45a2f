"""The blocks, images and links of a Markdown body, each made of pieces that know where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import accumulate
from typing import Any

import pyromark

from postlint.lazy_pattern import lazy_pattern
from postlint.post import Block, Image, Kind, Link, Run
from postlint.readers.align import Piece, Span, align_lines, clip, runs_of
from postlint.readers.lazy_runs import LazyRuns
from postlint.readers.places import Places
from postlint.readers.targets import folded_label

PARSER = pyromark.Markdown(
    options=pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_HEADING_ATTRIBUTES
)


_RETURN = lazy_pattern(r"\r\n?")


class Body:
    """The blocks, images and links of a body that starts at `base`. Nothing they hold leads back to it."""

    __slots__ = (
        "_definitions",
        "base",
        "blocks",
        "groups",
        "html",
        "html_quotes",
        "images",
        "links",
        "parsed",
        "places",
        "source",
    )

    def __init__(self, places: Places, base: int) -> None:
        self.places = places
        self.source = places.source
        self.parsed = places.parsed
        self.base = base
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
        outer_start = start = self.places.offset[first]
        width = len(text)
        is_exact = source.startswith(text, start) and (width == last - first or len(text.encode()) == last - first)
        if len(pieces) == 1 and is_exact and not code:
            bare = text.strip()
            if bare:
                start += 0 if len(bare) == width else width - len(text.lstrip())
                self.blocks.append(Block(kind, bare, start, start + len(bare), None, level, group))
            return
        outer_end = end = self.places.end_of(start, first, pieces[-1][2])
        if not is_exact:
            if not code or code[0]:
                self.add(kind, self.places.placed(pieces), level, group, code)
                return
            start = self.places.exact((text, start, self.places.end_of(start, first, last)), True)[0][1]
        text, first, last = pieces[-1]
        width = len(text)
        if not source.startswith(text, end - width) or (width != last - first and len(text.encode()) != last - first):
            if not code or code[-1] != len(pieces) - 1:
                self.add(kind, self.places.placed(pieces), level, group, code)
                return
            end = self.places.exact((text, self.places.offset[first], end), True)[-1][2]
        text = "".join([piece[0] for piece in pieces])
        if (
            not text
            or text[0].isspace()
            or text[-1].isspace()
            or (self.places.is_masked and self.parsed[outer_start:outer_end] != source[outer_start:outer_end])
        ):
            self.add(kind, self.places.placed(pieces), level, group, code)
            return
        ranges: tuple[Span, ...] = ()
        if code:
            at = list(accumulate([len(piece[0]) for piece in pieces], initial=0))
            ranges = tuple([(at[number], at[number + 1]) for number in code if at[number] < at[number + 1]])
        runs = None
        if end - start != len(text) or not source.startswith(text, start):
            runs = LazyRuns(partial(self.places.runs, pieces, code))
        self.blocks.append(Block(kind, text, start, end, runs, level, group, ranges))

    def add(self, kind: Kind, pieces: list[Piece], level: int = 0, group: int = 0, code: Sequence[int] = ()) -> None:
        """A block of the pieces; none where they say nothing. `code` numbers the pieces that are inline code."""
        if len(pieces) == 1 and not code:
            text, start, end = pieces[0]
            if end - start == len(text) and self.source.startswith(text, start):
                bare = text.strip()
                if bare:
                    start += len(text) - len(text.lstrip())
                    self.blocks.append(Block(kind, bare, start, start + len(bare), None, level, group))
                return
        text, runs, ranges = self.places.mapped(pieces, code)
        if not text or text.isspace():
            return
        if text[0].isspace() or text[-1].isspace():
            lead = len(text) - len(text.lstrip())
            position = len(text)
            text = text.strip()
            runs = clip(runs, lead, lead + len(text), position)
            ranges = [(max(at - lead, 0), min(to - lead, len(text))) for at, to in ranges]
            ranges = [(at, to) for at, to in ranges if at < to]
        start, end = runs[0].source_start, runs[-1].source_end
        verbatim = len(runs) == 1 and end - start == len(text) and self.source.startswith(text, start)
        self.blocks.append(Block(kind, text, start, end, None if verbatim else runs, level, group, tuple(ranges)))

    def add_code(self, pieces: list[Piece], language: str) -> None:
        """A code block; what was blanked in it is there again."""
        source = self.source
        start, end = pieces[0][1], pieces[-1][2]
        verbatim = source[start:end]
        text = "".join([piece[0] for piece in pieces])
        if not text or text.isspace():
            return
        if text == verbatim and "\r" not in text:
            text = text.rstrip("\r\n")
            if text:
                self.blocks.append(Block("code", text, start, start + len(text), None, language=language))
            return
        bare = verbatim.rstrip("\r\n")
        rows = bare.replace("\r\n", "\n")
        if len(rows) < len(bare) and "\r" not in rows and (text.rstrip("\n") == rows or text == verbatim):
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
            if len(text) == end - start and (parsed.startswith(text, start) or source.startswith(text, start)):
                for ending in _RETURN.finditer(source, start, end):
                    exact.append((source[start : ending.start()], start, ending.start()))
                    exact.append(("\n", *ending.span()))
                    start = ending.end()
                exact.append((source[start:end], start, end))
                continue
            for part, at, to in align_lines(text, parsed, start, end):
                is_moved = to - at != len(part) or part == "\n" or not parsed.startswith(part, at)
                exact.append((part if is_moved else source[at:to], at, to))
        return exact

    def definition(self, label: str) -> Span | None:
        """The stretch of the source in which a reference is defined; None if nobody knows."""
        if self._definitions is None:
            offset = self.places.offset
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
