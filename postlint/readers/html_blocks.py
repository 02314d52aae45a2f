"""HTML wherever it stands: its prose as blocks, its images, links and captions, each with its place."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from postlint.post import Kind, Link, Text
from postlint.readers.align import Piece, Span, cut
from postlint.readers.html_tags import attributes, image_of, is_hidden, language_of, name_of
from postlint.readers.html_tokens import END, REFERENCE, START, TEXT, Tokens, reference_width, tokens_of

if TYPE_CHECKING:
    from postlint.readers.body import Body

_NOT_A_LINE_END = re.compile(r"[^\r\n]")
_BLANK_ROW = re.compile(r"(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)\s*")
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")

_KINDS: dict[str, Kind] = {
    "li": "list_item", "dd": "list_item", "dt": "list_item", "td": "table_cell", "th": "table_cell",
    "figcaption": "caption", "caption": "caption",
    "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading", "h6": "heading",
}  # fmt: skip
_BLOCKS = frozenset({
    "p", "div", "section", "article", "aside", "header", "footer", "main", "nav", "ul", "ol", "dl", "table", "thead",
    "tbody", "tfoot", "tr", "figure", "details", "summary", "blockquote", "pre", "hr", "form", "fieldset", "center",
    "address", "hgroup", "menu", "body", "html", "head", "video", "audio", "iframe", "picture", "object",
}) | _KINDS.keys()  # fmt: skip
SKIPPED = frozenset({
    "script", "style", "svg", "template", "noscript", "math", "select", "textarea", "title", "canvas", "iframe",
    "object", "video", "audio", "button",
})  # fmt: skip
"""Elements whose text is none of the post's."""
# A second start tag of these ends the first element instead of opening one within it.
_FLAT = frozenset({"p", "button", "form", "select", "li", "a"})
VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
})  # fmt: skip
"""Elements without an end tag."""
_CODE = frozenset({"code", "kbd", "samp", "tt", "var"})
_LISTS = frozenset({"ul", "ol", "dl", "table"})


class Reading(NamedTuple):
    """How a stretch of HTML is read."""

    skipped: frozenset[str] = SKIPPED
    """The elements that are left out with all that is in them."""
    as_shown: bool = False
    """Whether what is marked as hidden is left out, too."""
    classic: bool = False
    """Whether blank rows part paragraphs, and loose text beside the picture of a figure is its caption."""


FRAGMENT = Reading()
"""HTML inside Markdown."""


