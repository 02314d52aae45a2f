"""Suppression comments: what each form covers, and what it does not."""

from __future__ import annotations

from datetime import date

import pytest

from postlint import readers, suppressions
from postlint.engine import check_sources
from postlint.rules import all_rules
from postlint.settings import Settings
from postlint.silenced import Silenced
from postlint.violations import Finding, Report

AS_OF = date(2026, 11, 20)


def silenced(source: str) -> Silenced:
    return Silenced(suppressions.find(source), all_rules())


def covered(source: str, code: str, text: str) -> bool:
    """Whether a violation that stands on a text of the source is suppressed."""
    start = source.index(text)
    return silenced(source).covers(Finding(start, start + len(text)), code)


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
    assert list(silenced(BLOCKS).unknown()) == []
    assert not covered("<!-- postlint: ignore BP001 -- not for BP002 -->\nblock\n", "BP002", "block")


def test_file_comment_covers_everything() -> None:
    source = "---\ntitle: x\n---\n\nfirst\n\n<!-- postlint: ignore-file REV -->\n\nlast"
    assert covered(source, "REV001", "title")
    assert covered(source, "REV010", "last")
    assert not covered(source, "BP001", "last")
    # A violation of a file as a whole stands at its start and is empty.
    assert silenced(source).covers(Finding(0, 0), "REV001")


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
    assert silenced(source).covers(Finding(end, end), "MET003")


def test_comment_in_a_code_block_is_an_example() -> None:
    source = "~~~~\n<!-- postlint: ignore-file ALL -->\n~~~\nblock\n~~~~\n\nafter\n"
    assert suppressions.find(source) == ()


@pytest.mark.parametrize("selector", ["REV001", "rev001", "needs-human-review", "REV", "ALL"])
def test_rules_are_named_as_in_the_configuration(selector: str) -> None:
    assert covered(f"<!-- postlint: ignore {selector} -->\nblock\n", "REV001", "block")


def test_what_means_no_rule_is_told() -> None:
    source = "<!-- postlint: ignore BP001, XYZ9 -->\nblock\n\n<!-- postlint: ignore-file -->\n"
    found = list(silenced(source).unknown())
    assert [selector for _, selector in found] == ["XYZ9", ""]
    request = found[0][0]
    assert source[request.start : request.end] == "<!-- postlint: ignore BP001, XYZ9 -->"
    assert covered(source, "BP001", "block")
    assert not covered(source, "BP002", "block")


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
    assert suppressions.find(source) == ()


@pytest.mark.parametrize(
    ("words", "selectors"),
    [
        (" BP001 the licence asks for these words", ("BP001",)),
        (" BP001: the law, as it stands", ("BP001",)),
        (" BP001, REV -- both, on purpose", ("BP001", "REV")),
        (" BP001 REV010 quoted", ("BP001", "REV010")),
        (" BP001,REV010", ("BP001", "REV010")),
        (" repeated-paragraph well-known", ("repeated-paragraph",)),
        (" -- no rule at all", ()),
        ("", ()),
    ],
)
def test_a_reason_needs_no_mark(words: str, selectors: tuple[str, ...]) -> None:
    assert suppressions.selectors_of(words) == selectors


RANGE = """\
first

<!-- postlint: disable BP001, REV the words of the law -->
second

- third

<!-- postlint: enable BP001 -->
fourth

{/* postlint: enable */}
fifth
"""


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("first", set()),
        ("second", {"BP001", "REV010"}),
        ("third", {"BP001", "REV010"}),
        ("fourth", {"REV010"}),
        ("fifth", set()),
    ],
)
def test_what_is_disabled_is_so_up_to_its_enabling(text: str, codes: set[str]) -> None:
    for source in (RANGE, RANGE.replace("\n", "\r\n")):
        assert {code for code in ("BP001", "BP002", "REV010") if covered(source, code, text)} == codes


def test_one_rule_of_a_family_can_be_enabled_again_and_the_end_is_an_end() -> None:
    source = "<!-- postlint: disable BP -->\none\n\n<!-- postlint: enable BP001 -->\n\ntwo\n"
    assert covered(source, "BP001", "one")
    assert not covered(source, "BP001", "two")
    assert covered(source, "BP002", "two")
    again = source + "\n<!-- postlint: disable BP001 -->\n\nthree"
    assert not covered(again, "BP001", "two")
    assert covered(again, "BP001", "three")


def test_disabling_begins_at_the_comment() -> None:
    assert not covered("one <!-- postlint: disable BP001 --> two\n", "BP001", "one")
    assert covered("one <!-- postlint: disable BP001 --> two\n", "BP001", "two")


FLAGGED = {
    "post.md": "---\npostlint:\n  ignore: [REV001]\nneeds_review: true\n---\nTODO: all of it.\n",
    "flow.md": "---\npostlint: {ignore: 'REV001, IMG'}\nneeds_review: true\n---\nTODO: all of it.\n",
    "toml.md": '+++\nneeds_review = true\n[postlint]\nignore = ["REV001"]\n+++\nTODO: all of it.\n',
    "json.md": '{\n"needs_review": true,\n"postlint": {"ignore": ["needs-human-review"]}\n}\n\nTODO: all of it.\n',
}


