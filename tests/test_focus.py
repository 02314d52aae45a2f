"""Some posts judged against all: the report of a whole run, cut down to what was asked for, however it was asked."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from corpora import some_posts
from hypothesis import given, settings
from hypothesis import strategies as st

from postlint import engine
from postlint.cli import run
from postlint.engine import check_sources
from postlint.rules import all_rules
from postlint.settings import Settings
from postlint.violations import Report

DEFAULT = Settings(codes=tuple(code for code, rule in all_rules().items() if rule.default), as_of=date(2026, 11, 20))
TEXT = (
    "Rinse the lentils until the water runs clear, then let them soak for an hour. Cut two onions and a carrot while"
    " you wait, and warm the oil slowly in the widest pan you have.\n"
)
OTHER = "A bicycle chain wants oil once a month, and a clean rag more often than that when the roads are wet.\n"
GIT = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}


@pytest.fixture(autouse=True)
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three posts: two with one paragraph, one by itself."""
    monkeypatch.chdir(tmp_path)
    for name, value in GIT.items():
        monkeypatch.setenv(name, value)
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    for name, body in (("old-soup", TEXT), ("new-stew", TEXT), ("chains", OTHER)):
        post(name, body)


def post(name: str, body: str) -> None:
    path = Path("posts") / f"{name}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"---\ntitle: On {name}\n---\n\n{body}", encoding="utf-8")


def git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True, capture_output=True)


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, str, str]]:
    """Path, code and the other post of each violation of a run."""
    run([*arguments, "-f", "json", "--exit-zero", "--select", "BP001"])
    output = capsys.readouterr()
    assert output.err == ""
    return [
        (violation["path"], violation["code"], violation["data"]["other"])
        for violation in json.loads(output.out)["violations"]
    ]


NEW = ("posts/new-stew.md", "BP001", "posts/old-soup.md")
OLD = ("posts/old-soup.md", "BP001", "posts/new-stew.md")


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**6))
def test_the_report_of_some_is_that_of_all_cut_down(seed: int) -> None:
    posts = some_posts(seed, 12)
    rng = random.Random(seed)
    others = frozenset(rng.sample(sorted(posts), rng.randrange(1, len(posts))))
    whole = check_sources(posts, DEFAULT)
    some = check_sources(posts, DEFAULT, others)
    assert some.violations == tuple(violation for violation in whole.violations if violation.path not in others)
    assert some.files == some.posts == len(posts) - len(others)


def test_posts_alone_are_judged_by_themselves(capsys: pytest.CaptureFixture[str]) -> None:
    assert found(capsys, "posts/new-stew.md") == []
    assert found(capsys, "posts") == [NEW, OLD]


def test_corpus_of_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert found(capsys, "posts/new-stew.md", "--corpus", "posts") == [NEW]
    assert found(capsys, "posts/chains.md", "--corpus", "posts") == []


