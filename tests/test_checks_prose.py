"""Checks of style and of search: what they refuse, and what the truth tables of their rules can't show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from postlint.checks import phrase_count, text_length
from postlint.engine import check_sources
from postlint.errors import UserError
from postlint.readers import read
from postlint.settings import Settings
from postlint.violations import Violation

AS_OF = date(2026, 11, 20)


def found(code: str, source: str, options: Mapping[str, Any] | None = None) -> list[Violation]:
    settings = Settings(codes=(code,), as_of=AS_OF, options={code: options or {}})
    return list(check_sources({"post.md": source}, settings).violations)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"words": []}, '"words" is a list of words, none of them empty'),
        ({"words": ["delve", " "]}, '"words" is a list of words, none of them empty'),
        ({}, '"patterns" is a list of regular expressions, and there is none'),
        ({"patterns": ["(a"]}, 'the pattern "(a" is not valid'),
        ({"patterns": ["a*"]}, 'the pattern "a*" matches the empty text'),
        # Neither repeats a repetition; together they do.
        ({"patterns": ["(?:{many})+b"], "parts": {"many": "a+"}}, 'the pattern "(?:a+)+b" repeats'),
    ],
)
def test_what_is_counted_must_be_patterns_or_words(parameters: dict[str, Any], reason: str) -> None:
    with pytest.raises(UserError) as error:
        phrase_count.bind({"scopes": ["prose"], **parameters}, AS_OF)
    assert reason in str(error.value)


def test_text_must_be_title_or_summary() -> None:
    with pytest.raises(UserError, match="title or summary, not 'slug'"):
        text_length.bind({"text": "slug", "min": 1, "max": 2}, AS_OF)


def test_a_pattern_with_a_group_of_its_own_counts_as_one() -> None:
    options = {"patterns": ["(a)(b)?c", "d(e)"], "scopes": ["prose"], "min-distinct": 2}
    inspect = phrase_count.bind(options, AS_OF)
    assert list(inspect(read("post.md", b"abc ac aBc")[0])) == []
    assert len(list(inspect(read("post.md", b"abc de")[0]))) == 1


def test_the_first_places_are_related_and_no_more() -> None:
    (violation,) = found("STY001", "a — b — c — d — e — f — g — h\n")
    assert violation.location == (1, 3)
    assert [related.location.column for related in violation.related] == [7, 11, 15, 19]
    assert violation.data["count"] == 7


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("tea", 3),
        (" green   tea ", 9),
        ("café", 4),
        ("cafe\u0301", 4),
        ("x\u0302", 1),
        ("茶", 2),
        ("ﾁｬ", 2),
        ("Ａ", 2),
        ("차", 2),
        ("a\u200bb", 2),
    ],
)
def test_width(text: str, width: int) -> None:
    assert text_length.width(text) == width
