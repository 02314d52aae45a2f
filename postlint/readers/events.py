"""Events of the Markdown parser to blocks, images and links: one pass, and no work for each character."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyromark

from postlint.post import Block, Image, Kind, Link, Text
from postlint.readers.align import Piece, Span, align, align_lines, cut, runs_of
from postlint.readers.offsets import code_points
from postlint.readers.targets import bare_addresses, folded_label, inline_target, reference_target

_PARSER = pyromark.Markdown(
    options=pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_HEADING_ATTRIBUTES
)


class Body:
    """The blocks, images and links of a body, and what is needed to place them.

    `parsed` is as long as `source`: what Markdown does not know is blanked in it, and `holes` says where.
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
        parsed = self.parsed
        first, last = pieces[0], pieces[-1]
        text = first[0] if len(pieces) == 1 else "".join([piece[0] for piece in pieces])
        start, end = first[1], last[2]
        if end - start == len(text) and not self.holes and not code and parsed.startswith(text, start):
            if text and not text.isspace():
                self.blocks.append(Block(kind, text, start, end, None, level, group))
            return
        ranges: list[tuple[int, int]] = []
        exact: list[Piece] = []
        position = 0
        marks = set(code)
        for number, piece in enumerate(pieces):
            found = self._exact(piece, number in marks)
            exact.extend(found)
            if marks:
                width = sum(len(part[0]) for part in found)
                if number in marks:
                    ranges.append((position, position + width))
                position += width
        text, runs = runs_of(exact, self.source)
        if text.isspace() or not text:
            return
        start, end = runs[0].source_start, runs[-1].source_end
        verbatim = len(runs) == 1 and end - start == len(text)
        self.blocks.append(Block(kind, text, start, end, None if verbatim else runs, level, group, tuple(ranges)))

    def _exact(self, piece: Piece, is_code: bool) -> list[Piece]:
        """A piece as pieces whose characters stand where they say, without what was blanked before the parse."""
        text, start, end = piece
        if len(text) == end - start and self.source.startswith(text, start):
            return [piece]
        if is_code:
            return align_code(text, self.parsed, self.source, start, end)
        found = [piece] if text == "\n" or not text else align(text, self.parsed, start, end)
        return cut(found, self.holes) if self.holes else found

    def add_code(self, pieces: list[Piece], start: int, end: int, language: str) -> None:
        """A code block; what was blanked in it is there again."""
        source = self.source
        if pieces:
            start, end = pieces[0][1], pieces[-1][2]
        verbatim = source[start:end]
        text = "".join([piece[0] for piece in pieces])
        if text == verbatim:
            text = text.rstrip("\r\n")
            if text:
                self.blocks.append(Block("code", text, start, start + len(text), None, language=language))
            return
        exact: list[Piece] = []
        for text, start, end in pieces:
            if len(text) == end - start and self.parsed.startswith(text, start):
                exact.append((source[start:end], start, end))
            else:
                exact.extend(
                    (source[at:to], at, to) if to - at == len(part) and part != "\n" else (part, at, to)
                    for part, at, to in align_lines(text, self.parsed, start, end)
                )
        while exact and not exact[-1][0].strip("\r\n"):
            exact.pop()
        text, runs = runs_of(exact, source)
        if text:
            block = Block("code", text, runs[0].source_start, runs[-1].source_end, runs, language=language)
            self.blocks.append(block)

    def definition(self, label: str) -> Span | None:
        """The stretch of the source in which a reference is defined; None if nobody knows."""
        if self._definitions is None:
            text = self.parsed[self.base :]
            offset = code_points(text, self.base)
            found: dict[str, Span] = {}
            for name, value in _PARSER.reference_definitions(text).items():
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
    if text == parsed[start:end].replace("\n", " "):
        return [(text, start, end)]
    return [(text, start, end)]


