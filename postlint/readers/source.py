"""Bytes of a file to text: encodings, byte order marks, and the files that are no text at all."""

from __future__ import annotations

import codecs
import re

from postlint.post import Problem

LIMIT = 50_000_000
"""The number of bytes above which a file is not read."""
_MARKS = b"\n\r[<&*_`|~\\"
MOST_MARKS = 1_000_000
"""How many rows, marks and addresses a file may have: a few bytes can become an image, which takes hundreds."""

# The longer marks first: that of UTF-32-LE begins with that of UTF-16-LE.
_FOREIGN = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


_PRESCAN = 4096
"""Bytes of a page in which its encoding is looked for."""
_CHARSET = re.compile(rb"<meta\s[^<>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
# Encodings of the web (WHATWG's list), by the names that Python has for them.
_TEXT_ENCODINGS = frozenset(
    "cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp866 cp874 iso8859-2 iso8859-3 iso8859-4 iso8859-5"
    " iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u gbk"
    " gb2312 gb18030 big5 big5hkscs euc_jp iso2022_jp shift_jis cp932 euc_kr cp949 mac-roman mac-cyrillic".split()
)


def decode(data: bytes, *, is_whole: bool = True) -> tuple[str, list[Problem]] | str:
    """The text of a file's bytes and what was wrong with them; a reason alone if it can't be read at all.

    The byte order mark is left out of the text: an editor shows none and gives it no column. A page that is not UTF-8
    is read as it says it is encoded. Bytes of other files that are not UTF-8 become U+FFFD, and the first of them is a
    problem. A part of a file has neither: what looks like a mark or says what it is encoded in is text.
    """
    if len(data) > LIMIT:
        return f"larger than {LIMIT // 1_000_000} MB"
    if len(data) > MOST_MARKS and len(data) - len(data.translate(None, _MARKS)) + data.count(b"://") > MOST_MARKS:
        return f"holds more than {MOST_MARKS:,} rows and marks"
    for mark, encoding in _FOREIGN if is_whole else ():
        if data.startswith(mark):
            text = data.decode(encoding, errors="replace")
            reason = f"encoded as {encoding.upper()} instead of UTF-8"
            return text, [Problem("unreadable", 0, min(1, len(text)), {"reason": reason})]
    if b"\0" in data:
        return "holds NUL bytes, so it is no text"
    if is_whole and data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :]
    try:
        return data.decode(), []
    except UnicodeDecodeError as error:
        declared = _declared(data) if is_whole else ""
        if declared:
            return data.decode(declared, errors="replace"), []
        start = len(data[: error.start].decode())
        reason = f"not valid UTF-8 (byte 0x{data[error.start]:02X})"
        return data.decode(errors="replace"), [Problem("unreadable", start, start + 1, {"reason": reason})]


def _declared(data: bytes) -> str:
    """The encoding that a page of HTML declares, if there is such a one."""
    found = _CHARSET.search(data, 0, _PRESCAN)
    name = found[1].decode().lower() if found is not None else ""
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    if known in ("iso8859-1", "ascii"):
        # What browsers take these names for.
        return "cp1252"
    # Names of codecs that make no text, such as hex, are no encodings.
    return known if known in _TEXT_ENCODINGS else ""
