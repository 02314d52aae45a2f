"""A repository takes up a baseline and lives with it: `benchmarks/story.py` tells what must be so after every step."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from story import Story, main


def test_the_story_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    story = Story(posts=40, seed=3)
    story.tell()
    steps = {step.name: step for step in story.steps}
    assert list(steps) == [
        "create", "edit", "spoil", "take back", "rename", "rename, update", "copy", "copy removed", "replace",
        "put back", "waive", "fix", "prune", "other words", "a rule by another code",
    ]  # fmt: skip
    assert steps["create"].held > 40
    # 14 of 40 posts have debris, with two violations each.
    assert steps["fix"].gone == 28
    assert steps["prune"].gone == 0
    assert steps["spoil"].reported == 3


def test_it_is_told_as_a_table(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["story.py", "--posts", "8"])
    main()
    printed = capsys.readouterr()
    assert printed.err.startswith("create: 0 reported")
    assert re.search(r"^\| spoil +\| 3 +\|", printed.out, re.MULTILINE)
    assert "\n8 posts; the baseline has " in printed.out


def test_a_story_that_comes_out_otherwise_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("postlint.baseline.matching._Matching._find_moved", lambda self, unsettled: None)
    story = Story(posts=12, seed=3)
    with pytest.raises(AssertionError, match=r"^rename: "):
        story.tell()
    assert story.steps[-1].name == "take back"