def read_body(source: str, parsed: str, base: int, holes: Sequence[Span]) -> Body:
    """Blocks, images and links of the Markdown that starts at `base`."""
    body = Body(source, parsed, base, holes)
    text = parsed[base:] if base else parsed
    offset = code_points(text, base)
    add = body.add
    pieces: list[Piece] = []
    code: list[int] = []
    quotes = 0
    items: list[int] = []
    table = 0
    heading = 0
    code_start = code_end = -1
    language = ""
    link: list[Any] | None = None
    images: list[list[Any]] = []
    html: list[Piece] | None = None
    inner_end = base

    def flush() -> None:
        nonlocal pieces, code
        if quotes or body.html_quotes:
            add("quote", pieces, heading, 0, code)
        elif heading:
            add("heading", pieces, heading, 0, code)
        elif items:
            add("list_item", pieces, len(items), items[-1], code)
        else:
            add("paragraph", pieces, 0, 0, code)
        pieces = []
        if code:
            code = []

    events: Any = _PARSER.events_with_range(text, merge_text=True)
    for event, span in events:
        start, end = offset[span["start"]], offset[span["end"]]
        if event.__class__ is str:
            if event == "SoftBreak" or event == "HardBreak":
                if images:
                    images[-1][2].append((" ", start, end))
                else:
                    pieces.append(("\n", start, end))
            continue
        (name,) = event
        value = event[name]
        if name == "Text":
            inner_end = end
            if images:
                images[-1][2].append((value, start, end))
            elif html is not None:
                html.append((value, start, end))
            else:
                if "://" in value and link is None and code_start < 0:
                    _add_bare_links(body, value, start, end)
                pieces.append((value, start, end))
        elif name == "Start":
            if value.__class__ is str:
                if value == "Paragraph" or value == "Item":
                    if pieces:
                        flush()
                elif value == "HtmlBlock":
                    if pieces:
                        flush()
                    html = []
                elif value == "TableHead" or value == "TableRow":
                    pieces = []
                continue
            (tag,) = value
            data = value[tag]
            if tag == "Link":
                link = [data, start, len(pieces)]
                inner_end = start + 1
            elif tag == "Image":
                images.append([data, start, []])
                inner_end = start + 2
            else:
                if pieces:
                    flush()
                if tag == "Heading":
                    heading = int(data["level"][1])
                elif tag == "List":
                    body.groups += 1
                    items.append(body.groups)
                elif tag == "BlockQuote":
                    quotes += 1
                elif tag == "CodeBlock":
                    code_start, code_end = start, end
                    language = ""
                    if data.__class__ is dict:
                        words = data["Fenced"].split(None, 1)
                        language = words[0].strip("{}.,:") if words else ""
                elif tag == "Table":
                    body.groups += 1
                    table = body.groups
        elif name == "End":
            before, inner_end = inner_end, end
            if value.__class__ is str:
                if value == "Paragraph" or value == "Item":
                    if pieces:
                        flush()
                elif value == "TableCell":
                    if pieces:
                        add("quote" if quotes else "table_cell", pieces, 0, table, code)
                        pieces, code = [], []
                elif value == "Link":
                    if link is not None:
                        _add_link(body, link, pieces, end, before)
                        link = None
                elif value == "Image":
                    if images:
                        _add_image(body, images.pop(), end, before)
                elif value == "HtmlBlock":
                    if html:
                        body.html_reader().block(html, "quote" if quotes else "")
                    html = None
                elif value == "CodeBlock":
                    body.add_code(pieces, code_start, code_end, language)
                    pieces = []
                    code_start = -1
            else:
                (tag,) = value
                if tag == "Heading":
                    if pieces:
                        flush()
                    heading = 0
                elif tag == "List":
                    if pieces:
                        flush()
                    items.pop()
                elif tag == "BlockQuote":
                    if pieces:
                        flush()
                    quotes -= 1
        elif name == "Code":
            inner_end = end
            if images:
                images[-1][2].append((value, start, end))
            else:
                code.append(len(pieces))
                pieces.append((value, start, end))
        elif name == "Html":
            if html is not None:
                html.append((value, start, end))
        elif name == "InlineHtml":
            inner_end = end
            if not images:
                body.html_reader().inline(value, start, end, pieces, code)
    if pieces:
        flush()
    return body


def _add_link(body: Body, link: list[Any], pieces: list[Piece], end: int, text_end: int) -> None:
    data, start, first = link
    url, kind = data["dest_url"], data["link_type"]
    text = "".join([piece[0] for piece in pieces[first:]])
    if kind == "Inline":
        target = inline_target(body.source, text_end, end, url)
    elif kind == "Autolink" or kind == "Email":
        target = Text(url, start + 1, end - 1)
    else:
        target = reference_target(body.source, body.definition(data["id"]), start, end, url)
    body.links.append(Link(target, start, end, text))


def _add_image(body: Body, image: list[Any], end: int, text_end: int) -> None:
    data, start, pieces = image
    url = data["dest_url"]
    if data["link_type"] == "Inline":
        target = inline_target(body.source, text_end, end, url)
    else:
        target = reference_target(body.source, body.definition(data["id"]), start, end, url)
    alt = "".join([piece[0] for piece in pieces])
    place = (pieces[0][1], pieces[-1][2]) if pieces else (start + 2, start + 2)
    body.images.append(Image("body", start, end, target, Text(alt, *place)))


def _add_bare_links(body: Body, text: str, start: int, end: int) -> None:
    verbatim = end - start == len(text)
    for first, last in bare_addresses(text):
        url = text[first:last]
        at = start + first if verbatim else body.source.find(url, start, end)
        place = (at, at + len(url)) if at >= 0 else (start, end)
        body.links.append(Link(Text(url, *place), *place, url))
