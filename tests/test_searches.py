"""Patterns prepared for many texts: they find what the patterns find, and what they demand stands in every match."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from postlint.checks.searches import Search, Searches, folded, known_of, texts_of
from postlint.patterns import PIECE
from postlint.readers import read

FLAGS = re.MULTILINE | re.IGNORECASE


@pytest.mark.parametrize(
    ("pattern", "literals", "at"),
    [
        ("dodo", (b"dodo",), "anywhere"),
        (r"\bThe (?:old )?dodos? ran\b", (b" ran", b"dodo", b"the "), "anywhere"),
        # Of what may be missing, be repeated or stand otherwise nothing is demanded.
        ("a?b*c+d{0,2}e{3}", (), "anywhere"),
        ("moa|dodo", (), "anywhere"),
        ("(moa|dodo) ran", (b" ran",), "anywhere"),
        ("x[ab]y.z", (b"x", b"y", b"z"), "anywhere"),
        (r"[]|]moa[^]\]]", (b"moa",), "anywhere"),
        (r"\x41\u00e9\U0001f600\N{DIGIT ONE}\101\|moa", (b"moa",), "anywhere"),
        ("a{1,20}{xmo[ab]dodo", (b"dodo", b"xmo"), "anywhere"),
        # A comment may hold a bracket.
        ("^(?#()moa|dodo", (), "anywhere"),
        ("(?x) m o a", (), "anywhere"),
        # Letters that Python knows more forms of than ASCII has.
        ("é", (), "anywhere"),
        ("a(?:b|c)moa", (b"moa", b"a"), "anywhere"),
        ("†日", ("†日".encode(),), "anywhere"),
        (r"\A(?:the )?moa", (b"moa",), "text"),
        ("^moa", (b"moa",), "lines"),
        ("^moa|dodo", (), "anywhere"),
        # Words of the user's may be anything.
        ("(?:{words}) moa", (b" moa",), "anywhere"),
        ("(?:^)moa", (b"moa",), "anywhere"),
    ],
)
def test_what_is_known_of_a_pattern(pattern: str, literals: tuple[bytes, ...], at: str) -> None:
    re.compile(pattern)
    found, where = known_of(pattern, FLAGS)
    assert (set(found), where) == (set(literals), at)
    assert sorted(found, key=len, reverse=True) == list(found)


def test_an_anchor_without_multiline_is_that_of_the_text() -> None:
    assert known_of("^moa", 0)[1] == "text"


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"\Amoa", "moa moa\nmoa", [(0, 3)]),
        ("^moa", "moa moa\nmoa\n\nmoa", [(0, 3), (8, 11), (13, 16)]),
        # What a match takes of the next line does not begin there again; what it ends with a line end does.
        (r"^moa\nd", "moa\nd\nmoa\nd", [(0, 5), (6, 11)]),
        (r"^moa\n", "moa\nmoa\n", [(0, 4), (4, 8)]),
        ("^(?=moa)", "moa\ndodo\nmoa", [(0, 0), (9, 9)]),
        ("^(?:(?=m)|moa)", "moa", [(0, 0), (0, 3)]),
    ],
)
def test_where_anchored_patterns_match(pattern: str, text: str, found: list[tuple[int, int]]) -> None:
    assert Search(pattern, "", FLAGS).spans(text) == found


def test_long_texts_are_searched_in_pieces_as_ever() -> None:
    text = f"m{'x' * PIECE}\nmx"
    # A match that is longer than a piece ends with it.
    assert Search("^mx*", "", FLAGS).spans(text) == [(0, PIECE), (PIECE + 2, PIECE + 4)]


PIECES = [
    *["a", "b", "k", "s", "i", "ab", " ", ":", "é", "日", r"\.", r"\b", r"\x61", r"\n", ".", "[ab]", "[^]a]", r"[\]b]"],
    *[
        "a?",
        "b*",
        "ab+",
        "a{2}",
        "b{0,1}",
        "(?:a|b)",
        "(ab)?",
        "(?=a)",
        "(?<!b)",
        "(?i:A)",
        r"[\W_]{0,2}",
        "|",
        "^",
        "$",
    ],
]


@given(
    st.sampled_from(["", "^", r"\A", "(?s)"]),
    st.lists(st.sampled_from(PIECES), max_size=5),
    st.text(alphabet="abABksiKSIſıİ\u212a .:é日\n", max_size=12),
    st.booleans(),
)
def test_nothing_is_lost(start: str, pieces: list[str], text: str, match_case: bool) -> None:
    flags = re.MULTILINE if match_case else FLAGS
    search = Search(start + "".join(pieces), "", flags)
    assume(re.search(search.text, "", flags) is None)
    expected = [match.span() for match in re.finditer(search.text, text, flags)]
    assert search.spans(text) == expected
    if expected:
        assert all(literal in folded(text) for literal in search.literals)


def test_letters_that_are_the_same_where_case_does_not_count() -> None:
    text = "Aı İſ \u212a É†"
    assert folded(text) == "ai is k É†".encode()
    assert re.fullmatch("ai is k é†", text, re.IGNORECASE)


def test_only_what_may_find_something_is_tried() -> None:
    searches = Searches(["Moa (?:ran|hid) off", "dodo", r"\w"], [], match_case=False)
    assert [search.text for search in searches.possible(folded("A MOA hid, and was home."))] == [r"\w"]
    assert [search.text for search in searches.possible(folded("A MOA hid off."))] == ["Moa (?:ran|hid) off", r"\w"]
    assert searches.blind
    assert not Searches(["moa|dodo", "moa"][1:], [], match_case=False).blind
    assert not Searches([r"\A\w", "^\\d"], [], match_case=False).blind


def test_of_matches_that_overlap_the_first_and_longest_stands() -> None:
    searches = Searches([r"moa\s", "oa ran", "moa ran", "{words}"], ["dodo", "a.b"], match_case=False)
    assert searches.spans("A moa ran. Dodo a.b axb") == [(2, 9), (11, 15), (16, 19)]
    # White space at the ends is no part of it.
    assert searches.spans("moa ") == [(0, 3)]
    assert Searches(["{words}"], [], match_case=False).spans("words") == []


def test_texts_of_a_post() -> None:
    (post,) = read("post.md", b"# A Moa\n\nThe DODO\n\n- ran\n\nand `hid`.\n")
    texts = texts_of(post, frozenset({"paragraph", "heading"}))
    assert [block.text for block in texts.blocks] == ["A Moa", "The DODO", "and hid."]
    assert texts.folded(texts.blocks[1]) == b"the dodo"
    assert texts.whole() == b"a moa\nthe dodo\nand hid."
