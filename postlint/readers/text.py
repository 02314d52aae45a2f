"""Extracted text: a title, paragraphs, bare headings, lists, unfenced code, twice-told captions, and glued meta."""

from __future__ import annotations

import re
from collections.abc import Sequence

from postlint.meta import Meta
from postlint.post import Block, Image, Kind, Link, Post, Problem, Text
from postlint.readers import unreadable
from postlint.readers.align import Piece, runs_of
from postlint.readers.meta_images import images_of, title_of
from postlint.readers.source import decode
from postlint.readers.targets import bare_addresses
from postlint.readers.text_code import is_code, is_code_line
from postlint.readers.text_meta import MARKER, Line, is_meta_line, read_meta_lines

_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\n|\r|\Z)")
_SEPARATORS = re.compile(r"\|[ \t|]*\Z")
_ITEM = re.compile(r"([ \t]*)(?:[•‣◦▪*–\-]|\d{1,3}[.)])[ \t]+(?=\S)")
_CREDIT = re.compile(
    r"[.,;:–\- \t]*(?:(?:image|photo|picture)[ \t]+)?(?:sources?|credits?|by|via)[ \t]*:[ \t]*\S", re.I
)
_SENTENCE_END = re.compile(r"[.!?…。！？]['\"”’)\]]*[ \t]*\Z")
_NO_HEADING_END = (".", "!", "…", "。", ",", ";", ":", "，", "；", "：")
_RESIDUE = frozenset({"similar posts", "related posts", "you may also like", "share this", "leave a comment"})

_LONGEST_HEADING = 90
_LONGEST_TITLE = 250
_WRAPPED_AT = 120
"""Text that is wrapped by hand has no longer lines than this."""


def read(path: str, data: bytes) -> list[Post]:
    """The one post of a text file."""
    decoded = decode(data)
    if isinstance(decoded, str):
        return [unreadable(path, decoded)]
    return [read_text(path, *decoded)]


def read_text(path: str, source: str, problems: Sequence[Problem] = (), *, titled: bool = True) -> Post:
    """The post that a text is, wherever it stood; not `titled` where its title stands elsewhere."""
    lines = _lines(source)
    first, last = _trimmed(lines)
    marker, meta_end = _find_meta(lines, first, last)
    meta = Meta()
    if marker is not None:
        block_end = lines[meta_end - 1].start + len(lines[meta_end - 1].text)
        meta = Meta(read_meta_lines(lines[marker + 1 : meta_end]), (lines[marker].start, block_end))
        rest = lines[meta_end:last]
        body_end = marker
    else:
        rest, body_end = [], last
    title = None
    if titled:
        title, first = _title(lines, first, body_end)
    reader = _Body(source)
    reader.read(lines[first:body_end])
    reader.read(rest)
    return Post(
        path,
        "text",
        source,
        title=title_of(meta) or title,
        meta=meta,
        blocks=reader.blocks,
        images=[*images_of(meta), *reader.images],
        links=reader.links,
        problems=list(problems),
        can_hold_images=False,
    )


def _lines(source: str) -> list[Line]:
    lines = [Line(match[1], match.start()) for match in _LINE.finditer(source)]
    return lines[:-1] if lines and not lines[-1].text else lines


def _trimmed(lines: Sequence[Line]) -> tuple[int, int]:
    """The first line that says something and the end of the last one: separators and theme leftovers are no text."""
    first, last = 0, len(lines)
    while first < last and (not lines[first].text.strip() or _SEPARATORS.match(lines[first].text.strip())):
        first += 1
    while last > first and (not lines[last - 1].text.strip() or lines[last - 1].text.strip().lower() in _RESIDUE):
        last -= 1
    return first, last


