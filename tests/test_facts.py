"""What posts contribute to a comparison, taken many at a time: it must be what each post alone would say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postlint.canonical import count_words, folded, words
from postlint.facts import line_starts
from postlint.post import Block, Lines
from postlint.rows import code_row

TEXTS = st.text(st.sampled_from("ab \t\r\n\x0b\x0c\x85\u2028é中🍵'.-_\u200b\ud800\x00"), max_size=30)


@given(st.lists(TEXTS, max_size=5))
def test_rows_start_where_those_of_each_text_do(texts: list[str]) -> None:
    starts, counts = line_starts(texts)
    lines = [Lines(text) for text in texts]
    assert counts.tolist() == [len(found) for found in lines]
    assert starts.tolist() == [found.row_start(row + 1) for found in lines for row in range(len(found))]


@given(TEXTS)
def test_words_are_counted_and_joined_as_they_are_found(text: str) -> None:
    assert count_words(text) == len(words(text))
    assert folded(text) == " ".join(words(text))


@pytest.mark.parametrize(
    ("code", "lines"), [("a\nb", 2), ("a  \n\n \t\nb\n", 2), ("", 0), (" \n ", 0), ("a\u3000\n\x0cb", 2)]
)
def test_blank_lines_of_code_do_not_count(code: str, lines: int) -> None:
    assert code_row(3, Block("code", code, 7, 9))[1:] == (3, 7, 9, lines)


def test_white_space_at_the_ends_of_lines_of_code_does_not_count() -> None:
    codes = ("a\n  b", "a \n  b\t", "\na\n  b\n\n", "a\u3000\n  b")
    keys = {code_row(0, Block("code", code, 0, 1))[0] for code in codes}
    assert len(keys) == 1
    assert code_row(0, Block("code", "a\nb", 0, 1))[0] not in keys
