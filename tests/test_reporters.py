"""Reporters: the exact form of each format, on reports made by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from postlint import reporters
from postlint.post import Lines, Location
from postlint.reporters import full, next_steps, statistics
from postlint.reporters.terminal import summary, visible, width
from postlint.violations import Cluster, RelatedLocation, Report, Severity, Violation

SCHEMA = json.loads((Path(reporters.__file__).parents[1] / "schema" / "report.schema.json").read_text(encoding="utf-8"))

FLAG = Violation(
    code="REV001",
    name="needs-human-review",
    severity=Severity.ERROR,
    message="needs_review is set: yes",
    path="posts/a.md",
    post="A",
    number=0,
    location=Location(3, 15),
    end_location=Location(3, 18),
    quote="yes",
    help="Review the post.",
    data={"value": "yes", "key": "needs_review"},
    related=(RelatedLocation("posts/b.md", Location(7, 1), Location(7, 9), "also here"),),
    fingerprint="0123456789abcdef",
    url="https://example.org/rules#rev001",
)
SOURCE = "---\ntitle: A\nneeds_review: yes\n---\n\nBody.\n"


def report(*violations: Violation, **changes: object) -> Report:
    made = Report(date(2026, 11, 20), files=2, posts=2, violations=violations)
    return replace(made, **changes)  # type: ignore[arg-type]


def rendered(form: str, made: Report, source: str | None = SOURCE, *, colour: bool = False) -> str:
    return "".join(reporters.render(form, made, lambda path, number: None if source is None else Lines(source), colour))


def excerpt(source: str, start: tuple[int, int], end: tuple[int, int]) -> list[str]:
    """The source line and the carets of the full format."""
    violation = replace(FLAG, location=Location(*start), end_location=Location(*end), related=())
    return rendered("full", report(violation), source).splitlines()[5:7]


def test_concise_is_one_line_a_violation() -> None:
    assert rendered("concise", report(FLAG)) == (
        "posts/a.md:3:15: error REV001 needs_review is set: yes [needs-human-review]\n"
    )


def test_concise_colours_the_code_by_severity() -> None:
    assert "\x1b[31mREV001\x1b[0m" in rendered("concise", report(FLAG), colour=True)
    warning = replace(FLAG, severity=Severity.WARNING)
    assert "\x1b[33mREV001\x1b[0m" in rendered("concise", report(warning), colour=True)
    assert "\x1b" not in rendered("concise", report(FLAG))


def test_full_shows_source_caret_related_places_and_help() -> None:
    assert rendered("full", report(FLAG)) == (
        "posts/a.md: A (1 error)\n"
        "\n"
        "error REV001 needs_review is set: yes [needs-human-review]\n"
        " --> posts/a.md:3:15\n"
        "  |\n"
        "3 | needs_review: yes\n"
        "  |               ^^^\n"
        "  = also here: posts/b.md:7:1\n"
        "  = help: Review the post.\n"
        "\n"
    )


@pytest.mark.parametrize(
    ("source", "start", "end", "shown"),
    [
        ("漢字 is 漢\n", (1, 7), (1, 8), ["1 | 漢字 is 漢", "  |         ^^"]),
        ("\tone\ttwo\n", (1, 6), (1, 9), ["1 |     one    two", "  |            ^^^"]),
        ("cafe\u0301 bad\n", (1, 7), (1, 10), ["1 | cafe\u0301 bad", "  |      ^^^"]),
        ("a\x1b[2Jb bad\n", (1, 8), (1, 11), ["1 | a\\x1b[2Jb bad", "  |           ^^^"]),
        ("one\ntwo\nthree\n", (1, 2), (3, 2), ["1 | one", "  |  ^^ to row 3"]),
        ("", (1, 1), (1, 1), ["1 |", "  | ^"]),
    ],
    ids=["wide", "tab", "combining", "escape", "rows", "empty"],
)
def test_caret_stands_under_the_span(
    source: str, start: tuple[int, int], end: tuple[int, int], shown: list[str]
) -> None:
    assert excerpt(source, start, end) == shown


def test_long_line_is_shortened_around_the_span() -> None:
    source = "x" * 500 + "BAD" + "y" * 500 + "\n"
    line, carets = excerpt(source, (1, 501), (1, 504))
    # 20 characters of lead after the ellipsis; 100 columns in all, then an ellipsis.
    assert line == "1 | …" + "x" * 20 + "BAD" + "y" * 76 + "…"
    assert carets == "  | " + " " * 21 + "^^^"


def test_long_span_is_cut_at_the_width() -> None:
    line, carets = excerpt("z" * 300 + "\n", (1, 1), (1, 301))
    assert line == "1 | " + "z" * 100 + "…"
    assert carets == "  | " + "^" * 100


def test_full_without_a_source_has_no_excerpt() -> None:
    made = rendered("full", report(FLAG), None)
    assert made.splitlines()[3:5] == [" --> posts/a.md:3:15", "  = also here: posts/b.md:7:1"]
    # A file that has become shorter since it was read.
    assert "needs" not in "".join(rendered("full", report(FLAG), "x\n").splitlines()[4:])


def test_full_names_each_post_once_with_what_is_in_it() -> None:
    info = replace(FLAG, severity=Severity.INFO)
    other, untitled = replace(FLAG, path="posts/b.md", post="B"), replace(FLAG, path="posts/b.md", number=1, post="")
    lines = rendered("full", report(FLAG, info, info, other, untitled)).splitlines()
    assert [line for line in lines if line.startswith("posts/")] == [
        "posts/a.md: A (1 error, 2 infos)",
        "posts/b.md: B (1 error)",
        "posts/b.md#1 (1 error)",
    ]
    assert [line[:12] for line in lines if "REV001" in line] == ["error REV001", "info REV001 ", "info REV001 "] + [
        "error REV001"
    ] * 2


def test_full_leads_to_files_and_rules_where_there_are_addresses() -> None:
    made = "".join(
        full.render(report(FLAG), lambda path, number: Lines(SOURCE), False, lambda path: f"file://h/{path}")
    )
    assert "--> \x1b]8;;file://h/posts/a.md\x1b\\posts/a.md:3:15\x1b]8;;\x1b\\\n" in made
    assert "also here: \x1b]8;;file://h/posts/b.md\x1b\\posts/b.md:7:1\x1b]8;;\x1b\\\n" in made
    assert " \x1b]8;;https://example.org/rules#rev001\x1b\\[needs-human-review]\x1b]8;;\x1b\\\n" in made
    assert made.count("\x1b]8;;") == 6
    # A rule of the user's own has no page, and nothing may end an address early.
    for url in ("", "https://example.org/\x1b\\", "https://example.org/\u202e"):
        made = "".join(
            full.render(report(replace(FLAG, url=url)), lambda path, number: None, False, lambda path: "file:x")
        )
        assert made.count("\x1b]8;;") == 4, url
    assert "\x1b" not in rendered("full", report(FLAG))


def test_next_steps_name_the_worst_post_the_gravest_rule_and_a_pair() -> None:
    info = replace(FLAG, code="BP001", severity=Severity.INFO)
    warning = replace(FLAG, code="ND003", severity=Severity.WARNING, path="a b.md", related=FLAG.related)
    other = replace(FLAG, path="posts/c.md")
    assert "".join(next_steps.render(report(info, info, warning, other, info))) == (
        "Begin with posts/c.md (1 error).\n"
        "`postlint rule REV001` shows why REV001 is reported (1 of 5), and what to do.\n"
        "`postlint compare 'a b.md' posts/b.md` shows what the two posts share, side by side.\n"
    )
    assert "".join(next_steps.render(report(info, info))) == (
        "`postlint rule BP001` shows why BP001 is reported (2 of 2), and what to do.\n"
        "`postlint compare posts/a.md posts/b.md` shows what the two posts share, side by side.\n"
    )
    assert "".join(next_steps.render(report())) == ""


def test_next_steps_offer_no_comparison_that_cannot_be_typed_or_has_no_sense() -> None:
    text = replace(FLAG, code="BP001")
    within = replace(text, related=(FLAG.related[0]._replace(path=text.path),))
    for violation in (FLAG, within, replace(text, related=()), replace(text, path="a\x1b[2J.md")):
        made = "".join(next_steps.render(report(violation)))
        assert "compare" not in made
        assert "\x1b" not in made
    assert "compare ./-a.md " in "".join(next_steps.render(report(replace(text, path="-a.md"))))


def test_next_steps_name_posts_of_a_file_of_many_by_number() -> None:
    other = FLAG.related[0]._replace(path=FLAG.path, number=3)
    made = "".join(next_steps.render(report(replace(FLAG, code="BP001", number=1, related=(other,)))))
    assert "`postlint compare 'posts/a.md#1' 'posts/a.md#3'` shows" in made
    later = replace(FLAG, number=4, severity=Severity.ERROR)
    info = replace(FLAG, severity=Severity.INFO)
    assert "Begin with posts/a.md#4 (1 error).\n" in "".join(next_steps.render(report(info, later)))
    same = other._replace(number=1)
    assert "compare" not in "".join(next_steps.render(report(replace(FLAG, code="BP001", number=1, related=(same,)))))


def test_full_lists_five_related_places() -> None:
    many = replace(FLAG, related=FLAG.related * 7)
    lines = rendered("full", report(many)).splitlines()
    assert sum("also here" in line for line in lines) == 5
    assert "  = and 2 more" in lines


@pytest.mark.parametrize(
    "character",
    ["\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\u200b", "\u2028", "\ufeff", "\U000e0041", "\ud800", "\n"],
)
@pytest.mark.parametrize("form", ["concise", "full"])
def test_hostile_characters_are_made_visible(form: str, character: str) -> None:
    text = f"a{character}b"
    hostile = replace(FLAG, message=text, path=f"{text}.md", help=text, related=(FLAG.related[0]._replace(path=text),))
    made = rendered(form, report(hostile), f"1\n2\nneeds_review: {text}\n")
    shown = made.replace("\n", "")
    assert character not in shown
    assert "\\" in shown
    made.encode("utf-8")


def test_ordinary_characters_stay() -> None:
    text = "naïve – “日本語” مرحبا 👩\u200d🔬 é"
    assert visible(text) == text


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("", 0), ("ﾊ", 1)])
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


def test_json_has_the_keys_of_its_schema_in_order() -> None:
    cluster = Cluster("abc", "near-duplicate", ("posts/a.md", "posts/b.md"), 0.912345)
    info = replace(FLAG, code="BP001", severity=Severity.INFO, path="posts/b.md")
    made = json.loads(rendered("json", report(FLAG, info, FLAG, clusters=(cluster,), suppressed=4, files=3)))
    jsonschema.validate(made, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert list(made) == ["schema_version", "postlint_version", "as_of", "summary", "violations", "clusters"]
    assert made["as_of"] == "2026-11-20"
    assert made["summary"] == {
        "files": 3,
        "posts": 2,
        "posts_with_violations": 2,
        "violations": 3,
        "by_severity": {"error": 2, "warning": 0, "info": 1},
        "by_code": {"BP001": 1, "REV001": 2},
        "suppressed": 4,
        "baselined": 0,
    }
    assert list(made["summary"]["by_code"]) == ["BP001", "REV001"]
    assert list(made["violations"][0]) == [
        "code", "name", "severity", "message", "path", "post", "location", "end_location", "quote", "help", "data",
        "related", "fix", "url", "fingerprint",
    ]  # fmt: skip
    assert made["violations"][0]["location"] == {"row": 3, "column": 15}
    assert made["violations"][0]["fix"] is None
    assert list(made["violations"][0]["data"]) == ["key", "value"]
    assert made["violations"][0]["related"] == [
        {
            "path": "posts/b.md",
            "location": {"row": 7, "column": 1},
            "end_location": {"row": 7, "column": 9},
            "message": "also here",
        }
    ]
    assert made["clusters"] == [
        {
            "id": "abc",
            "kind": "near-duplicate",
            "size": 2,
            "posts": ["posts/a.md", "posts/b.md"],
            "similarity": 0.9123,
        }
    ]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("violations", 0, "severity"), "fatal"),
        (("violations", 0, "location", "row"), 0),
        (("violations", 0, "extra"), 1),
        (("summary", "posts"), -1),
        (("schema_version",), 2),
        (("violations", 0, "fingerprint"), "short"),
    ],
)
def test_schema_refuses_what_is_wrong(path: tuple[str | int, ...], value: object) -> None:
    made = json.loads(rendered("json", report(FLAG)))
    target = made
    for part in path[:-1]:
        target = target[part]
    target[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(made, SCHEMA, cls=jsonschema.Draft202012Validator)


def test_json_of_nothing_found_is_an_object_too() -> None:
    made = json.loads(rendered("json", report()))
    jsonschema.validate(made, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert made["violations"] == []
    assert made["clusters"] == []


@pytest.mark.parametrize("form", ["json", "json-lines"])
def test_json_is_ascii_whatever_a_post_holds(form: str) -> None:
    odd = replace(FLAG, message="日本 \ud800 \x1b \u2028", path="caf\udce9.md", post="\U0001f600")
    made = rendered(form, report(odd))
    assert made.isascii()
    assert "\x1b" not in made
    loaded = json.loads(made)
    violation = loaded if form == "json-lines" else loaded["violations"][0]
    assert violation["message"] == odd.message
    assert violation["path"] == odd.path


def test_json_data_may_hold_what_checks_find() -> None:
    data = {
        "day": date(2026, 1, 2),
        "list": (1, "x"),
        "ratio": 0.123456,
        "none": None,
        "odd": float("inf"),
        "set": {2, 1},
    }
    made = json.loads(rendered("json", report(replace(FLAG, data=data))))
    assert made["violations"][0]["data"] == {
        "day": "2026-01-02",
        "list": [1, "x"],
        "none": None,
        "odd": None,
        "ratio": 0.1235,
        "set": [1, 2],
    }


def test_json_does_not_depend_on_the_order_of_data() -> None:
    turned = replace(FLAG, data=dict(reversed(FLAG.data.items())))
    assert rendered("json", report(FLAG)) == rendered("json", report(turned))


def test_json_lines_are_the_violations_of_the_object() -> None:
    other = replace(FLAG, code="REV002")
    lines = rendered("json-lines", report(FLAG, other)).splitlines()
    assert [json.loads(line) for line in lines] == json.loads(rendered("json", report(FLAG, other)))["violations"]
    assert rendered("json-lines", report()) == ""


def test_statistics_count_by_rule_the_most_frequent_first() -> None:
    other = replace(FLAG, code="BP001", name="repeated-paragraph", severity=Severity.INFO)
    elsewhere = replace(other, path="posts/b.md")
    assert "".join(statistics.render(report(FLAG, *[other] * 9, elsewhere), colour=False)) == (
        "violations  posts  rule    severity  name\n"
        "        10      2  BP001   info      repeated-paragraph\n"
        "         1      1  REV001  error     needs-human-review\n"
    )
    assert "".join(statistics.render(report(), colour=False)) == ""


def test_summary_says_how_many_where() -> None:
    warning = replace(FLAG, severity=Severity.WARNING, path="posts/b.md")
    assert summary(report(FLAG, warning, warning), colour=False) == (
        "Found 3 violations (1 error, 2 warnings) in 2 of 2 posts."
    )
    assert summary(report(FLAG, posts=1, files=1), colour=False) == "Found 1 violation (1 error) in 1 of 1 post."
    assert summary(report(FLAG, posts=1, files=3), colour=False) == (
        "Found 1 violation (1 error) in 1 post or unreadable file; read 1 post in 3 files."
    )
    assert summary(report(), colour=False) == "No violations in 2 posts."
    assert summary(report(suppressed=3), colour=False) == "No violations in 2 posts. (3 suppressed)"
