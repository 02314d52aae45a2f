"""Suppression comments: what each form covers, and what it does not."""

from __future__ import annotations

import pytest

from postlint import suppressions


def covered(source: str, code: str, text: str) -> bool:
    """Whether a violation that stands on a text of the source is suppressed."""
    start = source.index(text)
    return suppressions.find(source).covers(code, start, start + len(text))


BLOCKS = """\
# Title

before

<!-- postlint: ignore BP001, REV010 -- the licence says so -->
first row
second row

after
"""


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("first row", "BP001", True),
        ("second row", "BP001", True),
        ("first row", "REV010", True),
        ("first row", "BP002", False),
        ("before", "BP001", False),
        ("after", "BP001", False),
    ],
)
def test_comment_on_its_own_line_covers_the_next_block(text: str, code: str, expected: bool) -> None:
    assert covered(BLOCKS, code, text) is expected
    assert covered(BLOCKS.replace("\n", "\r\n"), code, text) is expected


def test_blank_line_between_comment_and_block_is_allowed() -> None:
    assert covered("<!-- postlint: ignore BP001 -->\n\nblock\n\nother\n", "BP001", "block")
    assert not covered("<!-- postlint: ignore BP001 -->\n\nblock\n\nother\n", "BP001", "other")


def test_comments_stack() -> None:
    source = "<!-- postlint: ignore BP001 -->\n<!-- postlint: ignore BP002 -->\nblock\n"
    assert covered(source, "BP001", "block")
    assert covered(source, "BP002", "block")


def test_comment_before_a_fence_covers_the_whole_code_block() -> None:
    source = "<!-- postlint: ignore BP011 -->\n```\none\n\ntwo\n```\n\nthree\n"
    assert covered(source, "BP011", "two")
    assert not covered(source, "BP011", "three")


def test_comment_in_a_line_covers_its_block() -> None:
    source = "other\n\nfirst row\nsecond row <!-- postlint: ignore BP001 -->\nthird row\n\nlast\n"
    assert covered(source, "BP001", "first row")
    assert covered(source, "BP001", "third row")
    assert not covered(source, "BP001", "other")
    assert not covered(source, "BP001", "last")


def test_block_ends_where_a_code_block_stands_before_it() -> None:
    source = "```\ncode\n```\ntext <!-- postlint: ignore BP -->\n"
    assert covered(source, "BP001", "text")
    assert not covered(source, "BP011", "code")


def test_words_after_the_dashes_are_for_people() -> None:
    assert suppressions.find(BLOCKS).unknown == ()
    assert not covered("<!-- postlint: ignore BP001 -- not for BP002 -->\nblock\n", "BP002", "block")


def test_file_comment_covers_everything() -> None:
    source = "---\ntitle: x\n---\n\nfirst\n\n<!-- postlint: ignore-file REV -->\n\nlast"
    assert covered(source, "REV001", "title")
    assert covered(source, "REV010", "last")
    assert not covered(source, "BP001", "last")
    # A violation of a file as a whole stands at its start and is empty.
    assert suppressions.find(source).covers("REV001", 0, 0)


def test_mdx_comment() -> None:
    source = "{/* postlint: ignore BP001 -- on purpose */}\nblock\n\nother\n"
    assert covered(source, "BP001", "block")
    assert not covered(source, "BP001", "other")


FRONT_MATTER = """\
---
status: draft  # postlint: ignore REV001 -- reviewed elsewhere
# postlint: ignore MET010
views: many
date: 2026-01-01
---

status and views in the body # postlint: ignore BP001
"""


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("draft", "REV001", True),
        ("draft", "MET010", False),
        ("many", "MET010", True),
        ("2026-01-01", "MET010", False),
        ("2026-01-01", "REV001", False),
        ("status and", "BP001", False),
    ],
)
def test_front_matter_comment_covers_its_line_or_the_next(text: str, code: str, expected: bool) -> None:
    assert covered(FRONT_MATTER, code, text) is expected


def test_toml_front_matter_comment() -> None:
    source = '+++\nviews = "many" # postlint: ignore MET010\n+++\n\nbody\n'
    assert covered(source, "MET010", '"many"')


def test_value_with_a_hash_is_no_comment() -> None:
    assert not covered("---\ntitle: C#postlint: ignore REV001\n---\n", "REV001", "title")


def test_empty_value_at_the_end_of_a_line_is_covered() -> None:
    source = "---\n# postlint: ignore MET003\nviews:\n---\n"
    end = source.index("views:") + len("views:")
    assert suppressions.find(source).covers("MET003", end, end)


def test_comment_in_a_code_block_is_an_example() -> None:
    source = "~~~~\n<!-- postlint: ignore-file ALL -->\n~~~\nblock\n~~~~\n\nafter\n"
    assert suppressions.find(source) == suppressions.NONE


@pytest.mark.parametrize("selector", ["REV001", "rev001", "needs-human-review", "REV", "ALL"])
def test_rules_are_named_as_in_the_configuration(selector: str) -> None:
    assert covered(f"<!-- postlint: ignore {selector} -->\nblock\n", "REV001", "block")


def test_what_means_no_rule_is_told() -> None:
    source = "<!-- postlint: ignore BP001 XYZ9 -->\nblock\n\n<!-- postlint: ignore-file -->\n"
    found = suppressions.find(source)
    assert [unknown.selector for unknown in found.unknown] == ["XYZ9", ""]
    start, end = found.unknown[0][1:]
    assert source[start:end] == "<!-- postlint: ignore BP001 XYZ9 -->"
    assert covered(source, "BP001", "block")
    assert not found.covers("BP002", 0, 1)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "plain",
        "I like postlint: it ignores BP001.",
        "<!-- postlint: ignored BP001 -->\nblock",
        "<!-- postlint: ignore",
    ],
)
def test_nothing_is_suppressed_by_accident(source: str) -> None:
    assert suppressions.find(source).ranges == ()


def test_only_the_mark_makes_it_look_closer() -> None:
    assert suppressions.find("x" * 1000) is suppressions.NONE
