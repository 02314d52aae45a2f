"""UTF-8 byte offsets to code points: what a parser written in another language counts, and what a Post counts."""

from __future__ import annotations

from typing import Protocol

_CONTINUATION = bytes(range(0x80, 0xC0))
_SHIFT = 10
_STEP = 1 << _SHIFT


class Offsets(Protocol):
    """Gives the code point offset of a byte offset; `range` does so for text that is ASCII."""

    def __getitem__(self, byte: int, /) -> int: ...


class _Counted:
    """Counts on from what was asked for last: the next is nearly always near. Farther ones start from a table."""

    __slots__ = ("_at", "_base", "_before", "_byte", "_data")

    def __init__(self, text: str, base: int) -> None:
        self._data = text.encode()
        self._base = base
        self._before: list[int] = []
        self._byte = 0
        self._at = base

    def __getitem__(self, byte: int, /) -> int:
        known = self._byte
        if known <= byte <= known + _STEP:
            at = self._at + len(self._data[known:byte].translate(None, _CONTINUATION))
        elif known - _STEP <= byte < known:
            at = self._at - len(self._data[byte:known].translate(None, _CONTINUATION))
        else:
            chunk = byte >> _SHIFT
            at = self._table()[chunk] + len(self._data[chunk << _SHIFT : byte].translate(None, _CONTINUATION))
        self._byte = byte
        self._at = at
        return at

    def _table(self) -> list[int]:
        """The characters before every so many bytes."""
        if not self._before:
            before = self._base
            self._before.append(before)
            for start in range(0, len(self._data), _STEP):
                before += len(self._data[start : start + _STEP].translate(None, _CONTINUATION))
                self._before.append(before)
        return self._before


def code_points(text: str, base: int) -> Offsets:
    """For each byte offset of a text's UTF-8 form, and one past its end: the code point offset, plus `base`."""
    if text.isascii():
        return range(base, base + len(text) + 1)
    return _Counted(text, base)
