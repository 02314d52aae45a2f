"""The items of a WordPress export: where in the file each one stands, found in one pass over pieces of it.

Exports are often no XML (bare ampersands, control characters, a warning of PHP, an end that is missing), so what is
looked for is what WordPress writes: items, CDATA sections and comments, as its own importer does when its parsers fail.
"""

from __future__ import annotations

import codecs
import html
import re
from array import array
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import BinaryIO

from postlint.post import Location

PIECE = 1 << 20
"""Bytes that are read at a time."""
_LOOK_AHEAD = 24
"""More bytes than the longest mark that is looked for has."""
_LONGEST_VALUE = 4096

# Everything up to a mark, CDATA sections with all that is in them. Possessive: nothing is tried twice.
_UNMARKED = re.compile(
    rb"(?:[^<]++|<!\[CDATA\[(?:[^\]]++|\](?!\]>))*+\]\]>"
    rb"|<(?=[\s\S]{24})(?!!(?:\[CDATA\[|--|ENTITY)|/?item[\s/>]|wp:(?:post_type|post_id|attachment_url)>))*+"
)
_VALUE = re.compile(rb"<wp:(post_type|post_id|attachment_url)>\s*(?:<!\[CDATA\[\s*)?([^<\]]*)")
_ENCODING = re.compile(rb"<\?xml[^<>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,40})[\"']")
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What is in the tables of posts, and is none: attachments, menus, templates, what plugins keep there.
_NO_POSTS = frozenset({
    "attachment", "nav_menu_item", "revision", "custom_css", "customize_changeset", "oembed_cache", "user_request",
    "wp_block", "wp_template", "wp_template_part", "wp_global_styles", "wp_navigation", "wp_font_family",
    "wp_font_face", "acf-field", "acf-field-group", "acf-post-type", "acf-taxonomy", "wpcf7_contact_form", "wpforms",
    "elementor_library", "elementor_font", "elementor_icons", "shop_order", "shop_order_refund", "shop_coupon",
    "product_variation", "scheduled-action", "feedback", "mc4wp-form", "ml-slider", "ml-slide", "tablepress_table",
    "et_pb_layout", "fl-builder-template", "amp_validated_url", "jetpack_migration", "jp_pay_order", "jp_pay_product",
    "bp-email", "safecss", "wp_log", "edd_log", "edd_payment", "is_search_form", "popup", "popup_theme",
})  # fmt: skip


class EntitiesError(Exception):
    """The file declares entities of its own."""


class Items:
    """The items of a file that are posts, and the addresses of those that are attachments by their number."""

    def __init__(self) -> None:
        self.starts = array("q")
        self.ends = array("q")
        self.rows = array("q")
        self.columns = array("q")
        self.attachments: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self.starts)

    def _add(self, start: int, end: int, begin: Location, values: dict[bytes, str]) -> None:
        kind = values.get(b"post_type", "post")
        if kind == "attachment" and b"post_id" in values and values.get(b"attachment_url"):
            self.attachments[values[b"post_id"]] = values[b"attachment_url"]
        if kind not in _NO_POSTS:
            self.starts.append(start)
            self.ends.append(end)
            self.rows.append(begin.row)
            self.columns.append(begin.column)


class _Rows:
    """Counts the rows and columns of bytes as they pass, in code points."""

    def __init__(self) -> None:
        self.row = 1
        self.column = 1

    def go_over(self, data: bytes) -> None:
        """Bytes that end with a whole character, and not between CR and LF."""
        last = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
        if last:
            self.row += data.count(b"\n")
            if b"\r" in data:
                self.row += data.count(b"\r") - data.count(b"\r\n")
            self.column = 1
        self.column += len(data[last:].decode("utf-8", "replace"))