def _find_meta(lines: Sequence[Line], first: int, last: int) -> tuple[int | None, int]:
    """The line that announces the meta, and the end of the meta: a blank line, or that of the text."""
    for number in range(last - 1, first, -1):
        text = lines[number].text
        if len(text) > _LONGEST_HEADING or MARKER.match(text.strip()) is None:
            continue
        begin = number + 1
        while begin < last and not lines[begin].text.strip():
            begin += 1
        if begin >= last or not is_meta_line(lines[begin].text.strip()):
            continue
        end = begin
        while end < last and lines[end].text.strip():
            end += 1
        if end - begin >= 2:
            return number, end
    return None, last


def _title(lines: Sequence[Line], first: int, last: int) -> tuple[Text | None, int]:
    """The title and the line after it: a first line that stands alone or does not end as a sentence does."""
    if first >= last:
        return None, first
    text = lines[first].text.strip()
    stands_alone = first + 1 >= last or not lines[first + 1].text.strip()
    wraps = not stands_alone and _is_wrapped([line.text for line in lines[first : _chunk_end(lines, first, last)]])
    is_sentence = _SENTENCE_END.search(text) is not None and not text.endswith(("?", "!"))
    if len(text) > _LONGEST_TITLE or wraps or (is_sentence and (not stands_alone or len(text) > _LONGEST_HEADING)):
        return None, first
    if _ITEM.match(text) or is_code_line(text):
        return None, first
    start = lines[first].start + lines[first].text.index(text)
    return Text(text, start, start + len(text)), first + 1


def _chunk_end(lines: Sequence[Line], first: int, last: int) -> int:
    end = first
    while end < last and lines[end].text.strip():
        end += 1
    return end


def _next_chunk(lines: Sequence[Line], at: int) -> tuple[int, int] | None:
    """The next lines that stand together; None if there are none."""
    while at < len(lines) and not lines[at].text.strip():
        at += 1
    return (at, _chunk_end(lines, at, len(lines))) if at < len(lines) else None


def _is_wrapped(texts: Sequence[str]) -> bool:
    """Whether lines that stand together are one paragraph broken by hand, rather than a paragraph each."""
    if len(texts) < 2 or any(len(text) > _WRAPPED_AT for text in texts):
        return False
    ended = sum(_SENTENCE_END.search(text) is not None for text in texts[:-1])
    return ended * 2 <= len(texts) - 1


