"""`postlint check --watch`: what runs it again, what does not, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import pytest

from postlint.cli import run
from postlint.commands import watching

FLAGGED = "---\nneeds_human_review: true\n---\n\nWords.\n"
CLEAN = FLAGGED.replace("true", "false")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one post, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "a.md").write_text(CLEAN, encoding="utf-8")
    return tmp_path


class Happening:
    """Things that happen to files one after the other, each told as the system would."""

    def __init__(self, *texts: tuple[str, str]) -> None:
        self.texts = texts
        self.paths: Sequence[str] = ()

    def __call__(self, paths: Sequence[str]) -> Iterator[Collection[str]]:
        self.paths = paths
        yield set()
        for name, text in self.texts:
            Path(name).write_text(text, encoding="utf-8")
            yield {str(Path(name).absolute())}
            yield set()
        raise KeyboardInterrupt


def runs(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The last line of each report."""
    return [row for row in capsys.readouterr().out.splitlines() if row.startswith(("Found", "No violations"))]


def test_each_change_of_a_post_or_the_configuration_is_a_run(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    happening = Happening(
        ("posts/a.md", FLAGGED),
        ("posts/notes.py", "x"),
        ("posts/b.md", FLAGGED),
        ("postlint.toml", 'ignore = ["REV001"]\n'),
        ("posts/a.md", CLEAN),
    )
    monkeypatch.setattr(watching, "changes", happening)
    assert run(["posts", "--watch"]) == 0
    assert runs(capsys) == [
        "No violations in 1 post.",
        "Found 1 violation (1 error) in 1 of 1 post.",
        "Found 2 violations (2 errors) in 2 of 2 posts.",
        "No violations in 2 posts.",
        "No violations in 2 posts.",
    ]
    assert list(happening.paths) == ["posts"]


def test_what_a_run_writes_is_no_change(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    happening = Happening(("posts/out.json", "{}"), (".postlint_cache/index-0.db", ""), ("posts/a.md", FLAGGED))
    Path(".postlint_cache").mkdir()
    monkeypatch.setattr(watching, "changes", happening)
    assert run(["posts", "--watch", "--report", "json=posts/out.json"]) == 0
    assert len(runs(capsys)) == 2


def test_a_mistake_is_said_and_mended_by_the_next_change(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("postlint.toml").write_text('corpus = ["posts"]\n', encoding="utf-8")
    happening = Happening(("postlint.toml", "ignore = 1\n"), ("postlint.toml", 'ignore = ["BP"]\n'))
    monkeypatch.setattr(watching, "changes", happening)
    assert run(["posts", "--watch"]) == 0
    said = capsys.readouterr()
    assert said.out.count("No violations in 1 post.") == 2
    assert said.err.count('postlint.toml:1: "ignore" is a list of strings, not 1') == 1
    assert list(happening.paths) == ["posts", str(site / "postlint.toml"), str(site / "posts")]
    # At the start a mistake ends it.
    Path("postlint.toml").write_text("ignore = 1\n", encoding="utf-8")
    assert run(["posts", "--watch"]) == 2


def test_only_a_terminal_is_cleared(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(watching, "changes", Happening())
    run(["posts", "--watch"])
    assert watching.CLEAR not in capsys.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    run(["posts", "--watch"])
    assert capsys.readouterr().out.startswith(watching.CLEAR)


@pytest.mark.parametrize("more", [["--fix"], ["--diff"], ["--staged"], ["--show-files"]])
def test_what_makes_no_sense_is_refused(more: list[str], site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["posts", "--watch", *more]) == 2
    assert f"--watch and {more[0]} exclude each other" in capsys.readouterr().err
    assert run(["nowhere", "--watch"]) == 2


def test_without_the_extra_there_is_a_word_how_to_get_it(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(watching, "find_spec", lambda name: None)
    assert run(["posts", "--watch"]) == 2
    assert capsys.readouterr().err == 'postlint: error: --watch needs watchfiles: pip install "postlint[watch]"\n'


def test_the_system_tells_what_has_changed_and_an_interrupt_ends_it(site: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "postlint", "posts", "--watch"], stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == "No violations in 1 post.\n"
        (site / "posts" / "a.md").write_text(FLAGGED, encoding="utf-8")
        assert process.stdout.readline().startswith("posts/a.md:2:")
        assert process.stdout.readline().startswith("Found 1 violation")
        os.kill(process.pid, signal.SIGINT)
        assert process.wait() == 0
