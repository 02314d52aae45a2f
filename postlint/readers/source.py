"""Bytes of a file to text: encodings, byte order marks, and the files that are no text at all."""

from __future__ import annotations

import codecs

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


def decode(data: bytes) -> tuple[str, list[Problem]] | str:
    """The text of a file's bytes and what was wrong with them; a reason alone if it can't be read at all.

    The byte order mark is left out of the text: an editor shows none and gives it no column. Bytes that are not UTF-8
    become U+FFFD, and the first of them is a problem.
    """
    if len(data) > LIMIT:
        return f"larger than {LIMIT // 1_000_000} MB"
    if len(data) > MOST_MARKS and len(data) - len(data.translate(None, _MARKS)) + data.count(b"://") > MOST_MARKS:
        return f"holds more than {MOST_MARKS:,} rows and marks"
    for mark, encoding in _FOREIGN:
        if data.startswith(mark):
            text = data.decode(encoding, errors="replace")
            reason = f"encoded as {encoding.upper()} instead of UTF-8"
            return text, [Problem("unreadable", 0, min(1, len(text)), {"reason": reason})]
    if b"\0" in data:
        return "holds NUL bytes, so it is no text"
    if data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :]
    try:
        return data.decode(), []
    except UnicodeDecodeError as error:
        start = len(data[: error.start].decode())
        reason = f"not valid UTF-8 (byte 0x{data[error.start]:02X})"
        return data.decode(errors="replace"), [Problem("unreadable", start, start + 1, {"reason": reason})]
