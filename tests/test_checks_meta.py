"""The checks on meta and phrases: their vocabulary, its mistakes, exact places, and the sample posts where present."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from postlint import readers, rules
from postlint.checks import body_counts, flag_and_body, meta_condition, phrase, review_before_tools
from postlint.errors import UserError
from postlint.post import Block, Lines, Post, Run
from postlint.rules import Rule
from postlint.violations import Finding

AS_OF = date(2026, 11, 20)
SAMPLES = Path(__file__).parents[2] / "shared" / "seeds"
FAMILIES = ("MET", "DAT", "REV")


def post_of(text: str, name: str = "post.md") -> Post:
    (post,) = readers.read(name, text.encode())
    return post


def front(*lines: str, body: str = "A body.") -> Post:
    return post_of("\n".join(["---", "title: A title", *lines, "---", body, ""]))


def conditions(raw: Mapping[str, Any], post: Post, **options: Any) -> list[Finding]:
    return list(meta_condition.bind({**options, **raw}, AS_OF)(post))


def phrases(raw: Mapping[str, Any], post: Post) -> list[str]:
    return [post.source[found.start : found.end] for found in phrase.bind(raw, AS_OF)(post)]


def quoted(findings: list[Finding], post: Post) -> list[str]:
    return [post.source[found.start : found.end] for found in findings]


@pytest.mark.parametrize(
    ("test", "value", "holds"),
    [
        ({"is": True}, "yes", True),
        ({"is": True}, "no", False),
        ({"is": False}, "0", True),
        ({"is": False}, "maybe", False),
        ({"state": ["draft", "review"]}, "Drafted", True),
        ({"state": ["draft"]}, "published", False),
        ({"one-of": ["Alpha", "beta"]}, "ALPHA", True),
        ({"one-of": ["alpha"]}, "alphabet", False),
        ({"matches": ["^al"]}, "Alpha", True),
        ({"matches": ["^al"]}, "beta", False),
        ({"fails-to-match": ["^al"]}, "beta", True),
        ({"fails-to-match": ["^al"]}, "Alpha", False),
        ({"date": ["impossible"]}, "2026-02-30", True),
        ({"date": ["impossible"]}, "2026-02-28", False),
        ({"date": ["ambiguous"]}, "03/04/2026", True),
        ({"after": "as-of"}, "2026-11-21", True),
        ({"after": "as-of"}, "2026-11-20", False),
        ({"after": "as-of", "by": 1}, "2026-11-21", False),
        ({"after": "as-of", "by": 1}, "2026-11-22", True),
        ({"after": "as-of"}, "2026-11", False),
        ({"after": "as-of"}, "2026-12", True),
        ({"before": "as-of"}, "2026-11-19", True),
        ({"before": "as-of"}, "2026-11-20", False),
        ({"before": "as-of", "by": 10}, "2026-11-10", False),
        ({"before": "as-of", "by": 10}, "2026-11-09", True),
        ({"before": "as-of"}, "2026-11", False),
        ({"before": "as-of"}, "soon", False),
        ({"year-below": 1995}, "1994-12-31", True),
        ({"year-below": 1995}, "1995-01-01", False),
        ({"above": 100}, "100", False),
        ({"above": 100}, "1.1k", True),
        ({"below": 0}, "-1", True),
        ({"below": 0}, "0", False),
        ({"at-least": 100}, "100", True),
        ({"at-least": 100}, "99", False),
        ({"numeric": False}, "many", True),
        ({"numeric": False}, "12", False),
        ({"whole": False}, "1.5", True),
        ({"whole": False}, "15", False),
        ({"key": ["status"]}, "any", True),
        ({"key": ["stage"]}, "any", False),
    ],
)
def test_each_test(test: dict[str, Any], value: str, holds: bool) -> None:
    post = front(f"status: {value}")
    found = conditions({"at": "status", "when": [{"field": "status", **test}]}, post)
    assert quoted(found, post) == ([value] if holds else [])


def test_inside_looks_at_the_nearest_parent() -> None:
    raw = {"at": "version", "when": [{"field": "at", "inside": ["revision"]}]}
    assert quoted(conditions(raw, post := front("revision:", "  version: 1.2")), post) == ["1.2"]
    assert conditions(raw, front("version: 1.2")) == []


def test_presence_and_absence() -> None:
    absent = {"at": "views", "when": [{"field": "status", "present": False}]}
    assert len(conditions(absent, front("views: 3"))) == 1
    assert len(conditions(absent, front("views: 3", "status:"))) == 1, "an empty field is absent"
    assert conditions(absent, front("views: 3", "status: live")) == []
    present = {"at": "views", "when": [{"field": "status"}]}
    assert len(conditions(present, front("views: 3", "status: live"))) == 1
    assert conditions(present, front("views: 3", "status: ~")) == []


def test_unless_is_any_of_and_its_lists_are_all_of() -> None:
    raw = {
        "at": "views",
        "unless": [{"field": "status", "state": ["retired"]}, [{"field": "draft", "is": True}, {"field": "noindex"}]],
    }
    assert len(conditions(raw, front("views: 3"))) == 1
    assert conditions(raw, front("views: 3", "status: archived")) == []
    assert len(conditions(raw, front("views: 3", "draft: true"))) == 1
    assert conditions(raw, front("views: 3", "draft: true", "robots: noindex")) == []


def test_every_entry_is_reported_or_only_the_first() -> None:
    post = front("score:", "  depth: 1", "  clarity: 2")
    assert quoted(conditions({"at": "score"}, post), post) == ["1", "2"]
    assert quoted(conditions({"at": "score", "once": True}, post), post) == ["1"]


def test_related_place_is_the_entry_that_met_the_condition() -> None:
    post = front("views: 500", "status: stable", "review status: draft")
    raw = {"at": "views", "when": [{"field": "status", "state": ["draft"]}], "related": "status", "role": "the state"}
    (found,) = conditions(raw, post)
    ((place, role),) = found.related
    assert (post.source[place.start : place.end], role) == ("draft", "the state")
    assert found.values["other_key"] == "review status"


def test_dates_of_two_fields() -> None:
    raw = {"at": "reviewed", "when": [{"field": "at", "before": "created", "by": 2}]}
    (found,) = conditions(raw, front("created: 2026-05-10", "last_reviewed: 2026-05-07"))
    assert found.values["days"] == 3
    assert conditions(raw, front("created: 2026-05-10", "last_reviewed: 2026-05-08")) == []
    assert conditions(raw, front("created: someday", "last_reviewed: 2026-05-07")) == []
    assert conditions(raw, front("last_reviewed: 2026-05-07")) == []


def test_the_draft_condition_knows_flags_states_and_folders() -> None:
    raw = {"at": "views", "when": [{"draft": True}]}
    assert len(conditions(raw, front("views: 3", "draft: true"))) == 1
    assert len(conditions(raw, front("views: 3", "published: false"))) == 1
    assert len(conditions(raw, front("views: 3", "status: pending"))) == 1
    assert conditions(raw, front("views: 3", "draft: false", "published: 2026-01-01")) == []
    text = "---\nviews: 3\n---\nText.\n"
    assert len(conditions(raw, post_of(text, "site/_drafts/post.md"))) == 1
    assert conditions(raw, post_of(text, "site/overdrafts/post.md")) == []


def test_an_option_switches_a_case() -> None:
    raw = {"at": "views", "when": [{"option": "wanted"}]}
    assert len(conditions(raw, front("views: 3"), wanted=True)) == 1
    assert conditions(raw, front("views: 3"), wanted=False) == []


def test_the_post_itself_can_be_reported() -> None:
    post = front("date: 2026-01-01")
    raw = {"at": "post", "when": [{"field": "published"}, {"field": "reviewed", "present": False}]}
    assert quoted(conditions(raw, post), post) == ["A title"]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({}, 'needs "at"'),
        ({"at": "stauts"}, 'no meta field "stauts"; did you mean "status"'),
        ({"at": "status", "when": {"field": "status"}}, '"when" is a list'),
        ({"at": "status", "when": ["draft"]}, "a condition is a mapping"),
        ({"at": "status", "when": [{"is": True}]}, 'names a "field"'),
        ({"at": "status", "when": [{"field": "drafts", "is": True}]}, 'no meta field "drafts"; did you mean "draft"'),
        (
            {"at": "status", "when": [{"field": "at", "mathces": ["x"]}]},
            'unknown test "mathces"; did you mean "matches"',
        ),
        ({"at": "status", "when": [{"field": "at", "is": "true"}]}, "expected true or false"),
        ({"at": "status", "when": [{"field": "at", "state": ["drafd"]}]}, 'no state "drafd"; did you mean "draft"'),
        ({"at": "status", "when": [{"field": "at", "state": "words"}]}, 'no option "words"'),
        ({"at": "status", "when": [{"field": "at", "one-of": [1]}]}, "expected a list of texts"),
        ({"at": "status", "when": [{"field": "at", "matches": ["("]}]}, 'the pattern "(" is not valid'),
        (
            {"at": "status", "when": [{"field": "at", "matches": ["a", "(?i)b"]}]},
            "can't be joined into one: global flags",
        ),
        ({"at": "status", "when": [{"field": "at", "date": ["imposible"]}]}, 'did you mean "impossible"'),
        ({"at": "status", "when": [{"field": "at", "after": "today"}]}, 'no meta field "today"'),
        ({"at": "status", "when": [{"field": "at", "after": "as-of", "by": "grace"}]}, 'no option "grace"'),
        ({"at": "status", "when": [{"field": "at", "after": "as-of", "by": 1.5}]}, "expected a number of days"),
        ({"at": "status", "when": [{"field": "at", "above": True}]}, "expected a number"),
        ({"at": "status", "when": [{"option": "missing"}]}, 'no option "missing"'),
        ({"cases": []}, '"cases" is a list'),
        ({"cases": ["status"]}, "a case is a mapping"),
        ({"cases": [{"at": "status", "wen": []}]}, 'unknown key "wen"; did you mean "when"'),
    ],
)
def test_mistakes_in_conditions_are_named(raw: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as caught:
        meta_condition.bind(raw, AS_OF)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({}, "there is none"),
        ({"patterns": "todo"}, '"patterns" is a list of texts'),
        ({"patterns": ["("]}, 'the pattern "(" is not valid'),
        ({"patterns": ["x*"]}, "matches the empty text"),
        ({"patterns": ["x"], "scopes": ["heading"]}, 'no scope "heading"; did you mean "headings"'),
        ({"patterns": ["x"], "meta": ["sumary"]}, 'no meta field "sumary"; did you mean "summary"'),
        ({"patterns": ["x"], "words": "markers"}, '"words" names an option'),
    ],
)
def test_mistakes_in_phrases_are_named(raw: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as caught:
        phrase.bind(raw, AS_OF)
    assert message in str(caught.value)


EVERYWHERE = """---
title: About dodos
description: A dodo in the summary
---
# A dodo in a heading

