"""Parquet: rows that are shown as JSON Lines, read a few at a time in any order."""

from __future__ import annotations

import datetime
import io
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from records import in_json, read, wrong

from postlint.cli import run
from postlint.errors import UserError
from postlint.field_map import FieldMap
from postlint.post import Location
from postlint.readers import looks_like_posts, parquet, split

pyarrow = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def written(rows: list[dict[str, Any]], group: int = 1000) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pyarrow.Table.from_pylist(rows), stream, row_group_size=group)
    return stream.getvalue()


ROWS = [
    {"title": f"Post {number}", "body": f'# Post {number}\n\nIt says "tea" \u2028 and 茶.\n', "views": number}
    for number in range(10)
]


def test_places_are_those_of_json_lines() -> None:
    posts = read("a.parquet", written(ROWS, 4))
    shown = "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS).encode()
    assert [post.start for post in posts] == [Location(number + 1, 1) for number in range(10)]
    assert [line for post in posts for line in wrong(post, shown, in_json)] == []
    assert [(block.kind, block.text) for block in posts[7].blocks] == [
        ("heading", "Post 7"),
        ("paragraph", 'It says "tea" \u2028 and 茶.'),
    ]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.integers(1, 5), st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_rows_in_any_order(group: int, at_a_time: int, order: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parquet, "_ROWS", at_a_time)
        container = split("a.parquet", io.BytesIO(written(ROWS, group)))
        assert len(container) == 10
        assert [json.loads(container.source(number)) for number in order] == [ROWS[number] for number in order]


def test_values_that_json_has_no_word_for() -> None:
    row = {
        "title": "A",
        "body": b"Bytes of text.",
        "image": b"\xff\xd8",
        "date": datetime.date(2025, 3, 4),
        "modified": datetime.datetime(2025, 3, 4, 5, 6, 7, tzinfo=datetime.UTC),
        "score": Decimal("1.50"),
        "views": float("nan"),
        "tags": ["x", "y"],
        "seo": {"title": "S"},
        "draft": False,
    }
    (post,) = read("a.parquet", written([row]))
    assert post.blocks[0].text == "Bytes of text."
    values = {entry.path: entry.value for entry in post.meta}
    assert values == {
        ("title",): "A",
        ("image",): "null",
        ("date",): "2025-03-04",
        ("modified",): "2025-03-04 05:06:07.000000Z",
        ("score",): "1.50",
        ("views",): "null",
        ("tags", 0): "x",
        ("tags", 1): "y",
        ("seo", "title"): "S",
        ("draft",): "false",
    }


def test_dates_that_python_does_not_have() -> None:
    columns = {
        "title": ["A"],
        "date": pyarrow.array([2**62], pyarrow.timestamp("us")),
        "modified": pyarrow.array([1], pyarrow.timestamp("ns")),
    }
    stream = io.BytesIO()
    pq.write_table(pyarrow.table(columns), stream)
    (post,) = read("a.parquet", stream.getvalue())
    values = {entry.key: entry.value for entry in post.meta}
    assert values["title"] == "A"
    assert values["modified"] == "1970-01-01 00:00:00.000000001"


def test_what_is_broken() -> None:
    (post,) = read("a.parquet", b"PAR1 and nothing more")
    assert post.format == "unreadable"
    assert str(post.problems[0].values["reason"]).startswith("not valid Parquet (")
    data = bytearray(written([{"title": "A" * 50, "body": str(number) * 500} for number in range(200)], 100))
    data[4:400] = bytes(396)
    posts = read("a.parquet", bytes(data))
    assert len(posts) == 200
    assert {post.format for post in posts[:100]} == {"unreadable"}
    assert {post.format for post in posts[100:]} == {"markdown"}


def test_without_the_library_the_user_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(written(ROWS))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UserError, match=r'a\.parquet: Parquet files are read by pyarrow.*"postlint\[parquet\]"'):
        split(str(path), io.BytesIO())
    assert run([str(path), "--isolated", "--jobs", "1"]) == 2


def test_in_folders_those_are_read_that_a_map_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.parquet").write_bytes(written([{"name": "A", "copy": "TODO(me): say more."}]))
    assert not looks_like_posts("a.parquet", Path("a.parquet").read_bytes(), FieldMap())
    Path("b.md").write_text("Tea.\n")
    assert run([".", "--select", "REV010"]) == 0
    Path("postlint.toml").write_text('[[fields]]\nfiles = ["*.parquet"]\nbody = "copy"\n')
    capsys.readouterr()
    assert run([".", "--select", "REV010", "--format", "full"]) == 1
    assert '1 | {"name": "A", "copy": "TODO(me): say more."}\n' in capsys.readouterr().out
