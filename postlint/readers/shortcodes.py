"""Shortcodes of WordPress in the body of a post: none of the text, but captions, galleries and code are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from postlint.post import Image, Text
from postlint.readers.align import Span
from postlint.readers.body import Body
from postlint.readers.html_body import CLASSIC, read_masked

_SHORTCODE = re.compile(r"\[(/?)([A-Za-z][\w-]{0,40})((?:[\s=\"'/][^\[\]]{0,2000})?)\](?![\](])")
_ATTRIBUTE = re.compile(r"[\w-]\s*=\s*[\"'\w“”″]")
_LANGUAGE = re.compile(r"\blang(?:uage)?\s*=\s*[\"']?([\w+#.-]+)")
_NUMBERS = re.compile(r"\b(?:ids|include)\s*=\s*[\"']?([0-9][0-9,\s]*)")
_NUMBER = re.compile(r"[0-9]+")
_WORDPRESS_IMAGE = re.compile(r"\bwp-image-([0-9]{1,20})\b")
_NOT_A_LINE_END = re.compile(r"[^\r\n]")
_CAPTIONS = frozenset({"caption", "wp_caption"})
_KNOWN = _CAPTIONS | {"gallery", "playlist", "audio", "video", "embed"}
_CODE = frozenset({
    "code", "sourcecode", "source", "crayon", "highlight", "codeblock", "php", "python", "css", "html", "xml", "js",
    "javascript", "jscript", "bash", "shell", "sql", "java", "ruby", "cpp", "csharp", "perl", "powershell", "plain",
})  # fmt: skip
_ANY_CODE = frozenset({"code", "sourcecode", "source", "crayon", "highlight", "codeblock", "plain"})


class _Masked(NamedTuple):
    """A body with blanks for its shortcodes; where they stand, code with its language, the numbers of galleries."""

    text: str
    holes: list[Span]
    code: list[tuple[int, int, str]]
    gallery: list[Span]


def read_wordpress(source: str, start: int, end: int, attachments: Mapping[str, str]) -> Body:
    """Blocks, images and links of a body that WordPress keeps. `attachments` has addresses of images by number."""
    masked = _mask(source, start, end) if "[" in source[start:end] else _Masked(source, [], [], [])
    body = read_masked(source, masked.text, start, end, CLASSIC, masked.holes)
    for first, last, language in masked.code:
        bare = source[first:last].strip("\r\n")
        if bare:
            first = source.index(bare, first)
            body.add_code([(bare, first, first + len(bare))], language)
    for image in body.images:
        if image.url is None or image.url.value.startswith("data:"):
            numbered = _WORDPRESS_IMAGE.search(source, image.start, image.end)
            if numbered is not None and numbered[1] in attachments:
                image.url = Text(attachments[numbered[1]], *numbered.span(1))
    for first, last in masked.gallery:
        address = attachments.get(source[first:last])
        if address is not None:
            body.images.append(Image("body", first, last, Text(address, first, last)))
    if masked.code:
        body.blocks.sort(key=lambda block: block.start)
    if masked.gallery:
        body.images.sort(key=lambda image: image.start)
    return body


def _mask(source: str, start: int, end: int) -> _Masked:
    masked = _Masked("", [], [], [])
    # One in two pairs of brackets is shown and not run.
    found = [
        match
        for match in _SHORTCODE.finditer(source, start, end)
        if match.start() == start or source[match.start() - 1] != "["
    ]
    closed = {match[2].lower(): match.start() for match in found if match[1]}
    parts: list[str] = []
    at = 0
    code = ""
    opened = 0
    language = ""
    for match in found:
        name = match[2].lower()
        first, last = match.span()
        if code:
            if not match[1] or name != code:
                continue
            masked.code.append((opened, first, language))
            # What is code is blanked with its marks.
            parts.append(_NOT_A_LINE_END.sub(" ", source[at:first]))
            masked.holes.append((at, first))
            code, at = "", first
        elif not (name in closed or _ATTRIBUTE.search(match[3]) or (name in _KNOWN and not match[3].strip(" /"))):
            # Words in brackets are words.
            continue
        parts.append(source[at:first])
        at = last
        if name in _CAPTIONS:
            parts.append(f"<{match[1]}figure{' ' * (last - first - 8 - len(match[1]))}>")
            continue
        parts.append(_NOT_A_LINE_END.sub(" ", match[0]))
        masked.holes.append((first, last))
        if name == "gallery":
            for numbers in _NUMBERS.finditer(source, *match.span(3)):
                masked.gallery.extend(number.span() for number in _NUMBER.finditer(source, *numbers.span(1)))
        elif name in _CODE and not match[1] and closed.get(name, 0) >= last:
            code, opened = name, last
            named = _LANGUAGE.search(match[3])
            language = named[1] if named else "" if name in _ANY_CODE else name
    parts.append(source[at:])
    return masked._replace(text="".join(parts))
