"""Check: characters that went through the wrong encoding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from postlint.needs import Guarded, Needs
from postlint.post import Block, Post
from postlint.rules import Inspect, Options
from postlint.shapes import Shape, count, gives
from postlint.violations import Finding

# The characters that Windows-1252 shows for the second and later bytes of a character in UTF-8; where it has none,
# decoders pass the byte through.
_LATER = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xC0))
# What real Portuguese, Vietnamese and French write behind a capital A with tilde or circumflex is left out.
_AFTER_TILDE = "".join(character for character in _LATER if character not in "‘’“”‚„‹›«»–—…•·´\u00a0")
_AFTER_CIRCUMFLEX = "©®±§¶£¥¢¼½¾²³¹"
_MOJIBAKE = re.compile(
    f"â€[{re.escape(_LATER)}]|Ã[{re.escape(_AFTER_TILDE)}]|Â[{_AFTER_CIRCUMFLEX}]"
    f"|ðŸ[{re.escape(_LATER)}]{{1,2}}|ï¿½|ï»¿"
)
_LOST = "\ufffd"
# One of these is in whatever is found; looking for one character costs next to nothing.
_NEEDED = ("€", "Ã", "Â", "ð", "ï", _LOST)
_TELLING = ("â€", "Ã", "Â", "ðŸ", "ï¿½", "ï»¿", _LOST)
_OPENERS, _CLOSERS = "\"'“‘«([<„`", "\"'”’»)]>“`"
_JUDGED = ("paragraph", "heading", "list_item", "table_cell", "caption")


SHAPE = Shape(
    scope="post",
    takes={
        "min-hits": count("Posts with fewer places are passed over."),
    },
    gives=gives(misread="text count meant", lost="text count"),
)


def bind(options: Options, as_of: date) -> Inspect:
    """One finding a post, at the first place. Values: `text`, `count`, `meant`. Variants: "misread", "lost"."""
    least = options["min-hits"]

    def inspect(post: Post) -> Iterator[Finding]:
        source = post.source
        if source.isascii() or not any(character in source for character in _NEEDED):
            return
        if not any(beginning in source for beginning in _TELLING):
            return
        # Where the file itself is not UTF-8, its reader has said so, and every U+FFFD is a sequel.
        undecoded = any(problem.kind == "unreadable" for problem in post.problems)
        hits: list[tuple[int, int, str]] = []
        for block in post.blocks:
            if block.kind in _JUDGED and not block.text.isascii():
                hits.extend((*block.place(start, end), text) for start, end, text in _hits(block))
        hits = [hit for hit in hits if not (undecoded and hit[2] == _LOST)]
        if len(hits) < least:
            return
        start, end, text = hits[0]
        if text == _LOST:
            yield Finding(start, end, {"text": text, "count": len(hits)}, variant="lost")
        else:
            yield Finding(start, end, {"text": text, "meant": _meant(text), "count": len(hits)}, variant="misread")

    return Guarded(inspect, Needs(exact=frozenset(_TELLING)))


def _hits(block: Block) -> Iterator[tuple[int, int, str]]:
    text = block.text
    found = [(match.start(), match.end()) for match in _MOJIBAKE.finditer(text)]
    position = text.find(_LOST)
    while position >= 0:
        found.append((position, position + 1))
        position = text.find(_LOST, position + 1)
    for start, end in sorted(found):
        if any(first <= start < last for first, last in block.code):
            continue
        # Alone in quotation marks or brackets it is what the sentence speaks of.
        if start and end < len(text) and text[start - 1] in _OPENERS and text[end] in _CLOSERS:
            continue
        yield start, end, text[start:end]


def _meant(text: str) -> str:
    """What stood there before the wrong decoding; "�" where that is lost."""
    data = bytearray()
    for character in text:
        try:
            data += character.encode("cp1252")
        except UnicodeEncodeError:
            # Windows-1252 leaves five bytes undefined; decoders pass them through.
            data.append(ord(character) & 0xFF)
    return data.decode("utf-8", errors="replace").rstrip(_LOST) or _LOST