def test_corpus_of_the_configuration(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    Path("postlint.toml").write_text('corpus = ["posts/"]\n', encoding="utf-8")
    assert found(capsys, "posts/new-stew.md") == [NEW]
    assert found(capsys, "check") == [NEW, OLD]
    monkeypatch.chdir("posts")
    assert found(capsys, "new-stew.md") == [("new-stew.md", "BP001", "old-soup.md")]


def test_corpus_that_is_not_there_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    Path("postlint.toml").write_text('# what is published\ncorpus = ["postz/"]\n', encoding="utf-8")
    assert run(["posts"]) == 2
    assert capsys.readouterr().err.endswith('postlint.toml:2: "postz/": no such file or folder\n')
    assert run(["posts", "--corpus", "postz", "--isolated"]) == 2
    assert capsys.readouterr().err == "postlint: error: postz: no such file or folder\n"


def test_a_link_and_what_it_leads_to_are_one_post(capsys: pytest.CaptureFixture[str]) -> None:
    os.symlink(os.path.abspath("posts/chains.md"), "draft.md")
    assert found(capsys, "draft.md", "--corpus", "posts") == []


def test_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Unsaved text takes the place of the file, or is a new one; the file stays as it is."""
    before = Path("posts/chains.md").read_bytes()
    for name in ("posts/chains.md", "posts/unborn.md"):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
        assert found(capsys, "-", "--stdin-filename", name, "--corpus", "posts") == [
            (name, "BP001", "posts/new-stew.md")
        ]
    assert Path("posts/chains.md").read_bytes() == before
    assert not Path("posts/unborn.md").exists()


def test_standard_input_is_what_the_full_report_shows(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"---\nneeds_review: true\n---\n\nNew.\n")))
    assert run(["-", "--stdin-filename", "posts/chains.md", "-f", "full", "--select", "REV001"]) == 1
    assert "2 | needs_review: true" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-"], "standard input is checked with - and --stdin-filename"),
        (["posts", "--stdin-filename", "a.md"], "standard input is checked with - and --stdin-filename"),
        (["-", "posts", "--stdin-filename", "a.md"], "standard input (-) is checked by itself"),
        (["-", "--stdin-filename", "a.md", "--staged"], "--stdin-filename excludes --diff-base and --staged"),
        (["-", "--stdin-filename", "a.docx"], "a.docx: no reader for a file of this name"),
    ],
)
def test_wrong_use_of_standard_input(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert message in capsys.readouterr().err


def test_diff_base(capsys: pytest.CaptureFixture[str]) -> None:
    """What a branch has changed, committed or not, and files that git does not know yet."""
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "Posts")
    assert found(capsys, "posts", "--diff-base", "main") == []
    git("checkout", "-qb", "branch")
    post("new-stew", f"Warm days, cold soup.\n\n{TEXT}")
    git("commit", "-qam", "Longer")
    assert found(capsys, "posts", "--diff-base", "main") == [NEW]
    post("third", TEXT)
    assert found(capsys, "posts", "--diff-base", "main") == [
        NEW,
        ("posts/third.md", "BP001", "posts/new-stew.md"),
    ]
    # What main has done since is not the branch's work.
    git("stash", "-qu")
    git("checkout", "-q", "main")
    post("chains", f"{OTHER}\n{TEXT}")
    git("commit", "-qam", "On main")
    git("checkout", "-q", "branch")
    assert found(capsys, "posts", "--diff-base", "main") == [NEW]


def test_diff_base_that_is_no_revision(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["posts", "--diff-base", "main"]) == 2
    assert "not a git repository" in capsys.readouterr().err
    git("init", "-q")
    for revision in ("nowhere", "-q", "--output=posts/chains.md"):
        assert run(["posts", f"--diff-base={revision}"]) == 2
        assert capsys.readouterr().err.startswith("postlint: error: ")
    assert "On chains" in Path("posts/chains.md").read_text(encoding="utf-8")


def test_staged_is_what_will_be_committed(capsys: pytest.CaptureFixture[str]) -> None:
    git("init", "-q")
    git("add", "posts/new-stew.md", "posts/chains.md")
    assert found(capsys, "posts/new-stew.md", "--corpus", "posts", "--staged") == []
    git("add", "posts/old-soup.md")
    assert found(capsys, "posts/new-stew.md", "--corpus", "posts", "--staged") == [NEW]
    # Without a corpus it is all that git tracks.
    assert found(capsys, "posts/new-stew.md", "--staged") == [NEW]
    # An edit that is not staged does not count, nor does it hide what is.
    post("old-soup", OTHER)
    assert found(capsys, "posts/new-stew.md", "--corpus", "posts", "--staged") == [NEW]
    assert found(capsys, "posts/new-stew.md", "--corpus", "posts") == []
    assert run(["posts", "--staged", "--diff-base", "HEAD", "-q"]) == 2


def test_force_exclude_is_for_files_that_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    Path("postlint.toml").write_text('exclude = ["posts/new-*"]\n', encoding="utf-8")
    Path("README.md").write_text(TEXT, encoding="utf-8")
    named = ["posts/new-stew.md", "posts/old-soup.md", "README.md"]
    assert len(found(capsys, *named)) == 3
    assert found(capsys, *named, "--force-exclude") == []
    assert run(["posts/new-stew.md", "--force-exclude"]) == 0
    assert capsys.readouterr().out == "No violations in 0 posts.\n"


def test_clean_removes_what_postlint_made(capsys: pytest.CaptureFixture[str]) -> None:
    Path("postlint.toml").write_text('corpus = ["posts/"]\n', encoding="utf-8")
    assert run(["clean"]) == 0
    assert capsys.readouterr().err == "postlint: there is no .postlint_cache\n"
    found(capsys, "posts/new-stew.md")
    names = sorted(os.listdir(".postlint_cache"))
    assert names[:2] == [".gitignore", "CACHEDIR.TAG"]
    assert len(names) == 3
    assert Path(".postlint_cache/.gitignore").read_text(encoding="utf-8") == "*\n"
    Path(".postlint_cache/letter.txt").write_text("mine", encoding="utf-8")
    assert run(["clean"]) == 0
    assert os.listdir(".postlint_cache") == ["letter.txt"]
    os.unlink(".postlint_cache/letter.txt")
    assert run(["clean"]) == 0
    assert not Path(".postlint_cache").exists()


def staged_story(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[list[tuple[str, str, str]]]:
    """What each step of the work on a repository finds, in the post that the step is about."""
    git("init", "-q", "-b", "main")
    git("add", "posts")
    git("commit", "-qm", "Posts")
    steps = [found(capsys, "posts/new-stew.md", "--staged", *arguments)]
    # Edited, and not staged; then staged; then committed.
    post("old-soup", OTHER)
    steps.append(found(capsys, "posts/new-stew.md", "--staged", *arguments))
    git("add", "posts/old-soup.md")
    steps.append(found(capsys, "posts/new-stew.md", "--staged", *arguments))
    steps.append(found(capsys, "posts/old-soup.md", "--staged", *arguments))
    git("commit", "-qm", "Soup")
    steps.append(found(capsys, "posts/new-stew.md", "--staged", *arguments))
    # A new post, first unknown to git, then gone again, from the disk and from the index.
    post("third", TEXT)
    steps.append(found(capsys, "posts/new-stew.md", "--staged", *arguments))
    git("add", "posts/third.md")
    steps.append(found(capsys, "posts/third.md", "--staged", *arguments))
    os.unlink("posts/third.md")
    steps.append(found(capsys, "posts/new-stew.md", "--staged", *arguments))
    git("rm", "-q", "--cached", "posts/third.md")
    steps.append(found(capsys, "posts/new-stew.md", "--staged", *arguments))
    # Back to what it was, and a history that does not hold what the index knew.
    git("checkout", "-q", "HEAD~", "--", "posts/old-soup.md")
    steps.append(found(capsys, "posts/old-soup.md", "--staged", *arguments))
    git("commit", "-q", "--amend", "--allow-empty", "-m", "Soup again")
    git("reflog", "expire", "--expire=now", "--all")
    git("gc", "-q", "--prune=now")
    steps.append(found(capsys, "posts/old-soup.md", "--staged", *arguments))
    return steps


@pytest.mark.parametrize("arguments", [(), ("--no-cache",)])
def test_staged_at_every_step(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    new, third = "posts/new-stew.md", "posts/third.md"
    with_third = (new, "BP001", third)
    assert staged_story(capsys, *arguments) == [
        [NEW],
        [NEW],
        [],
        [("posts/old-soup.md", "BP001", "posts/chains.md")],
        [],
        [],
        [(third, "BP001", new)],
        [with_third],
        [],
        [OLD],
        [OLD],
    ]


def test_staged_shows_what_is_staged(capsys: pytest.CaptureFixture[str]) -> None:
    git("init", "-q")
    Path("posts/chains.md").write_text("---\nneeds_review: true\n---\n\nStaged.\n", encoding="utf-8")
    git("add", "posts")
    Path("posts/chains.md").write_text("Something else.\n", encoding="utf-8")
    for _ in ("cold", "warm"):
        assert run(["posts/chains.md", "--staged", "-f", "full", "--select", "REV001,BP001"]) == 1
        assert "2 | needs_review: true" in capsys.readouterr().out


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many files each run over all posts was to read; runs that an index answers leave nothing."""
    counted: list[int] = []
    check = engine.check

    def counting(paths: list[str], *arguments: Any, **more: Any) -> Report:
        counted.append(len(paths) + len(more["others"]))
        return check(paths, *arguments, **more)

    monkeypatch.setattr(engine, "check", counting)
    return counted


@pytest.mark.parametrize("arguments", [(), ("--staged",)])
def test_who_has_an_index_reads_no_other_posts(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str], readings: list[int]
) -> None:
    git("init", "-q")
    git("add", "posts")
    few = ("posts/new-stew.md", "--corpus", "posts", *arguments)
    assert found(capsys, *few) == [NEW]
    assert readings == [3]
    post("new-stew", OTHER)
    git("add", "posts")
    assert found(capsys, *few) == [("posts/new-stew.md", "BP001", "posts/chains.md")]
    assert readings == [3]


@pytest.mark.parametrize("arguments", [(), ("--staged",)])
def test_while_nothing_changes_the_report_is_the_last_one(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str], readings: list[int]
) -> None:
    git("init", "-q")
    git("add", "posts")
    Path("postlint.toml").write_text('corpus = ["posts/"]\n', encoding="utf-8")

    def whole(*more: str) -> str:
        run(["check", "-f", "json", "--exit-zero", "--as-of", "2026-11-20", *arguments, *more])
        return capsys.readouterr().out

    first = whole()
    assert whole() == first
    assert readings == [3]
    assert whole("-f", "full") == whole("-f", "full", "--no-cache")
    assert readings == [3, 3]
    assert whole("--select", "BP001") == whole("--select", "BP001", "--no-cache") != first
    assert readings == [3, 3, 3, 3]
    post("chains", TEXT)
    git("add", "posts")
    assert whole() == whole("--no-cache") != first
    assert readings == [3, 3, 3, 3, 3, 3]