class HtmlReader:
    """Reads the HTML of one body. A figure or a quotation may open in one stretch of HTML and close in another."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.figure: int | None = None
        self.caption: Text | None = None
        self.link: tuple[Text, int, int] | None = None
        self.code_from: int | None = None

    def inline(self, tag: str, start: int, end: int, pieces: list[Piece], code: list[int]) -> bool:
        """One tag within Markdown text; whether it breaks the line. `pieces` and `code` are the block's so far."""
        found = name_of(tag)
        if found is None:
            return False
        name, closes = found
        tag = self.body.source[start:end]
        if closes:
            if name == "a":
                self._end_link(end, pieces)
            elif name in _CODE and self.code_from is not None:
                code.extend(range(self.code_from, len(pieces)))
                self.code_from = None
        elif name == "img":
            self._image(tag, start)
        elif name == "a":
            self._start_link(tag, start, pieces)
        elif name in _CODE:
            self.code_from = len(pieces)
        return name == "br" and not closes

    def shortcode(self, tag: str, start: int, end: int) -> None:
        """An image that a template places: `{{< figure src="a.png" alt="..." caption="..." >}}`."""
        before = len(self.body.images)
        self._image(tag, start)
        image = self.body.images[before]
        image.caption = attributes(tag, start).get("caption") or attributes(tag, start).get("title")
        if image.url is None:
            del self.body.images[before]

    def block(self, parts: list[Piece], quoted: bool, within: str | None = None) -> None:
        """A stretch of HTML that Markdown left alone; `within` what was parsed, or the source."""
        parsed = self.body.parsed if within is None else within
        start, end = parts[0][1], parts[-1][2]
        text = "".join([part[0] for part in parts])
        if parsed[start:end] != text:
            # Quote marks and indentation between the lines are no HTML: they become blanks.
            text = _padded(parts, parsed, start, end)
        gaps = [(before[2], after[1]) for before, after in pairwise(parts) if before[2] < after[1]]
        self.read(text, tokens_of(text, start), FRAGMENT, gaps, quoted)

    def read(self, text: str, found: Tokens, reading: Reading, gaps: Sequence[Span] = (), quoted: bool = False) -> None:
        """Tokens of a text, the end of which is where the last token ends. In gaps stands what is none of it."""
        source, holes = self.body.source, self.body.places.holes
        _, names, places = found
        base = places[-1] - len(text)
        as_shown = reading.as_shown
        pieces: list[Piece] = []
        code: list[int] = []
        stack: list[str] = []
        skipped = ""
        depth = 0
        in_pre = False
        language = ""
        groups: list[int] = []
        self.link = None
        self.code_from = None

        def flush() -> None:
            nonlocal pieces, code
            if in_pre:
                self._flush_code(pieces, language)
            else:
                self._flush(pieces, code, stack, groups, quoted, reading.classic)
            pieces, code = [], []
            self.code_from = None
            if self.link is not None:
                self.link = (*self.link[:2], 0)

        for number, kind in enumerate(found.kinds):
            at, to = places[number], places[number + 1]
            if kind is TEXT or kind is REFERENCE:
                if skipped:
                    continue
                raw = text[at - base : to - base]
                if not pieces and not in_pre and raw.isspace():
                    continue
                if kind is REFERENCE:
                    # The token goes on as long as letters do, those of something blanked too; at the end of a page it
                    # takes in a tag that never ends.
                    middle = at + reference_width(source[at:to])
                    pieces.append((html.unescape(source[at:middle]), at, middle))
                    rest = text[middle - base : to - base]
                    if rest and rest[0] != "<":
                        pieces.extend(cut([(rest, middle, to)], holes))
                    continue
                # What was blanked in code is shown all the same.
                is_cut = gaps and not (in_pre and gaps is holes)
                for part in cut([(raw, at, to)], gaps) if is_cut else ((raw, at, to),):
                    *before, last = _paragraphs(part) if reading.classic and not in_pre else [part]
                    for paragraph in before:
                        if paragraph[0]:
                            pieces.append(paragraph)
                        if pieces:
                            flush()
                    if last[0]:
                        pieces.append(last)
                continue
            name = names[number]
            if kind is START:
                if skipped:
                    if name == "img" and skipped == "header":
                        self._image(source[at:to], at)
                    if skipped != "p" or name not in _BLOCKS:
                        depth += name == skipped and name not in _FLAT
                        continue
                    skipped = ""
                if name == "img":
                    self._image(source[at:to], at)
                    continue
                if name == "br":
                    pieces.append(("\n", at, to))
                    continue
                if (name in reading.skipped and not source.startswith("/>", to - 2)) or (
                    as_shown and to - at > len(name) + 2 and name not in VOID and is_hidden(source[at:to])
                ):
                    skipped, depth = name, 1
                if name in _BLOCKS:
                    if pieces:
                        flush()
                    if name in _LISTS:
                        self.body.groups += 1
                        groups.append(self.body.groups)
                    elif name == "blockquote":
                        self.body.html_quotes += 1
                    elif name == "figure":
                        self.figure, self.caption = len(self.body.images), None
                    elif name == "pre":
                        in_pre, language = True, language_of(source[at:to])
                    if name in _KINDS:
                        stack.append(name)
                elif name == "a":
                    self._start_link(source[at:to], at, pieces)
                elif name in _CODE:
                    self.code_from = len(pieces)
                    if in_pre and name == "code":
                        language = language or language_of(source[at:to])
            elif kind is END:
                if skipped:
                    depth -= name == skipped
                    if depth:
                        continue
                    # What was opened is closed, though nothing in it counts.
                    skipped = ""
                if name in _BLOCKS:
                    if pieces:
                        flush()
                    if name in _LISTS and groups:
                        groups.pop()
                    elif name == "blockquote":
                        self.body.html_quotes = max(0, self.body.html_quotes - 1)
                    elif name == "figure":
                        self._end_figure()
                    elif name == "pre":
                        in_pre = False
                    if name in _KINDS and name in stack[-50:]:
                        while stack.pop() != name:
                            pass
                elif name == "a":
                    self._end_link(to, pieces)
                elif name in _CODE and self.code_from is not None:
                    code.extend(range(self.code_from, len(pieces)))
                    self.code_from = None
        if pieces:
            flush()

    def _flush_code(self, pieces: list[Piece], language: str) -> None:
        blank = 0
        for text, start, end in pieces:
            bare = text.lstrip("\r\n")
            if bare:
                if end - start == len(text):
                    pieces[blank] = (bare, end - len(bare), end)
                break
            blank += 1
        if blank < len(pieces):
            self.body.add_code(pieces[blank:], language)

    def _flush(
        self, pieces: list[Piece], code: list[int], stack: list[str], groups: list[int], quoted: bool, classic: bool
    ) -> None:
        body = self.body
        pieces, code = _stripped(pieces, code)
        if not pieces:
            return
        name = stack[-1] if stack else ""
        kind = _KINDS.get(name, "paragraph")
        if classic and kind == "paragraph" and self.figure is not None and self.figure < len(body.images):
            kind = "caption"
        level = int(name[1]) if kind == "heading" else min(len(groups), 9) if kind == "list_item" else 0
        group = groups[-1] if groups and kind in ("list_item", "table_cell") else 0
        if classic and len(pieces) == 1 and _ADDRESS.fullmatch(pieces[0][0]):
            # WordPress shows what is at the address, not the address.
            body.links.append(Link(Text(*pieces[0]), *pieces[0][1:]))
            return
        before = len(body.blocks)
        body.add("quote" if quoted or body.html_quotes else kind, pieces, level, group, code)
        if kind == "caption" and len(body.blocks) > before:
            block = body.blocks[-1]
            self.caption = Text(block.text, block.start, block.end)
            self._end_figure(keep=True)

    def _end_figure(self, keep: bool = False) -> None:
        if self.figure is not None and self.caption is not None:
            for image in self.body.images[self.figure :]:
                image.caption = image.caption or self.caption
        if not keep:
            self.figure = None

    def _start_link(self, tag: str, start: int, pieces: list[Piece]) -> None:
        target = attributes(tag, start).get("href")
        self.link = (target, start, len(pieces)) if target is not None else None

    def _end_link(self, end: int, pieces: list[Piece]) -> None:
        if self.link is not None:
            target, start, first = self.link
            self.body.links.append(Link(target, start, end, "".join([piece[0] for piece in pieces[first:]])))
            self.link = None

    def _image(self, tag: str, start: int) -> None:
        self.body.images.append(image_of(tag, start))


