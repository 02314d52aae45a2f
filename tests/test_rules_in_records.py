"""The examples of the rules, as bodies of records: what a rule finds in a file it finds there, where it is written."""

from __future__ import annotations

import json
import re
from itertools import accumulate
from typing import Any

import pytest
from test_rules import AS_OF, Example, cases, sources

from postlint.engine import check_sources
from postlint.post import Lines
from postlint.rules import Rule
from postlint.settings import Settings

# What can't be read in a file can be in a record (a NUL character); other keys are keys of the post, and one that has
# some and no title is no empty post; a byte order mark opens files alone.
OTHERWISE = ("FMT001-1", "FMT005-3", "FMT008", "LLM028-3")


def of_posts() -> list[Any]:
    """The examples of one Markdown post."""
    return [
        case
        for case in cases()
        if case.values[0].scope == "post"
        and list(sources(case.values[1])) == ["post.md"]
        and not str(case.id).startswith(OTHERWISE)
    ]


def found(rule: Rule, example: Example, path: str, text: str) -> list[tuple[str, list[int]]]:
    """Messages, and the offsets in the text at which they and their related places start and end."""
    codes = (rule.code, *example.get("also-run", ()))
    as_of = example.get("as-of", AS_OF)
    options = {rule.code: example.get("options", {})}
    report = check_sources({path: text}, Settings(codes=codes, as_of=as_of, options=options))
    lines = Lines(text)

    def offset(row: int, column: int) -> int:
        return lines.row_start(row) + column - 1

    return [
        (
            violation.message,
            [offset(*at) for place in (violation, *violation.related) for at in (place.location, place.end_location)],
        )
        for violation in report.violations
        if violation.code == rule.code
    ]


def in_rows(message: str, form: str, above: int) -> str:
    """A message with the number of a row: all of a record of JSON Lines is in the first; tables have rows above it."""
    return re.sub(r"(?<= row )\d+", lambda row: "1" if form == "jsonl" else str(int(row[0]) + above), message)


@pytest.mark.parametrize(("rule", "example"), of_posts())
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_example(rule: Rule, example: Example, form: str) -> None:
    body = sources(example)["post.md"]
    if form == "jsonl":
        begin, ending = '{"n": [7], "body": "', '", "z": null}\n'
        written = [json.dumps(character)[1:-1] for character in body]
    else:
        begin, ending = 'n,body,z\n7,"', '",null\n'
        written = ['""' if character == '"' else character for character in body]
    text = begin + "".join(written) + ending
    places = [len(begin)]
    for piece in written:
        places.append(places[-1] + len(piece))
    row = text[: places[0]].count("\n")
    expected = [
        (in_rows(message, form, row), [places[offset] for offset in offsets])
        for message, offsets in found(rule, example, "post.md", body)
    ]
    assert found(rule, example, f"posts.{form}", text) == expected


def of_corpora() -> list[Any]:
    """The examples of several Markdown posts. A record always has meta, which is all that MET001 asks for."""
    return [
        case
        for case in cases()
        if case.values[0].scope == "corpus"
        and all(path.endswith(".md") for path in sources(case.values[1]))
        and case.values[0].code != "MET001"
    ]


@pytest.mark.parametrize(("rule", "example"), of_corpora())
def test_example_of_several_posts(rule: Rule, example: Example) -> None:
    """Their files are the rows of one file; what page each one is its address says."""
    posts = sources(example)
    codes = (rule.code, *example.get("also-run", ()))
    options = {rule.code: example.get("options", {})}
    chosen = Settings(codes=codes, as_of=example.get("as-of", AS_OF), options=options)
    expected = []
    places: dict[str, list[int]] = {}
    rows = []
    for path in sorted(posts):
        begin = f'{{"link": "https://mill.example/{path.removesuffix(".md")}/", "body": "'
        written = [json.dumps(character)[1:-1] for character in posts[path]]
        places[path] = list(accumulate(map(len, written), initial=len(begin) + 1))
        rows.append(begin + "".join(written) + '"}')
    for one in check_sources(posts, chosen).violations:
        lines, columns = Lines(posts[one.path]), places[one.path]
        ends = [columns[lines.row_start(at.row) + at.column - 1] for at in (one.location, one.end_location)]
        expected.append((one.code, sorted(posts).index(one.path) + 1, *ends))
    report = check_sources({"all.jsonl": "\n".join(rows)}, chosen)
    assert sorted(
        (one.code, one.location.row, one.location.column, one.end_location.column) for one in report.violations
    ) == sorted(expected)