@pytest.mark.parametrize("path", FLAGGED)
def test_front_matter_speaks_for_its_post(path: str) -> None:
    report = linted({path: FLAGGED[path]}, "REV001", "REV010", "FMT009", "FMT010")
    assert [violation.code for violation in report.violations] == ["REV010"]
    assert report.suppressed == 1


@pytest.mark.parametrize(
    ("lines", "messages"),
    [
        ("postlint:\n  ignor: [REV001]", ['"ignor" is no key of postlint; did you mean "ignore"?']),
        ("postlint: REV001", ['"" is no key of postlint']),
        ("postlint:\n  ignore: [REV901]", ['there is no rule "REV901"; did you mean "REV016"?']),
        ("postlint:\n  ignore: []", []),
        ("postlint:\n  ignore: {REV001: why}", ['"ignore.REV001" is no key of postlint; did you mean "ignore"?']),
    ],
)
def test_front_matter_that_means_nothing_is_told(lines: str, messages: list[str]) -> None:
    report = linted({"post.md": f"---\n{lines}\n---\nText.\n"}, "FMT009", "FMT010")
    found = [violation.message.partition(": ")[2] for violation in report.violations]
    assert found == messages


def linted(sources: dict[str, str], *codes: str, **more: object) -> Report:
    return check_sources(sources, Settings(codes=tuple(sorted(codes)), as_of=AS_OF, **more))  # type: ignore[arg-type]


COPIED = "The same twelve words stand here and there, and nobody has written them twice."


def test_a_suppressed_post_is_still_the_original_of_another() -> None:
    sources = {
        "heron.md": f"<!-- postlint: ignore-file BP -->\n\n{COPIED}\n",
        "walnut.md": f"{COPIED}\n",
    }
    report = linted(sources, "BP001")
    (violation,) = report.violations
    assert violation.path == "walnut.md"
    assert [related.path for related in violation.related] == ["heron.md"]
    assert report.suppressed == 1


def test_unused_is_told_of_rules_that_were_run_alone() -> None:
    sources = {"a.md": "<!-- postlint: ignore REV010 -->\nNothing to do.\n"}
    assert messages(linted(sources, "REV010", "FMT010")) == ["there is nothing to suppress: REV010"]
    assert messages(linted(sources, "REV011", "FMT010")) == []
    ignoring = {"per_file_ignores": (("a.md", frozenset({"REV010"})),)}
    assert messages(linted(sources, "REV010", "FMT010", **ignoring)) == []
    family = {"a.md": "<!-- postlint: ignore REV -->\nNothing to do.\n"}
    assert messages(linted(family, "REV010", "FMT010")) == []
    every = [code for code in all_rules() if code.startswith("REV")]
    assert messages(linted(family, *every, "FMT010")) == ["there is nothing to suppress: REV"]


def test_unused_is_told_of_comparisons_where_there_was_something_to_compare() -> None:
    alone = {"a.md": f"<!-- postlint: ignore BP001 -->\n{COPIED}\n"}
    assert messages(linted(alone, "BP001", "FMT010")) == []
    other = {**alone, "b.md": "Other words.\n"}
    assert messages(linted(other, "BP001", "FMT010")) == ["there is nothing to suppress: BP001"]
    copied = {**alone, "b.md": f"{COPIED}\n"}
    assert [violation.code for violation in linted(copied, "BP001", "FMT010").violations] == ["BP001"]


def test_a_comment_about_what_another_rule_outranks_is_of_use() -> None:
    sources = {"a.md": "---\nlast_reviewed: 2099-01-01  # postlint: ignore DAT010\n---\nText.\n"}
    report = linted(sources, "DAT001", "DAT010", "FMT010")
    assert [violation.code for violation in report.violations] == ["DAT001"]


def test_one_comment_is_one_finding() -> None:
    sources = {"a.md": "<!-- postlint: ignore REV010, REV011 -->\nNothing to do.\n"}
    (message,) = messages(linted(sources, "REV010", "REV011", "FMT010"))
    assert message == "there is nothing to suppress: REV010, REV011"


def test_findings_about_suppressions_can_be_suppressed() -> None:
    sources = {"a.md": "<!-- postlint: ignore-file FMT009, FMT010 -->\n\n<!-- postlint: ignore X9, REV010 -->\nText\n"}
    report = linted(sources, "REV010", "FMT009", "FMT010")
    assert messages(report) == []


def test_a_key_of_that_name_is_no_unknown_key() -> None:
    assert messages(linted({"a.md": FLAGGED["post.md"]}, "FMT008")) == []


def messages(report: Report) -> list[str]:
    return [violation.message for violation in report.violations]


def test_a_source_without_the_mark_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suppressions, "Lines", None)
    (post,) = readers.read("a.md", b"---\ntitle: A\n---\n# postpone: lint\n")
    assert suppressions.of_post(post) == ()
