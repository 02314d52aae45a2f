"""UTF-8 byte offsets to code points: what a parser written in another language counts, and what a Post counts."""

from __future__ import annotations

from typing import Protocol

_CONTINUATION = bytes(range(0x80, 0xC0))
_SHIFT = 8
_STEP = 1 << _SHIFT


class Offsets(Protocol):
    """Gives the code point offset of a byte offset; `range` does so for text that is ASCII."""

    def __getitem__(self, byte: int, /) -> int: ...


class _Counted:
    """Counts of the characters before every 256th byte; the rest is counted when it is asked for."""

    __slots__ = ("_before", "_data")

    def __init__(self, text: str, base: int) -> None:
        data = text.encode()
        before = base
        self._data = data
        self._before = [before]
        for start in range(0, len(data), _STEP):
            before += len(data[start : start + _STEP].translate(None, _CONTINUATION))
            self._before.append(before)

    def __getitem__(self, byte: int, /) -> int:
        chunk = byte >> _SHIFT
        return self._before[chunk] + len(self._data[chunk << _SHIFT : byte].translate(None, _CONTINUATION))


def code_points(text: str, base: int) -> Offsets:
    """For each byte offset of a text's UTF-8 form, and one past its end: the code point offset, plus `base`."""
    if text.isascii():
        return range(base, base + len(text) + 1)
    return _Counted(text, base)
