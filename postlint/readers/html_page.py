"""A page of HTML looked through once: where its content stands, and the tags that speak of it."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from postlint.post import Text
from postlint.readers.html_tags import attributes
from postlint.readers.html_tokens import END, REFERENCE, START, TEXT, Tokens

_ROLE = re.compile(r"\brole\s*=\s*[\"']?main\b", re.IGNORECASE)
_ENDS_PARAGRAPH = frozenset({"div", "section", "article", "ul", "ol", "table", "nav", "header", "footer", "aside"})
_TAGS = frozenset({"meta", "link", "html", "script"})
_NOTED = _ENDS_PARAGRAPH | _TAGS | {"p", "title", "svg", "body", "time", "main"}
_ASIDE = frozenset({"header", "nav", "footer", "aside"})
_UNREAD = frozenset({"script", "style", "template", "svg", "textarea", "noscript"})
_PERMALINK = " \t\r\n#¶§"


@dataclass(slots=True)
class Page:
    """Numbers of tokens: where the content begins and ends, and the tags that speak of the page."""

    first: int = 0
    last: int = 0
    root: str = ""
    """The element that holds the content; empty where no tag says."""
    tags: list[int] = field(default_factory=list)
    """`<html>`, `<meta>`, `<link>`, the first `<title>`, and scripts that may hold data."""
    times: list[int] = field(default_factory=list)
    """`<time>` with a date."""


class _Regions:
    """Elements that are not within each other: how much prose each one holds, and its first and last token."""

    def __init__(self) -> None:
        self.name = ""
        """That of the element which is open."""
        self._found: list[tuple[int, int, int]] = []
        self._depth = 0
        self._start = 0
        self._before = 0

    def open(self, name: str, number: int, weight: int) -> None:
        if not self._depth:
            self.name, self._start, self._before = name, number + 1, weight
        self._depth += name == self.name

    def close(self, number: int, weight: int) -> None:
        self._depth -= 1
        if not self._depth:
            self._found.append((weight - self._before, self._start, number))
            self.name = ""

    def largest(self, number: int, weight: int) -> tuple[int, int] | None:
        """That with most of the prose of a page; None where it has less than a third of it, as a teaser has."""
        if self._depth:
            self._found.append((weight - self._before, self._start, number))
        found = max(self._found, default=None)
        if found is None or (found[0] * 3 < weight if weight else len(self._found) > 1):
            return None
        return found[1:]


def page_of(source: str, found: Tokens) -> Page:
    """The content is the article with most of the prose; else the main element, if it has it; else the body."""
    kinds, names, places = found
    page = Page(last=len(kinds))
    articles, mains = _Regions(), _Regions()
    body = 0
    has_title = in_svg = in_paragraph = False
    weight = 0
    for number, kind in enumerate(kinds):
        if kind is TEXT:
            weight += (places[number + 1] - places[number]) * in_paragraph
            continue
        name = names[number]
        if kind is START:
            if name not in _NOTED:
                continue
            if name == "p":
                in_paragraph = True
                continue
            if name == "article":
                articles.open(name, number, weight)
            elif name in _TAGS:
                page.tags.append(number)
            elif name == "title":
                if not has_title and not in_svg:
                    page.tags.append(number)
                    has_title = True
            elif name == "svg":
                in_svg = not source.startswith("/>", places[number + 1] - 2)
            elif name == "body":
                body = number + 1
            elif name == "time":
                page.times.append(number)
            in_paragraph = in_paragraph and name not in _ENDS_PARAGRAPH
            if name in ("main", mains.name) or (
                name == "div" and _ROLE.search(source, places[number], places[number + 1])
            ):
                mains.open(name, number, weight)
        elif kind is END:
            if name == "p":
                in_paragraph = False
            elif name == "svg":
                in_svg = False
            elif name == articles.name:
                articles.close(number, weight)
            elif name == mains.name:
                mains.close(number, weight)
    for root, regions in (("article", articles), ("main", mains)):
        region = regions.largest(len(kinds), weight)
        if region is not None:
            page.first, page.last = region
            page.root = root
            return page
    page.first, page.root = body, "body" if body else ""
    return page


def title_in(source: str, content: Tokens, page: Page) -> Text | None:
    """The one heading of the first level; in the header of an article, not in that of a site."""
    kinds, names, _ = content
    headings = [number for number, name in enumerate(names) if name == "h1"]
    # Its start tag and its end tag.
    if len(headings) != 2 or kinds[headings[0]] is not START:
        return None
    outside: list[str] = []
    for number in range(headings[0]):
        name = names[number]
        if name in _ASIDE and not (name == "header" and page.root in ("article", "main")):
            if kinds[number] is START:
                outside.append(name)
            elif outside and name == outside[-1]:
                outside.pop()
    return None if outside else text_of(source, content, headings[0] + 1, headings[1])


def text_of(source: str, found: Tokens, first: int, last: int) -> Text | None:
    """The text of some tokens, white space joined, without the sign of a permanent link; None if there is none."""
    parts: list[str] = []
    start = end = -1
    kinds, names, places = found
    hidden = ""
    for number in range(first, last):
        kind = kinds[number]
        if kind is START and names[number] in _UNREAD:
            hidden = names[number]
        elif kind is END and names[number] == hidden:
            hidden = ""
        elif not hidden and (kind is TEXT or kind is REFERENCE):
            raw = source[places[number] : places[number + 1]]
            parts.append(html.unescape(raw) if kind is REFERENCE else raw)
            bare = raw.strip().strip(_PERMALINK).strip()
            if bare:
                at = places[number] + raw.index(bare)
                start = at if start < 0 else start
                end = at + len(bare)
    value = " ".join("".join(parts).split()).strip(_PERMALINK)
    return Text(value, start, end) if value and start >= 0 else None


def tag_at(source: str, found: Tokens, number: int) -> dict[str, Text]:
    """The attributes of a tag."""
    at = found.places[number]
    return attributes(source[at : found.places[number + 1]], at)