A dodo in prose, `a dodo in code`, and a "dodo" in quotation marks.

- A dodo in an item

> A dodo in a quote

| Bird |
| ---- |
| dodo in a cell |

```
A dodo in a block of code
```

<!-- dodo in a comment -->
"""


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ({}, ["dodo in prose"]),
        ({"scopes": ["headings"]}, ["dodo in a heading"]),
        ({"scopes": ["list-items"]}, ["dodo in an item"]),
        ({"scopes": ["quotes"]}, ["dodo in a quote"]),
        ({"scopes": ["table-cells"]}, ["dodo in a cell"]),
        ({"meta": ["summary"]}, ["dodo in the summary", "dodo in prose"]),
        ({"meta": ["summary"], "meta-needs": ["moa"]}, ["dodo in prose"]),
        ({"comment-patterns": [r"\A\s*dodo[\w ]*\w"]}, ["dodo in prose", "dodo in a comment"]),
        ({"comment-patterns": ["dodo"], "comments": False}, ["dodo in prose"]),
        ({"comment-patterns": ["dodo"], "comment-needs": ["moa"]}, ["dodo in prose"]),
        ({"needs": ["dodo"]}, ["dodo in prose"]),
        ({"needs": ["moa"]}, []),
        ({"needs": ["moa"], "extra-patterns": ["quotation"]}, ["dodo in prose", "quotation"]),
        ({"brackets": ["dodo"]}, []),
    ],
)
def test_where_phrases_are_looked_for(raw: dict[str, Any], found: list[str]) -> None:
    assert phrases({"patterns": [r"dodo(?: in [\w ]*\w)?"], **raw}, post_of(EVERYWHERE)) == found


def test_case_of_phrases() -> None:
    post = post_of("A Dodo, a dodo.\n")
    assert phrases({"patterns": ["dodo"]}, post) == ["Dodo", "dodo"]
    assert phrases({"patterns": ["dodo"], "match-case": True, "needs": ["dodo"]}, post) == ["dodo"]
    assert phrases({"patterns": ["dodo"], "match-case": True, "needs": ["DODO"]}, post) == []


def test_words_of_an_option_stand_in_patterns() -> None:
    raw = {"patterns": ["{words}!"], "words": "birds", "birds": ["dodo", "m.a"]}
    assert phrases(raw, post_of("A dodo! A moa! A m.a!\n")) == ["dodo!", "m.a!"]
    assert phrases({**raw, "birds": []}, post_of("A dodo!\n")) == []


def test_overlapping_patterns_give_one_finding() -> None:
    raw = {"patterns": ["a dodo", "dodo runs", "runs"]}
    assert phrases(raw, post_of("There a dodo runs.\n")) == ["a dodo", "runs"]


def test_phrase_across_mark_up_and_entities_has_its_exact_place() -> None:
    post = post_of("Über &amp; unter *a **dodo** runs* here.\n")
    (found,) = phrase.bind({"patterns": ["a dodo runs"]}, AS_OF)(post)
    assert post.source[found.start : found.end] == "a **dodo** runs"
    (found,) = phrase.bind({"patterns": ["& unter"]}, AS_OF)(post)
    assert post.source[found.start : found.end] == "&amp; unter"


def test_phrase_in_an_escaped_value_is_shown_at_the_value() -> None:
    raw = {"patterns": ["moa"], "meta": ["summary"]}
    assert phrases(raw, front('summary: "A moa here"')) == ["moa"]
    (found,) = phrases(raw, front(r'summary: "A \x6doa here"'))
    assert found.strip('"') == r"A \x6doa here"


def test_long_and_broken_text_is_quoted_on_one_line() -> None:
    (found,) = phrase.bind({"patterns": ["(?s)start.*end"]}, AS_OF)(post_of(f"start\n{'very ' * 30}end\n"))
    text = str(found.values["text"])
    assert text.startswith("start very very")
    assert text.endswith("…")
    assert len(text) <= 70


def test_a_block_is_searched_where_its_runs_say() -> None:
    block = Block("paragraph", "one moa", 10, 30, runs=(Run(0, 10, 14), Run(4, 20, 23)))
    post = Post("post.md", "markdown", "-" * 40, blocks=[block])
    (found,) = phrase.bind({"patterns": ["moa"]}, AS_OF)(post)
    assert (found.start, found.end) == (20, 23)


PHRASE_RULES = [rule for rule in rules.all_rules().values() if rule.check == "phrase"]


@pytest.mark.parametrize("rule", PHRASE_RULES, ids=[rule.code for rule in PHRASE_RULES])
def test_prefilters_hide_nothing(rule: Rule) -> None:
    """What a rule finds in its examples it also finds without its literals."""
    filters = ("needs", "brackets", "meta-needs", "comment-needs")
    open_parameters = {key: value for key, value in rule.parameters.items() if key not in filters}
    for example in rule.examples():
        text = example.get("bad", example.get("good"))
        for name, source in (text if isinstance(text, dict) else {"post.md": text}).items():
            options = {**rule.defaults(), **example.get("options", {})}
            post = post_of(source, name)
            filtered = phrase.bind({**options, **rule.parameters}, AS_OF)(post)
            unfiltered = phrase.bind({**options, **open_parameters}, AS_OF)(post)
            assert [(one.start, one.end) for one in filtered] == [(one.start, one.end) for one in unfiltered]


def test_body_counts_of_a_small_post() -> None:
    body = "# A heading\n\nFour words of prose.\n\n- An item\n\n```\ncode\n```\n\n![alt](a.png) Seen.\n"
    text = f"---\ntitle: Two words\n---\n{body}"
    counts = body_counts.body_counts(post_of(text))
    # Prose: 4, and "Seen"; the rest: 2 of the heading, 2 of the item, 1 of code, 2 of the title.
    assert (counts.prose_words, counts.words) == (5, 12)
    assert (counts.paragraphs, counts.pieces, counts.images) == (2, 5, 1)


def test_a_contradicting_video_is_pointed_at() -> None:
    post = front("has_video: no", body='Watch:\n\n<video src="a.mp4"></video>')
    (found,) = flag_and_body.bind({}, AS_OF)(post)
    ((place, _),) = found.related
    assert post.source[place.start : place.end] == "<video"


def test_comments_in_code_and_meta_are_not_comments() -> None:
    raw = {"comment-patterns": ["moa"]}
    assert phrases(raw, post_of("Text. <!-- a moa -->\n")) == ["moa"]
    assert phrases(raw, front("notes: <!-- a moa -->")) == []
    assert phrases(raw, post_of("Write `<!-- a moa -->` there.\n")) == []
    assert phrases(raw, post_of("```\n<!-- a moa -->\n```\n")) == []
    assert phrases(raw, post_of("`code` and <!-- a moa --> and <!-- never closed, moa\n")) == ["moa"]


def test_letters_of_scripts_without_spaces_are_words() -> None:
    assert body_counts.body_counts(post_of("汉字按字计数\n")).prose_words == 6


def test_a_technology_without_a_day_is_the_users_mistake() -> None:
    with pytest.raises(UserError, match="soon"):
        review_before_tools.bind({"margin-days": 1, "ai-text": "2022-11-30", "technologies": {"x": "soon"}}, AS_OF)


def test_checks_of_meta_import_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from postlint.checks import meta_condition, phrase, reading_time, summary_is_title, score_range\n"
        "print(sorted({'numpy', 'yaml', 'rapidfuzz', 'pyromark', 'turbohtml', 'jsonschema'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def found_in_samples(as_of: date) -> set[tuple[str, str, int]]:
    found = set()
    for rule in rules.all_rules().values():
        if not rule.code.startswith(FAMILIES) or rule.scope != "post" or not rule.default:
            continue
        inspect = rule.bind({}, as_of)
        for path in sorted(SAMPLES.glob("*.txt")):
            for post in readers.read(path.name, path.read_bytes()):
                lines = Lines(post.source)
                for finding in inspect(post):
                    assert isinstance(finding, Finding)
                    assert rule.render(finding)
                    found.add((rule.code, path.name[:3], lines.location(finding.start).row))
    return found


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample posts are not here")
def test_sample_posts() -> None:
    known = json.loads((SAMPLES.parent / "seeds-truth.json").read_text(encoding="utf-8"))["findings"]
    truth = {
        (one["code"], one["post"], one["line"])
        for one in known
        if one["code"].startswith(FAMILIES) and one["default"] and one["code"] != "MET001"
    }
    assert len(truth) > 40
    assert found_in_samples(AS_OF) == truth


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample posts are not here")
def test_sample_posts_seen_from_january() -> None:
    found = found_in_samples(date(2026, 1, 1))
    assert {one for one in found if one[0] == "DAT001"} == {("DAT001", "000", 97)}