class _Body:
    """The blocks, images and links of the lines read so far."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.blocks: list[Block] = []
        self.images: list[Image] = []
        self.links: list[Link] = []
        self.group = 0
        self.in_list = False

    def read(self, lines: Sequence[Line]) -> None:
        """Read lines chunk by chunk: a chunk ends at a blank line."""
        at = 0
        while at < len(lines):
            if not lines[at].text.strip():
                at += 1
                continue
            end = _chunk_end(lines, at, len(lines))
            chunk = lines[at:end]
            if is_code([line.text for line in chunk]):
                # Code has blank lines of its own: go on while what follows is code.
                while (following := _next_chunk(lines, end)) and is_code(
                    [line.text for line in lines[slice(*following)]]
                ):
                    end = following[1]
                self._add_code(lines[at:end])
            else:
                self._read_chunk(chunk)
            at = end

    def _read_chunk(self, chunk: Sequence[Line]) -> None:
        """Figures, items, headings and paragraphs of lines that stand together."""
        self.in_list = False
        at = 0
        while at < len(chunk):
            line = chunk[at]
            if at + 1 < len(chunk) and _is_caption(line.text, chunk[at + 1].text):
                self._add_figure(line, chunk[at + 1])
                at += 2
                continue
            if _ITEM.match(line.text):
                end = at + 1
                while end < len(chunk) and _continues(line.text, chunk[end].text):
                    end += 1
                self._add_item(chunk[at:end])
                at = end
                continue
            end = at + 1
            while end < len(chunk) and not _ITEM.match(chunk[end].text):
                if end + 1 < len(chunk) and _is_caption(chunk[end].text, chunk[end + 1].text):
                    break
                end += 1
            self._read_plain(chunk[at:end], alone=len(chunk) == 1)
            at = end

    def _read_plain(self, lines: Sequence[Line], alone: bool) -> None:
        """Lines that are neither items nor figures: one wrapped paragraph, or headings, code and paragraphs."""
        self.in_list = False
        if _is_wrapped([line.text for line in lines]):
            self._add("paragraph", [(line.text, line.start) for line in lines])
            return
        at = 0
        while at < len(lines):
            end = at
            while end < len(lines) and is_code_line(lines[end].text):
                end += 1
            if end - at > 1 and is_code([line.text for line in lines[at:end]]):
                self._add_code(lines[at:end])
                at = end
                continue
            line = lines[at]
            self._add("heading" if _is_heading(line.text) else "paragraph", [(line.text, line.start)])
            at += 1

    def _add_figure(self, alt: Line, caption: Line) -> None:
        texts = []
        for line in (alt, caption):
            text = line.text.strip()
            start = line.start + line.text.index(text)
            texts.append(Text(text, start, start + len(text)))
            self._add("caption", [(line.text, line.start)])
        self.images.append(Image("body", texts[0].start, texts[1].end, None, texts[0], texts[1]))

    def _add_item(self, lines: Sequence[Line]) -> None:
        match = _ITEM.match(lines[0].text)
        assert match is not None
        if not self.in_list:
            self.group += 1
            self.in_list = True
        level = 1 + len(match[1].expandtabs(4)) // 4
        first = (lines[0].text[match.end() :], lines[0].start + match.end())
        parts = [first, *((line.text, line.start) for line in lines[1:])]
        self._add("list_item", parts, level, self.group)

    def _add_code(self, lines: Sequence[Line]) -> None:
        start, end = lines[0].start, lines[-1].start + len(lines[-1].text)
        text = "\n".join(line.text for line in lines)
        if text == self.source[start:end]:
            self.blocks.append(Block("code", text, start, end))
            return
        text, runs = runs_of(self._joined([(line.text, line.start) for line in lines]), self.source)
        self.blocks.append(Block("code", text, start, end, runs))

    def _joined(self, parts: Sequence[tuple[str, int]]) -> list[Piece]:
        """The pieces of lines and of the line ends between them."""
        pieces: list[Piece] = []
        for number, (text, start) in enumerate(parts):
            if number:
                pieces.append(("\n", pieces[-1][2], start))
            pieces.append((text, start, start + len(text)))
        return pieces

    def _add(self, kind: Kind, parts: Sequence[tuple[str, int]], level: int = 0, group: int = 0) -> None:
        stripped = []
        for text, start in parts:
            bare = text.strip()
            at = start + len(text) - len(text.lstrip())
            stripped.append((bare, at))
        start = stripped[0][1]
        end = stripped[-1][1] + len(stripped[-1][0])
        if len(stripped) == 1 or "\n".join(text for text, _ in stripped) == self.source[start:end]:
            block = Block(kind, self.source[start:end], start, end, None, level, group)
        else:
            text, runs = runs_of(self._joined(stripped), self.source)
            block = Block(kind, text, start, end, runs, level, group)
        if kind == "heading":
            block.level = 2
        self.blocks.append(block)
        if "://" in block.text:
            for first, last in bare_addresses(block.text):
                place = block.place(first, last)
                self.links.append(Link(Text(block.text[first:last], *place), *place, block.text[first:last]))


def _is_caption(alt: str, caption: str) -> bool:
    """Whether a line tells the one before it again, with where the image comes from."""
    alt, caption = alt.strip(), caption.strip()
    return bool(alt) and caption.startswith(alt) and _CREDIT.match(caption, len(alt)) is not None


def _continues(item: str, line: str) -> bool:
    """Whether a line goes on with the item before it: indented deeper than its mark, and no item itself."""
    mark = _ITEM.match(item)
    indent = len(line) - len(line.lstrip())
    return mark is not None and indent > len(mark[1]) and not _ITEM.match(line)


def _is_heading(text: str) -> bool:
    text = text.strip()
    return len(text) <= _LONGEST_HEADING and not text.endswith(_NO_HEADING_END) and any(map(str.isalpha, text))
