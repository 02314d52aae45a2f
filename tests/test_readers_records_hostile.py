"""Files of records made to break their readers: deep, long, endless, repeated. Each must be read to its end."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from records import read

from postlint.readers import looks_like_posts

SIZE = 40_000
PATHS = ["a.json", "a.jsonl", "a.csv", "a.tsv"]
OPENINGS = ["", "title,body\n", 'title,body\na,"', '{"title": "a", "body": "', '[{"title": "a", "body": "b"}, ', "[[{"]
REPEATED = [
    "[", "{", "]", "}", '"', '""', '"a', 'a"', '"a",', '",', '\\"', "\\", "\\\\", "\\n", "\\ud800", ",", ";", "\t", "|",
    "\n",
    "\r", "\r\n", " ", ":", '{"a":', '{"a":[{}],', '"a":[{}],', "[{},", "{},", '{"title":"a","body":"b"}\n', "\x00",
    "<div>", "<", "&amp;", "post meta\\n", "a.", "\ufeff", "é",
]  # fmt: skip


@pytest.mark.parametrize("opening", OPENINGS)
@pytest.mark.parametrize("part", REPEATED)
def test_repeated(part: str, opening: str) -> None:
    data = (opening + part * (SIZE // len(part))).encode()
    for path in PATHS[:3]:
        looks_like_posts(path, data[:65_536])
        for post in read(path, data):
            assert post.path == path


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from([*REPEATED, *OPENINGS, "title", "body", "a"]), max_size=25), st.sampled_from(PATHS))
def test_mixed(parts: list[str], path: str) -> None:
    data = "".join(parts).encode()
    looks_like_posts(path, data)
    for post in read(path, data):
        assert post.path == path


@given(st.binary(max_size=200), st.sampled_from(PATHS))
def test_bytes(data: bytes, path: str) -> None:
    looks_like_posts(path, data)
    for number, post in enumerate(read(path, data)):
        assert post.number == number


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 400), st.sampled_from(PATHS))
def test_cut_off_anywhere(length: int, path: str) -> None:
    records = [
        {"title": f"{number} é", "body": 'a "b"\n\ud83c\udf75 c', "tags": ["x", {"y": 1}]} for number in range(4)
    ]
    if path in PATHS[2:]:
        data = ("title,body\n" + '"a ""b""","c\nd"\n' * 20).encode()
    else:
        data = (json.dumps(records) if path == "a.json" else "\n".join(map(json.dumps, records))).encode()
    posts = read(path, data[:length])
    # Only the last post of a file can be cut off.
    assert all(post.format != "unreadable" for post in posts[:-1])
