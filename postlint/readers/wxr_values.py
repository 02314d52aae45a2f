"""The elements of an item of a WordPress export, with the place of each value, however broken the file is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from postlint.post import Run
from postlint.readers.align import Span, character
from postlint.readers.html_tags import attributes
from postlint.readers.moved import OffsetMap

_TAG = re.compile(r"<(/?)([A-Za-z_][\w.-]{0,100}(?::[\w.-]{1,100})?)((?:\s[^<>]{0,1000})?)>")
_SPACE = re.compile(r"\s*")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# What may follow the end of a value. The same signs in the middle of a text are a part of it.
_FOLLOWS = re.compile(
    r"\s*(?:\Z|</?(?:wp:|dc:|content:|excerpt:|(?:title|link|pubDate|guid|description|category|item)[\s>])|(<!\[CDATA\[))"
)
_MARKED_UP = frozenset({"content:encoded", "excerpt:encoded"})
"""Elements whose value holds tags if it is not escaped."""
_OPENING = "<![CDATA["
_BODY = "content:encoded"


class Value(NamedTuple):
    """The text of an element: stretches of the source, in which what XML escapes may be escaped."""

    text: str
    start: int
    end: int
    parts: tuple[Span, ...]
    is_escaped: bool

    @property
    def is_verbatim(self) -> bool:
        """Whether the text stands in the source as it is."""
        return len(self.text) == self.end - self.start

    def places(self, source: str) -> OffsetMap:
        """Where the characters of the text stand."""
        runs: list[Run] = []
        length = 0
        for start, end in self.parts:
            at = start
            for match in _REFERENCE.finditer(source, start, end) if self.is_escaped else ():
                undone = _undone(match)
                if undone == match[0]:
                    continue
                if match.start() > at:
                    runs.append(Run(length, at, match.start()))
                    length += match.start() - at
                runs.append(Run(length, *match.span()))
                length += len(undone)
                at = match.end()
            if at < end:
                runs.append(Run(length, at, end))
                length += end - at
        return OffsetMap(runs or [Run(0, self.start, self.end)], length)


class Element(NamedTuple):
    """An element of an item: its name and where that stands, its attributes as written, its value."""

    name: str
    name_start: int
    tag: str
    tag_start: int
    value: Value

    @property
    def attribute(self) -> dict[str, tuple[str, int, int]]:
        """The attributes with their places."""
        found = attributes(self.tag, self.tag_start)
        return {name: (text.value, text.start, text.end) for name, text in found.items()}


def elements(source: str, body: Span | None = None) -> Iterator[Element]:
    """The elements of an item, in order; those of its comments are left out.

    `body` is where the value of `content:encoded` stands, where it is known already: nothing in it is XML then.
    """
    at = 0
    in_comment = False
    while (at := source.find("<", at)) >= 0:
        if source.startswith(_OPENING, at):
            at = _behind(source, "]]>", at)
            continue
        if source.startswith("<!--", at):
            at = _behind(source, "-->", at)
            continue
        tag = _TAG.match(source, at)
        if tag is None:
            at += 1
            continue
        name = tag[2]
        at = tag.end()
        if name == "wp:comment":
            in_comment = not tag[1]
        if tag[1] or in_comment or name in ("item", "wp:postmeta") or tag[3].endswith("/"):
            continue
        if body is not None and name == _BODY and at <= body[0] and source[at : body[0]].strip() in ("", _OPENING):
            value = Value(source[slice(*body)], *body, (body,), False)
        else:
            value = _value(source, at, name)
        at = value.end
        yield Element(name, tag.start(2), tag[0] if tag[3] else "", tag.start(), value)


def _behind(source: str, mark: str, at: int) -> int:
    found = source.find(mark, at)
    return len(source) if found < 0 else found + len(mark)


def _value(source: str, at: int, name: str) -> Value:
    first = _SPACE.match(source, at)
    assert first is not None
    begin = first.end()
    if not source.startswith(_OPENING, begin):
        return _plain(source, at, name)
    parts: list[Span] = []
    while True:
        begin += len(_OPENING)
        end, goes_on, begin_next = _section_end(source, begin)
        parts.append((begin, end))
        if not goes_on:
            break
        begin = begin_next
    text = "".join([source[start:end] for start, end in parts])
    return Value(text, parts[0][0], parts[-1][1], tuple(parts), False)


def _section_end(source: str, at: int) -> tuple[int, bool, int]:
    """The end of a CDATA section, and whether and where another one follows it."""
    while (end := source.find("]]>", at)) >= 0:
        following = _FOLLOWS.match(source, end + 3)
        if following is not None:
            return end, following[1] is not None, following.start(1)
        # Whoever wrote it has not parted it: it stands in the text.
        at = end + 1
    return len(source), False, 0


def _plain(source: str, at: int, name: str) -> Value:
    """A value without CDATA: its text up to the next tag, or if tags stand in it, up to its own end."""
    end = source.find(f"</{name}", at) if name in _MARKED_UP else -1
    if end < 0:
        end = source.find("<", at)
    if end < 0:
        end = len(source)
    raw = source[at:end]
    bare = raw.strip()
    start = at + len(raw) - len(raw.lstrip()) if bare else at
    end = start + len(bare)
    is_escaped = "&" in bare and "<" not in bare
    text = _REFERENCE.sub(_undone, bare) if is_escaped else bare
    return Value(text, start, end, ((start, end),), is_escaped)


def _undone(reference: re.Match[str]) -> str:
    return character(reference[0])
