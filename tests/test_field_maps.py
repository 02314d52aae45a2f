"""What the configuration says of records, on the whole way: which files are read, and what their keys are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from postlint.cli import run
from postlint.field_map import FieldMap, FieldMaps

LONG = "Barley keeps its own calendar, and a mill that forgets the calendar grinds a poor and bitter flour. " * 3
STORY = {"id": 1, "name": "Oats", "payload": {"copy": "<p>Oats &amp; ale.</p><p>TODO(me): say more.</p>"}}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dumps").mkdir()
    (tmp_path / "dumps" / "stories.json").write_text(
        json.dumps({"v": 1, "data": {"stories": [STORY, STORY]}}, indent=1)
    )
    (tmp_path / "dumps" / "package.json").write_text('{"name": "mill", "version": "1.0.0"}')
    (tmp_path / "dumps" / "posts.jsonl").write_text(json.dumps({"title": "Rye", "body": LONG}))
    (tmp_path / "dumps" / "own.jsonl").write_text(json.dumps({"name": "Rye", "copy": LONG}))


def files(capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert run([".", "--show-files"]) == 0
    return capsys.readouterr().out.split()


def test_in_folders_what_looks_like_posts_is_read_and_what_a_map_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert files(capsys) == ["dumps/posts.jsonl"]
    Path("postlint.toml").write_text('[[fields]]\nfiles = ["dumps/st*.json"]\n')
    assert files(capsys) == ["dumps/posts.jsonl", "dumps/stories.json"]
    # A map for all files says how their records look, not that they are posts.
    Path("postlint.toml").write_text('[fields]\nbody = "copy"\n')
    assert files(capsys) == ["dumps/own.jsonl"]


def test_a_named_file_is_read_whatever_it_looks_like(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dumps/package.json", "--show-files"]) == 0
    assert capsys.readouterr().out == "dumps/package.json\n"


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_violations_of_mapped_records(jobs: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("postlint.toml").write_text(
        '[[fields]]\nfiles = ["dumps/stories.json"]\nposts = "data.stories"\ntitle = "name"\nbody = "payload.copy"\n'
    )
    assert run(["dumps/stories.json", "--select", "REV010", "--format", "json", "--jobs", jobs]) == 1
    report = json.loads(capsys.readouterr().out)
    rows = Path("dumps/stories.json").read_text().split("\n")
    found = [(one["post"], one["location"]) for one in report["violations"]]
    places = [number for number, row in enumerate(rows, 1) if "TODO" in row]
    column = rows[places[0] - 1].index("TODO") + 1
    assert found == [
        ("Oats", {"row": places[0], "column": column}),
        ("Oats", {"row": places[1], "column": column}),
    ]


def test_the_list_that_a_map_names_is_the_one_that_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """The rows of a report are read anew: by the same map."""
    both = {"old": [{"title": "A", "body": "TODO(me): old."}], "new": [{"title": "B", "body": "TODO(me): new."}]}
    Path("dumps/both.json").write_text(json.dumps(both, indent=1))
    Path("postlint.toml").write_text('[[fields]]\nfiles = ["both.json"]\nposts = "new"\n')
    assert run(["dumps/both.json", "--select", "REV010", "--format", "full"]) == 1
    text = capsys.readouterr().out
    assert "TODO(me): new." in text
    assert "TODO(me): old." not in text


def test_the_first_map_for_a_file_counts() -> None:
    some = FieldMap(files=("a/*.json", "!a/b.json"))
    every = FieldMap(format="html")
    maps = FieldMaps((some, every), "/root")
    assert maps.of("/root/a/x.json") is some
    assert maps.of("/root/a/b.json") is every
    assert maps.of("/elsewhere/a/x.json") is every
    assert FieldMaps((some,), "/root").of("/elsewhere/a/x.json") is None
    assert (maps.name("/root/a/x.json"), maps.name("/root/a/b.json")) == (True, False)
