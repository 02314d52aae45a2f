"""HTML inside Markdown: its prose as blocks, its images, links and captions, each with its place."""

from __future__ import annotations

import html
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from turbohtml import TokenType, tokenize

from postlint.post import Image, Kind, Link, Text
from postlint.readers.align import Piece, cut

if TYPE_CHECKING:
    from postlint.readers.body import Body

_NOT_A_LINE_END = re.compile(r"[^\r\n]")
_LINE_END = re.compile(r"\r\n|\n|\r")
_ATTRIBUTE = re.compile(
    r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+)))?",
)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)")

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
_SKIPPED = frozenset({
    "script", "style", "svg", "template", "noscript", "math", "select", "textarea", "title", "canvas", "iframe",
    "object", "video", "audio", "button",
})  # fmt: skip
_CODE = frozenset({"code", "kbd", "samp", "tt", "var"})
_LISTS = frozenset({"ul", "ol", "dl", "table"})
_SOURCES = ("src", "data-src", "data-lazy-src", "data-original", "srcset", "data-srcset")


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
        found = _TAG.match(tag)
        if found is None:
            return False
        name = found[2].lower()
        tag = self.body.source[start:end]
        if found[1]:
            if name == "a":
                self._end_link(end, pieces)
            elif name in _CODE and self.code_from is not None:
                code.extend(range(self.code_from, len(pieces)))
                self.code_from = None
        elif name == "img":
            self._image(tag, start, end)
        elif name == "a":
            self._start_link(tag, start, pieces)
        elif name in _CODE:
            self.code_from = len(pieces)
        return name == "br" and not found[1]

    def shortcode(self, tag: str, start: int, end: int) -> None:
        """An image that a template places: `{{< figure src="a.png" alt="..." caption="..." >}}`."""
        before = len(self.body.images)
        self._image(tag, start, end)
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
        starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        tokens = list(tokenize(text, resolve_references=False))
        places = [starts[min(token.line, len(starts)) - 1] + token.col for token in tokens]
        places.append(len(text))
        pieces: list[Piece] = []
        code: list[int] = []
        stack: list[str] = []
        skipped = ""
        in_pre = False
        groups: list[int] = []
        self.link = None
        self.code_from = None

        def flush() -> None:
            nonlocal pieces, code
            self._flush(pieces, code, stack, groups, in_pre, quoted)
            pieces, code = [], []
            self.code_from = None

        for number, token in enumerate(tokens):
            at, to = start + places[number], start + places[number + 1]
            kind = token.type
            if kind == TokenType.TEXT or kind == TokenType.CHARACTER_REFERENCE:
                if not skipped:
                    raw = text[at - start : to - start]
                    if kind == TokenType.CHARACTER_REFERENCE:
                        pieces.append((html.unescape(raw), at, to))
                    elif gaps:
                        pieces.extend(cut([(raw, at, to)], gaps))
                    else:
                        pieces.append((raw, at, to))
                continue
            name = token.tag or ""
            if kind == TokenType.START_TAG:
                if skipped:
                    continue
                if name == "img":
                    self._image(self.body.source[at:to], at, to)
                    continue
                if name == "br":
                    pieces.append(("\n", at, to))
                    continue
                if name in _SKIPPED and not token.self_closing:
                    skipped = name
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
                        in_pre = True
                    if name in _KINDS:
                        stack.append(name)
                elif name == "a":
                    self._start_link(self.body.source[at:to], at, pieces)
                elif name in _CODE:
                    self.code_from = len(pieces)
            elif kind == TokenType.END_TAG:
                if skipped:
                    if name == skipped:
                        skipped = ""
                    continue
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

    def _flush(
        self, pieces: list[Piece], code: list[int], stack: list[str], groups: list[int], in_pre: bool, quoted: bool
    ) -> None:
        body = self.body
        if in_pre:
            text, start, end = pieces[0]
            if end - start == len(text):
                pieces[0] = (text.lstrip("\r\n"), end - len(text.lstrip("\r\n")), end)
            body.add_code(pieces, "")
            return
        pieces, code = _stripped(pieces, code)
        if not pieces:
            return
        name = stack[-1] if stack else ""
        kind = _KINDS.get(name, "paragraph")
        level = int(name[1]) if kind == "heading" else min(len(groups), 9) if kind == "list_item" else 0
        group = groups[-1] if groups and kind in ("list_item", "table_cell") else 0
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

    def _image(self, tag: str, start: int, end: int) -> None:
        found = attributes(tag, start)
        url = None
        for name in _SOURCES:
            candidate = found.get(name)
            if candidate is None or not candidate.value.strip():
                continue
            if name.endswith("srcset"):
                address = candidate.value.strip().split(None, 1)[0].rstrip(",")
                at = candidate.start + len(candidate.value) - len(candidate.value.lstrip())
                candidate = Text(address, at, min(at + len(address), candidate.end))
            if url is None or url.value.startswith("data:"):
                url = candidate
        self.body.images.append(Image("body", start, end, url, found.get("alt")))


def attributes(tag: str, start: int) -> dict[str, Text]:
    """The attributes of a start tag as written at `start`, entities undone; of two alike the first counts."""
    found: dict[str, Text] = {}
    opening = _TAG.match(tag)
    for match in _ATTRIBUTE.finditer(tag, opening.end() if opening else 0):
        group = match.lastindex or 1
        value, place = ("", (match.end(), match.end())) if group == 1 else (match[group], match.span(group))
        if "&" in value:
            value = html.unescape(value)
        found.setdefault(match[1].lower(), Text(value, start + place[0], start + place[1]))
    return found


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
