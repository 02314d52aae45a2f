"""JSON and JSON Lines: which objects are posts, what is their body, and where everything stands."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from records import in_json, read, wrong
from test_positions import PARTS

from postlint.engine import check_sources
from postlint.field_map import FieldMap
from postlint.post import Location, Post
from postlint.readers import HEAD, json_scan, looks_like_posts, stretches
from postlint.readers import read as read_file
from postlint.settings import Settings

LONG = "Barley keeps its own calendar, and a mill that forgets the calendar grinds a poor and bitter flour. " * 3
FIXTURES = sorted((Path(__file__).parents[1] / "fixtures" / "readers" / "records").glob("*.json*"))

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz\né"), inner, max_size=3)
)
RECORDS = st.fixed_dictionaries(
    {"title": st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)},
    optional={
        "x": VALUES,
        "body": st.lists(PARTS, max_size=15).map("".join),
        "meta": VALUES,
        "slug": st.text("abc-", max_size=5),
    },
)
FORMS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "ensure_ascii": st.booleans(),
        "indent": st.sampled_from([None, 1, "\t"]),
        "separators": st.sampled_from([(",", ":"), (" ,  ", " : ")]),
    }
)


def texts(post: Post) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in post.blocks]


def flat(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], str]]:
    """The scalars of a value, with their paths, as texts."""
    if isinstance(value, dict) and value:
        return [item for key, inner in value.items() for item in flat(inner, (*path, key))]
    if isinstance(value, list) and value:
        return [item for number, inner in enumerate(value) for item in flat(inner, (*path, number))]
    if isinstance(value, str):
        return [(path, value)]
    return [(path, "" if isinstance(value, list | dict) else json.dumps(value))]


def check(posts: list[Post], records: list[dict[str, Any]], data: bytes) -> None:
    """Every record is a post, with the blocks that its body has in a file of its own, and the rest as its meta."""
    assert len(posts) == len(records)
    for post, record in zip(posts, records, strict=True):
        assert list(wrong(post, data, in_json)) == []
        body = record.get("body", "")
        assert (post.decoded is not None) == ("body" in record)
        if post.format == "markdown" and not body.startswith("\ufeff"):
            (alone,) = read_file("a.md", body.encode())
            assert texts(post) == texts(alone)
            front = [(entry.path, entry.value) for entry in alone.meta]
            rest = {key: value for key, value in record.items() if key != "body"}
            assert [(entry.path, entry.value) for entry in post.meta] == flat(rest) + front


@settings(max_examples=150, deadline=None)
@given(st.lists(RECORDS, min_size=1, max_size=4), FORMS, st.sampled_from(["\n", "\r\n", "\n\n \n"]))
def test_lines(records: list[dict[str, Any]], form: dict[str, Any], ending: str) -> None:
    data = "".join(json.dumps(record, **{**form, "indent": None}) + ending for record in records).encode()
    check(read("a.jsonl", data), records, data)


@settings(max_examples=150, deadline=None)
@given(st.lists(RECORDS, min_size=1, max_size=4), FORMS, st.sampled_from(["", "posts", "data.items", "db.0.data"]))
def test_lists(records: list[dict[str, Any]], form: dict[str, Any], where: str) -> None:
    whole: Any = records
    for key in reversed(where.split(".") if where else []):
        whole = [whole] if key == "0" else {"version": "]}", key: whole, 'é"': ["{"]}
    data = json.dumps(whole, **form).encode()
    check(read("a.json", data, FieldMap(posts=where) if where else None), records, data)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "marked"])
def test_fixtures(path: Path, ending: str, mark: str) -> None:
    if path.suffix == ".jsonl" and ending == "\r":
        pytest.skip("rows of JSON Lines end with a line feed")
    data = (mark + path.read_bytes().decode().replace("\n", ending)).encode()
    posts = read(path.name, data)
    assert len(posts) == {"rest.json": 2, "posts.jsonl": 6}[path.name]
    assert [line for post in posts for line in wrong(post, data, in_json)] == []


def test_wordpress_rest() -> None:
    post, empty = read("rest.json", FIXTURES[1].read_bytes())
    assert post.title is not None
    assert post.title.value == "Barley & rye: a miller’s notes"
    assert post.source[post.title.start : post.title.end].startswith("Barley &#038; rye")
    assert post.name == "grain/barley-and-rye"
    assert post.format == "html"
    assert texts(post) == [
        ("paragraph", "The stones are dressed every spring, and the flour is\u00a0finer & cooler."),
        ("heading", "Why rye sticks"),
        ("caption", "Dressed 🌾 stones"),
        ("list_item", "sieve"),
        ("list_item", "sack"),
    ]
    assert [(image.origin, image.url.value, image.alt.value) for image in post.images if image.url and image.alt] == [
        ("meta", "https://mill.example/big.jpg", "The stones"),
        ("body", "https://mill.example/stones.jpg", "Two “stones”"),
    ]
    values = {name: [entry.value for entry in post.meta.all(name)] for name in post.meta.fields}
    assert values["author"] == ["Ada Miller"]
    assert values["summary"] == ["The stones are dressed every spring […]"]
    assert values["published"] == ["2025-03-04T09:00:00"]
    assert values["url"] == ["https://mill.example/grain/barley-and-rye/"]
    assert values["uuid"] == ["https://mill.example/?p=41"]
    # Numbers of other tables are no categories, their names are.
    assert (values["categories"], values["tags"]) == (["Grain"], ["", "stone", "flour"])
    assert (empty.number, empty.blocks, empty.name) == (1, [], "draft")
    assert [block.text for block in empty.blocks] == []


def test_rows_that_are_no_posts_are_told_where_they_stand() -> None:
    data = FIXTURES[0].read_bytes()
    tea, windows, number, twice, cut, other = read("posts.jsonl", data)
    assert [post.start.row for post in (tea, windows, number, twice, cut, other)] == [1, 3, 4, 5, 6, 7]
    assert tea.title is not None
    assert tea.title.value == 'Tea — and why it "settles"'
    assert texts(windows)[1] == ("paragraph", "Half a pair: \ufffd.")
    assert windows.title is not None
    assert windows.title.value == "C:\\tea\\notes"
    assert (number.decoded, number.blocks) == (None, [])
    (problem,) = twice.problems
    assert (problem.kind, problem.values) == ("duplicate-key", {"key": "title", "first_row": 5})
    assert twice.source[problem.start : problem.end] == "title"
    assert [block.text for block in twice.blocks] == ["One row.", "Another row."]
    assert {post.format for post in (cut, other)} == {"unreadable"}
    assert cut.problems[0].values == {"reason": "not valid JSON (a string is not closed)"}
    assert cut.source[cut.problems[0].start] == '"'
    assert other.problems[0].values == {"reason": "not valid JSON (is not an object)"}


@pytest.mark.parametrize(
    ("whole", "titles"),
    [
        ({"title": "A", "body": "b"}, ["A"]),
        ({"title": "A", "body": "b", "comments": [{"title": "C", "body": "d"}]}, ["A"]),
        ([{"title": "A", "body": "b", "comments": [{"title": "C", "body": "d"}]}], ["A"]),
        ({"version": "https://jsonfeed.org/version/1.1", "title": "Feed", "items": [
            {"id": "1", "title": "A", "content_html": "<p>b</p>"}, {"id": "2", "title": "B", "content_text": "c"}
        ]}, ["A", "B"]),
        ({"db": [{"meta": {"version": "5"}, "data": {
            "tags": [{"id": 1, "name": "t"}],
            "posts": [{"id": 1, "title": "A", "html": "<p>b</p>", "plaintext": "b", "mobiledoc": "{}"}],
        }}]}, ["A"]),
        ({"data": [{"id": 1, "attributes": {"title": "A", "content": "b"}}], "meta": {"pagination": {}}}, ["A"]),
        ({"data": [{"type": "node--article", "attributes": {
            "title": "A", "body": {"value": "<p>b</p>", "format": "html", "processed": "<p>b</p>"}
        }}]}, ["A"]),
        ({"contentTypes": [{"name": "Post", "fields": [{"id": "title"}]}], "entries": [
            {"sys": {"id": "x"}, "fields": {"title": {"en-US": "A"}, "body": {"en-US": "b"}}}
        ]}, ["A"]),
        ({"data": {"allPosts": {"edges": [{"node": {"title": "A", "body": "b"}}]}}}, ["A"]),
        ({"pages": [{"title": "P", "content": "p"}], "posts": [{"title": "A", "content": "b"}]}, ["P", "A"]),
        ({"config": [{"name": "x"}], "article": {"title": "A", "body": "b"}}, ["A"]),
    ],
    ids=["one", "one-with-comments", "comments", "feed", "ghost", "strapi", "drupal", "contentful", "graphql", "two",
         "wrapped"],
)  # fmt: skip
def test_where_posts_are(whole: object, titles: list[str]) -> None:
    data = json.dumps(whole, indent=2).encode()
    posts = read("a.json", data)
    assert [post.title.value if post.title else None for post in posts] == titles
    assert all(post.blocks for post in posts)
    assert [line for post in posts for line in wrong(post, data, in_json)] == []


@pytest.mark.parametrize(
    ("record", "form"),
    [
        ({"content": LONG}, "markdown"),
        ({"content": "<p>a</p>\n<p>b</p>"}, "html"),
        ({"content": "# A\n\n<div>b</div><p>c</p>"}, "markdown"),
        ({"html": "a"}, "html"),
        ({"content": "<p>a **b** [c](d)</p>"}, "html"),
        ({"content": "a **b** <br> [c](d) <br> e"}, "markdown"),
        ({"content": "a<br>b<br>c"}, "html"),
        ({"body_markdown": "<p>a</p>"}, "markdown"),
        ({"prompt": "<p>a</p><p>b</p>", "generated_text": "a"}, "markdown"),
        ({"article": "<p>a</p>", "post": ""}, "html"),
        ({"text": "Tea\nWater"}, "text"),
        ({"text": "## Tea\nWater"}, "markdown"),
        ({"text": "<div><p>Tea</p></div>"}, "html"),
        ({"content": "Tea settles.\n\nmill post meta\nview count3\nreading time2\n"}, "text"),
    ],
)
def test_how_a_body_is_written(record: dict[str, str], form: str) -> None:
    (post,) = read("a.json", json.dumps({"title": "A", **record}).encode())
    assert post.format == form


def test_keys_that_only_look_like_wrappers_and_languages() -> None:
    record = {
        "title": {"en": "A", "de": "B"},
        "content": {"id": "x7", "html": "<p>Tea.</p>"},
        "source": {"url": "https://photos.example/tea", "title": "not this"},
        "url": "https://mill.example/tea/",
    }
    (post,) = read("a.json", json.dumps(record).encode())
    assert post.title is not None
    assert (post.title.value, post.name, texts(post)) == ("A", "tea", [("paragraph", "Tea.")])
    assert [entry.value for entry in post.meta.all("url")] == ["https://mill.example/tea/"]


def test_a_body_of_text_keeps_its_first_line_where_the_title_stands_elsewhere() -> None:
    (post,) = read("a.json", json.dumps({"title": "A", "text": "Tea\n\nIt settles."}).encode())
    assert texts(post) == [("heading", "Tea"), ("paragraph", "It settles.")]
    (post,) = read("a.json", json.dumps({"slug": "a", "text": "Tea\n\nIt settles."}).encode())
    assert post.title is not None
    assert post.source[post.title.start : post.title.end] == post.title.value == "Tea"


def test_one_object_after_the_other() -> None:
    data = b'{"title": "A",\n "body": "a"}\n {"title": "B", "body": "b"}'
    posts = read("a.json", data)
    assert [post.start for post in posts] == [Location(1, 1), Location(3, 2)]
    assert [post.blocks[0].text for post in posts] == ["a", "b"]


@pytest.mark.parametrize(
    ("data", "reasons"),
    [
        (b"", ["holds no object"]),
        (b"tea", ["holds no object"]),
        (b"[]", []),
        (b"[1, 2]", []),
        ("{}".encode("utf-16"), ["encoded as UTF-16 instead of UTF-8"]),
        (b'[{"title": "A", "body": "b"}, {"title": "B", "bo',
         [None, "not valid JSON (a string is not closed)"]),
        (b'[{"title": "A", "body": "b"},', [None, "not valid JSON (brackets do not fit)"]),
        (b'[{"title": "A", "body": "b"}}', [None, "not valid JSON (brackets do not fit)"]),
        (b'[{"title": "A", "body": "b"} ]]', [None, "not valid JSON (brackets do not fit)"]),
        (b'{"title": "A", "body": "b" "c"}', ["not valid JSON (expected ',' or '}')"]),
        (b'{"title": "A", "body": "b\tc"}', ["not valid JSON (a line end or another control character in a string)"]),
        (b'{"title": "A", "body": b}', ["not valid JSON (expected a value)"]),
        (b'{"title": "A", "views": NaN, "body": "b", "score": -Infinity}', [None]),
        (b'{"title": "A", "body": "\0"}', ["holds NUL bytes, so it is no text"]),
        (b'{"title": "A", "body": "b", "c": ' + b"[" * 200 + b"]" * 200 + b"}",
         ["not valid JSON (nested deeper than 100 levels)"]),
        (b"[" * 300_000, ["holds no object"]),
        (b'{"a":' * 50_000, ["not valid JSON (nested deeper than 100 levels)"]),
    ],
)  # fmt: skip
def test_what_is_broken(data: bytes, reasons: list[str | None]) -> None:
    posts = read("a.json", data)
    found = [post.problems[0].values["reason"] if post.format == "unreadable" else None for post in posts]
    assert found == reasons


def test_bytes_that_are_no_utf8() -> None:
    first, second = read("a.jsonl", b'{"title": "A", "body": "a"}\n{"title": "B", "body": "caf\xe9 b"}\n')
    assert first.problems == []
    assert second.problems[0].values == {"reason": "not valid UTF-8 (byte 0xE9)"}
    assert second.source[second.problems[0].start] == "\ufffd"
    assert second.blocks[0].text == "caf\ufffd b"


@settings(max_examples=200, deadline=None)
@given(st.lists(RECORDS, max_size=3), FORMS, st.integers(1, 9))
def test_pieces_of_any_size(records: list[dict[str, Any]], form: dict[str, Any], size: int) -> None:
    """A file that is looked through byte by byte holds what it holds when it is looked through at once."""
    data = json.dumps({"a\\": [], "posts": records, "b": [[{"c": 1}]]}, **form).encode()
    at_once = read("a.json", data, FieldMap(posts="posts")) if records else []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_scan, "CHUNK", size)
        patch.setattr("postlint.readers.json_file.CHUNK", size)
        in_pieces = read("a.json", data, FieldMap(posts="posts")) if records else []
    assert [(post.source, post.start) for post in in_pieces] == [(post.source, post.start) for post in at_once]


@given(st.lists(st.sampled_from(["{}", "é ", " ", "\n", "\r", "\r\n", "🍵"]), max_size=20), st.integers(1, 9))
def test_rows_of_json_lines_in_pieces(parts: list[str], size: int) -> None:
    text = "".join(parts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("postlint.readers.json_lines.CHUNK", size)
        posts = read("a.jsonl", text.encode())
    if text.lstrip()[:1] == "[":
        return
    assert [post.source.rstrip() for post in posts] == [row.strip() for row in text.split("\n") if row.strip()]
    rows = re.split("\r\n|\n|\r", text)
    for post in posts:
        assert rows[post.start.row - 1][post.start.column - 1 :].startswith(post.source.split("\r")[0])


@given(st.lists(st.sampled_from(["a", "é", "🍵", "\n", "\r", "\r\n"]), max_size=20), st.integers(1, 3))
def test_rows_and_columns_are_counted_in_pieces(parts: list[str], size: int) -> None:
    text = "".join(parts)
    data = text.encode()
    counter = stretches.Counter()
    for start in range(0, len(data), size):
        counter.advance(data[start : start + size])
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert counter.location == (len(rows), len(rows[-1]) + 1)


@pytest.mark.parametrize(
    ("path", "whole", "is_posts"),
    [
        ("package.json", {"name": "mill", "version": "1.0.0", "description": LONG, "scripts": {"build": "x"}}, False),
        ("tsconfig.json", {"compilerOptions": {"target": "es2022"}, "include": ["src"]}, False),
        ("openapi.json", {"openapi": "3.1.0", "info": {"title": "Mill", "description": LONG}, "paths": {}}, False),
        ("en.json", {"title": "Mill", "body": "Welcome to the mill", "text": "Read on"}, False),
        ("data.json", [{"title": "Barley", "price": 3, "body": "heavy"}, {"title": "Rye", "price": 2, "body": "light"}],
         False),
        ("posts.json", [{"title": "Barley", "body": LONG}], True),
        ("posts.json", {"posts": [{"title": "Barley", "body": LONG}]}, True),
        ("posts.json", [{"title": "Barley", "body": LONG * 1000, "slug": "x"}], True),
        ("posts.jsonl", {"title": "Barley", "body": LONG}, True),
        ("posts.jsonl", {"title": "Barley", "body": "\ud83c\udf3e" * 20_000}, True),
        ("chat.jsonl", {"messages": [{"role": "user", "content": LONG}]}, False),
        ("pairs.ndjson", {"prompt": LONG, "completion": LONG}, False),
    ],
)  # fmt: skip
def test_what_looks_like_posts(path: str, whole: object, is_posts: bool) -> None:
    assert looks_like_posts(path, json.dumps(whole).encode()[:HEAD]) is is_posts


def test_the_map_says_what_keys_are() -> None:
    record = {"id": 7, "name": "Tea", "title": "not the title", "a.b": {"c": ["<b>Tea</b> settles."]}, "w": ["x", "y"]}
    data = json.dumps(record).encode()
    fields = FieldMap(format="html", paths={"title": "name", "body": "a.b.c.0", "tags": "w"})
    (post,) = read("a.json", data, fields)
    assert post.title is not None
    assert post.title.value == "Tea"
    assert (post.format, texts(post)) == ("html", [("paragraph", "Tea settles.")])
    assert [entry.value for entry in post.meta.all("tags")] == ["x", "y"]
    assert [entry.value for entry in post.meta.all("title")] == ["Tea"]


def test_a_map_that_names_no_list() -> None:
    (post,) = read("a.json", b'{"items": [{"title": "A"}]}', FieldMap(posts="data.posts"))
    assert post.problems[0].values == {"reason": 'has no list of objects at "data.posts"'}


ODD = {
    "title": "Oats",
    "body": "Oats are “good”, it is said[^1].\n\nAs an AI language model, I cannot taste oats.\n\n[^1]: By some.\n",
    "date": "2025-13-45",
}
ASKED = {"title": "Rye", "body": "Rye.\n\n<!-- postlint: ignore-file LLM016 -->\n\n" + ODD["body"]}


@pytest.mark.parametrize("ensure_ascii", [True, False])
def test_rules_see_what_is_meant_and_show_what_is_written(ensure_ascii: bool) -> None:
    """A footnote begins a row of the body, which the file has no row for; a violation stands where it is written."""
    text = "\n".join(json.dumps(record, ensure_ascii=ensure_ascii) for record in (ODD, ASKED))
    codes = ("DAT004", "FMT007", "FMT010", "LLM016")
    report = check_sources({"a.jsonl": text}, Settings(codes=codes, as_of=date(2026, 1, 1)))
    assert [(one.code, one.number, one.location.row) for one in report.violations] == [
        ("LLM016", 0, 1),
        ("DAT004", 0, 1),
    ]
    for violation, part in zip(report.violations, ("As an AI language model, I", "2025-13-45"), strict=True):
        assert violation.location.column == text.index(part) + 1
        assert violation.end_location.column == text.index(part) + 1 + len(part)
    assert report.suppressed == 1


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("", ["FMT005"]),
        ("<p></p><div></div>", ["FMT005"]),
        ('<iframe src="https://video.example/1"></iframe>', []),
        ('<p>[gallery ids="1,2"]</p>', []),
        ("<p>One word and another.</p>", []),
    ],
)
def test_bodies_of_html_that_show_nothing(body: str, codes: list[str]) -> None:
    text = json.dumps([{"title": {"rendered": "A"}, "content": {"rendered": body}}])
    report = check_sources({"a.json": text}, Settings(codes=("FMT005",), as_of=date(2026, 1, 1)))
    assert [one.code for one in report.violations] == codes


def test_a_key_of_a_record_silences_rules() -> None:
    asked = {**ODD, "postlint": {"ignore": ["LLM016", "DAT004"]}}
    text = "\n".join(json.dumps(record) for record in (asked, ODD))
    report = check_sources({"a.jsonl": text}, Settings(codes=("DAT004", "LLM016"), as_of=date(2026, 1, 1)))
    assert [(one.code, one.number) for one in report.violations] == [("LLM016", 1), ("DAT004", 1)]
    assert report.suppressed == 2


def test_a_comment_in_a_body_silences_its_block_alone() -> None:
    sentence = "As an AI language model, I cannot taste “oats”.\n\n"
    # Escapes move what follows them away from where it stands in the text.
    escaped = "é" * 200
    body = f"{sentence}{escaped}\n\n<!-- postlint: ignore LLM016 -->\n\n{sentence}More.\n\n{sentence}"
    text = json.dumps({"title": "Oats", "body": body, "z": 1})
    report = check_sources({"a.jsonl": text}, Settings(codes=("FMT010", "LLM016"), as_of=date(2026, 1, 1)))
    first, last = text.index("As an AI"), text.rindex("As an AI")
    assert [(one.code, one.location.column) for one in report.violations] == [
        ("LLM016", first + 1),
        ("LLM016", last + 1),
    ]
    assert report.suppressed == 1
