"""Text in the one spelling that is compared: NFKC, case folded, words apart; and the counting of its words."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from postlint.lazy_pattern import lazy_pattern

# Bytes of canonical text after translation by CLASSES. Word bytes are all >= 0x30, so one comparison finds them.
END, STOP, SPACE, CLOSER, OTHER = 0, 1, 2, 3, 4
FIRST_WORD_BYTE = 0x30


def _classes() -> bytes:
    table = bytearray([OTHER]) * 256
    for byte in range(256):
        char = chr(byte)
        if byte >= 0x80 or (char.isascii() and char.isalnum()):
            table[byte] = ord(char.lower()) if byte < 0x80 else byte
        elif char.isspace():
            table[byte] = SPACE
        elif char in ".!?":
            table[byte] = STOP
        elif char in "\"')]}*_":
            table[byte] = CLOSER
    table[0] = END
    return bytes(table)


CLASSES = _classes()
"""Translation table of canonical bytes: words in lower case, everything else one of the five classes."""

WORD = lazy_pattern(rb"[0-9a-z\x80-\xff]+")
"""A word of translated bytes."""
_LONE_LETTER = lazy_pattern(r"(?<!\S)([^\x00-\x7f]) (?=[^\x00-\x7f](?!\S))")
_SENTENCE_END = rb"\x01(?=\x03?(?:\x02|\x00|\Z))"
SENTENCE_END = lazy_pattern(_SENTENCE_END)
"""A full stop (or ! or ?) that ends a sentence: white space follows, perhaps after a closing quote or bracket."""

# What is of no word is a space; for counting, what is of one is a `w`.
_WORDS_APART = bytes(byte if byte >= FIRST_WORD_BYTE else 0x20 for byte in CLASSES)
_MARKS = bytes(0x77 if byte >= FIRST_WORD_BYTE else 0x20 for byte in CLASSES)

_FOREIGN = lazy_pattern(r"[^\x00-\x7f]+")
_IDEOGRAPHIC_STOPS = frozenset("。！？｡")
# Scripts written without spaces between words: Thai, Lao, Burmese, Khmer; kana, bopomofo, ideographs, Yi. Hangul has
# spaces. Each of their letters is a token of its own, which makes word n-grams character n-grams.
UNSPACED = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3041, 0x312F), (0x31A0, 0x31FF),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF), (0xF900, 0xFAFF), (0x1B000, 0x1B16F), (0x20000, 0x3FFFF),
)  # fmt: skip
"""First and last characters of the scripts whose letters are words of their own."""


class _Foreign(dict[int, str]):
    """What each non-ASCII character becomes; filled as characters are met."""

    def __missing__(self, ordinal: int) -> str:
        char = chr(ordinal)
        category = unicodedata.category(char)
        if char in _IDEOGRAPHIC_STOPS:
            result = ". "
        elif category == "Cf" or char == "\u034f":
            # Zero-width spaces and joiners, soft hyphens, bidi marks: not there for the eye, so not there for us.
            result = ""
        elif category[0] in "LNM":
            unspaced = category[0] == "L" and any(first <= ordinal <= last for first, last in UNSPACED)
            result = f" {char}" if unspaced else char
        else:
            result = " "
        self[ordinal] = result
        return result


_foreign = _Foreign()


def respell(text: str) -> str:
    """A text in which every character that is not ASCII belongs to a word; ASCII stays as it is, but for NUL."""
    if text.isascii():
        return text.replace("\x00", " ") if "\x00" in text else text
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _FOREIGN.sub(lambda run: run[0].translate(_foreign), folded).replace("\x00", " ")


def canonical(text: str) -> bytes:
    """A text as translated bytes: words of lower-case ASCII and UTF-8 bytes, between them bytes of the five classes."""
    # A lone surrogate cannot be encoded; it is not a word either.
    return respell(text).encode("utf-8", "replace").translate(CLASSES)


def words(text: str) -> list[str]:
    """The words of a text in their canonical spelling; letters of scripts without spaces are words of their own."""
    return [word.decode() for word in WORD.findall(canonical(text))]


def count_words(text: str) -> int:
    """The number of words of a text; letters of scripts without spaces count one each."""
    apart = respell(text).encode("utf-8", "replace").translate(_MARKS)
    # Where words begin: a third of the time of making the words, none of which is looked at.
    return apart.count(b" w") + apart.startswith(b"w")


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """A text's words joined by single spaces: two texts that differ in case, punctuation or spacing become one."""
    # Splitting at blanks takes a third of the time of looking for words.
    return b" ".join(respell(text).encode("utf-8", "replace").translate(_WORDS_APART).split()).decode()


def joined(found: Sequence[str]) -> str:
    """Words as one text: spaces between them, but none between letters that are words of their own.

    Such spaces would make a half of the text, and any two texts alike in it.
    """
    text = " ".join(found)
    return text if text.isascii() else _LONE_LETTER.sub(r"\1", text)


def sentences(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a text stand: (start, end) in its own characters, white space trimmed off.

    As many as `fingerprint` finds and in their order: a stretch without a word is no sentence.
    """
    if text.isascii():
        data, origin = canonical(text), None
    else:
        # Character by character, to know which one each canonical byte came from.
        pieces = [canonical(char) for char in text]
        data = b"".join(pieces)
        origin = [index for index, piece in enumerate(pieces) for _ in piece]
    found = []
    start = 0
    for end in [*(match.end() for match in _CUT.finditer(data)), len(data)]:
        if WORD.search(data, start, end):
            first = origin[start - 1] + 1 if origin and start else start
            last = origin[end - 1] + 1 if origin else end
            piece = text[first:last]
            found.append((first + len(piece) - len(piece.lstrip()), first + len(piece.rstrip())))
        start = end
    return found


_CUT = lazy_pattern(_SENTENCE_END + rb"\x03?")
