"""Byte offsets to code points, against what Python's own codec says."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from postlint.readers.offsets import code_points


@given(st.text(max_size=40).map(lambda part: part * 20), st.integers(0, 1000))
@example("\xbf\xff\u07ff\uffff\U0010ffff" * 100, 7)
@example("plain", 3)
def test_every_character(text: str, base: int) -> None:
    offset = code_points(text, base)
    byte = 0
    for number, character in enumerate(text):
        assert offset[byte] == base + number
        byte += len(character.encode())
    assert offset[byte] == base + len(text)