class _Window:
    """A piece of the file, moved forward: what is behind it is counted and let go."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._rows = _Rows()
        self._counted = 0
        self._base = 0
        self.is_last = False
        file.seek(0)
        self.data = b""
        self.more(0)
        if self.data.startswith(codecs.BOM_UTF8):
            self._counted = len(codecs.BOM_UTF8)

    def more(self, at: int) -> int:
        """Let go of what stands before an offset and read on; the offset in the new piece."""
        keep = _before(self.data, at)
        if keep:
            self._count(keep)
        piece = self._file.read(PIECE)
        if not piece:
            self.is_last = True
            piece = b" " * _LOOK_AHEAD
        self.data = self.data[keep:] + piece
        self._base += keep
        self._counted -= keep
        return at - keep

    def _count(self, at: int) -> None:
        if at > self._counted:
            self._rows.go_over(self.data[self._counted : at])
            self._counted = at

    def offset(self, at: int) -> int:
        """The offset in the file of one in the piece."""
        return self._base + at

    def location(self, at: int) -> Location:
        """The row and column in the file of an offset in the piece; asked for in order, where a character begins."""
        self._count(at)
        return Location(self._rows.row, self._rows.column)

    def after(self, mark: bytes, at: int) -> int:
        """The offset behind a mark, wherever in the file it is; the end of the file where there is none."""
        while (found := self.data.find(mark, at)) < 0:
            at = max(at, len(self.data) - len(mark) + 1)
            if self.is_last:
                return len(self.data)
            at = self.more(at)
        return found + len(mark)


def _before(data: bytes, at: int) -> int:
    """The last offset up to this one where a piece may be cut: neither within a character nor between CR and LF."""
    if at == len(data) or 0x80 <= data[at] < 0xC0:
        first = at
        while first > max(at - 3, 0) and 0x80 <= data[first - 1] < 0xC0:
            first -= 1
        if first and data[first - 1] >= 0xC0:
            at = first - 1
    return at - (at > 0 and data[at - 1] == 0x0D)


def items_of(file: BinaryIO) -> Items:
    """The items of a file in UTF-8. Raises EntitiesError where it declares some."""
    items = Items()
    size = file.seek(0, 2)
    window = _Window(file)
    start = -1
    begin = Location(1, 1)
    values: dict[bytes, str] = {}
    at = 0
    for mark, at in _marks(window):
        if mark == b"entity":
            if start < 0 and not items:
                raise EntitiesError
        elif mark == b"item" or mark == b"/item":
            # An item that does not end ends where the next begins.
            if start >= 0:
                end = window.offset(at)
                if mark == b"/item":
                    closing = window.data.find(b">", at)
                    end = window.offset(closing + 1 if closing >= 0 else at)
                items._add(start, min(end, size), begin, values)
                start = -1
            if mark == b"item":
                start, begin, values = window.offset(at), window.location(at), {}
        elif start >= 0:
            found = _VALUE.match(window.data, at)
            if found is not None:
                text = html.unescape(found[2].decode("utf-8", "replace")).strip()
                values.setdefault(found[1], text)
    if start >= 0:
        items._add(start, size, begin, values)
    return items


def _marks(window: _Window) -> Iterator[tuple[bytes, int]]:
    """What is looked for, and its offset in the piece that the window has then."""
    at = 0
    while True:
        stop = _UNMARKED.match(window.data, at)
        at = stop.end() if stop is not None else at
        left = len(window.data) - at
        if left < _LONGEST_VALUE and not window.is_last:
            at = window.more(at)
            continue
        if left <= _LOOK_AHEAD:
            return
        head = window.data[at : at + _LOOK_AHEAD]
        if head.startswith(b"<![CDATA["):
            at = window.after(b"]]>", at)
        elif head.startswith(b"<!--"):
            at = window.after(b"-->", at)
        else:
            mark = b"entity" if head[1:2] == b"!" else b"/item" if head[1:2] == b"/" else b"item"
            yield (b"value" if head.startswith(b"<wp:") else mark), at
            at += 1


def in_utf8(file: BinaryIO) -> BinaryIO:
    """The file itself if it is in UTF-8, else a copy that is: rows and columns are the same in both."""
    file.seek(0)
    head = file.read(1024)
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), "")
    declared = _ENCODING.search(head)
    if not encoding and declared is not None:
        encoding = _known(declared[1].decode())
    if not encoding:
        return file
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    copy: BinaryIO = TemporaryFile(prefix="postlint-")  # noqa: SIM115
    while piece := file.read(PIECE):
        copy.write(decoder.decode(piece).encode("utf-8", "replace"))
    copy.write(decoder.decode(b"", True).encode("utf-8", "replace"))
    return copy


def _known(name: str) -> str:
    """The encoding that a declaration names, if it has one byte a character; all others are read as UTF-8."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return ""
    return found if found.startswith(("iso8859", "cp125", "koi8")) else ""