def _paragraphs(part: Piece) -> Iterator[Piece]:
    """A verbatim piece in stretches between its blank rows."""
    text, start, _ = part
    at = 0
    for blank in _BLANK_ROW.finditer(text):
        yield text[at : blank.start()], start + at, start + blank.start()
        at = blank.end()
    yield text[at:], start + at, start + len(text)


def _padded(parts: list[Piece], parsed: str, start: int, end: int) -> str:
    padded = []
    at = start
    for text, first, last in parts:
        padded.append(_NOT_A_LINE_END.sub(" ", parsed[at:first]))
        padded.append(text if len(text) == last - first else parsed[first:last])
        at = last
    padded.append(" " * (end - at))
    return "".join(padded)


def _stripped(pieces: list[Piece], code: list[int]) -> tuple[list[Piece], list[int]]:
    """Pieces without the white space at both ends."""
    first, last = 0, len(pieces)
    while first < last and pieces[first][0].isspace():
        first += 1
    while last > first and pieces[last - 1][0].isspace():
        last -= 1
    kept = pieces[first:last]
    if not kept:
        return [], []
    text, start, end = kept[0]
    if end - start == len(text):
        bare = text.lstrip()
        kept[0] = (bare, end - len(bare), end)
    text, start, end = kept[-1]
    if end - start == len(text):
        bare = text.rstrip()
        kept[-1] = (bare, start, start + len(bare))
    return kept, [number - first for number in code if first <= number < last]
