"""Discovery: what is found in folders, what is not, and how it is printed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from postlint.discover import Search, discover
from postlint.errors import UserError


@pytest.fixture(autouse=True)
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(*names: str, text: str = "text\n") -> None:
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_folders_are_searched_in_order_for_known_suffixes() -> None:
    write("b/z.md", "b/a.txt", "a/x.MDX", "a/y.markdown", "c.md", "b/no.docx", "b/no")
    assert discover(["."]) == ["a/x.MDX", "a/y.markdown", "b/a.txt", "b/z.md", "c.md"]


def test_each_file_once_whatever_names_it() -> None:
    write("a/x.md", "a/y.md")
    assert discover(["a/y.md", "a", "./a/../a/x.md", str(Path("a").absolute())]) == ["a/x.md", "a/y.md"]


def test_paths_outside_are_printed_as_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("site/a.md", "here/b.md")
    monkeypatch.chdir(tmp_path / "here")
    assert discover(["../site"]) == ["../site/a.md"]
    assert discover(["../site/./a.md"]) == ["../site/a.md"]
    assert discover([str(tmp_path / "site")]) == [f"{tmp_path.as_posix()}/site/a.md"]
    assert discover([str(tmp_path / "here")]) == ["b.md"]


@pytest.mark.parametrize(
    "name",
    [
        ".hidden/a.md", ".a.md", "node_modules/p/a.md", "vendor/bundle/a.md", "_site/a.md", "x/venv/a.md",
        "README.md", "sub/readme.md", "LICENSE.txt", "Changelog.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md",
        "SECURITY.md", "robots.txt", "requirements.txt", "docs/llms.txt",
    ],
)  # fmt: skip
def test_what_is_no_post_is_passed_over_in_folders_and_taken_when_named(name: str) -> None:
    write("post.md", name)
    assert discover(["."]) == ["post.md"]
    assert discover([name]) == [name]


@pytest.mark.parametrize(
    "name", ["security.md", "history.md", "robots.md", "readme-first.md", "public/a.md", "build/a.md"]
)
def test_what_may_be_a_post_is_one(name: str) -> None:
    write(name)
    assert discover(["."]) == [name]


def test_gitignore_is_respected_at_every_level() -> None:
    write(".gitignore", text="drafts/\n*.txt\n/top.md\n")
    write("sub/.gitignore", text="!keep.txt\nlocal.md\n")
    write("drafts/a.md", "a.txt", "top.md", "sub/top.md", "sub/keep.txt", "sub/local.md", "local.md")
    assert discover(["."]) == ["local.md", "sub/keep.txt", "sub/top.md"]


def test_gitignore_above_the_path_counts_within_a_repository() -> None:
    write(".gitignore", text="*.txt\nposts/old.md\n")
    write("posts/a.md", "posts/a.txt", "posts/old.md")
    assert discover(["posts"]) == ["posts/a.md", "posts/a.txt", "posts/old.md"]
    Path(".git").mkdir()
    assert discover(["posts"]) == ["posts/a.md"]


def test_ignored_folder_that_is_named_is_searched() -> None:
    Path(".git").mkdir()
    write(".gitignore", text="generated/\n")
    write("generated/deep/a.md", "b.md")
    assert discover(["."]) == ["b.md"]
    assert discover(["generated"]) == ["generated/deep/a.md"]
    assert discover(["generated/deep"]) == ["generated/deep/a.md"]
    assert discover(["generated/deep/a.md"]) == ["generated/deep/a.md"]


def test_broken_gitignore_lines_are_left_out() -> None:
    write(".gitignore", text="!\n[z-a]\nb.md\n")
    write("a.md", "b.md")
    assert discover(["."]) == ["a.md"]


def test_gitignore_as_editors_write_it() -> None:
    Path(".gitignore").write_bytes(b"\xef\xbb\xbfb.md\r\nsub/\r\nod\xe2\x80\xa8d.md\r\n")
    write("a.md", "b.md", "sub/c.md", "od\u2028d.md", "od.md")
    assert discover(["."]) == ["a.md", "od.md"]


def test_gitignore_that_is_no_file_is_not_waited_for() -> None:
    write("a.md", "sub/b.md", "deep/c.md")
    os.mkfifo(".gitignore")
    os.mkfifo("sub/.gitignore")
    Path("deep/.gitignore").mkdir()
    assert discover(["."]) == ["a.md", "deep/c.md", "sub/b.md"]


def test_a_path_is_kept_once() -> None:
    """Those that were seen and those that are given are the same strings: there may be a million."""
    write("a/one.md", "a/b/two.md", "three.md")
    search = Search()
    files = search.files([".", "a"])
    assert files == ["a/b/two.md", "a/one.md", "three.md"]
    assert {id(path) for path in search._seen} == {id(path) for path in files}
    absolute = Search()
    named = absolute.files([str(Path("a").absolute())])
    assert {id(path) for path in absolute._seen} == {id(path) for path in named}


def test_the_same_file_by_two_names_of_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("here/a.md", "here/sub/b.md")
    Path("there").symlink_to("here", target_is_directory=True)
    assert discover(["here", "there", str(tmp_path / "there"), "there/sub"]) == ["here/a.md", "here/sub/b.md"]
    assert discover(["there", "here"]) == ["there/a.md", "there/sub/b.md"]
    # A working folder that is a link itself.
    monkeypatch.chdir("there")
    assert discover([".", str(tmp_path / "here"), "../there"]) == ["a.md", "sub/b.md"]


def test_exclude_and_include_are_relative_to_the_root(tmp_path: Path) -> None:
    write("content/a.md", "content/archive/b.md", "notes/c.md", "d.md")
    assert discover(["."], exclude=["content/archive/"], root=tmp_path) == ["content/a.md", "d.md", "notes/c.md"]
    assert discover(["content"], exclude=["/content/*.md"], root=tmp_path) == ["content/archive/b.md"]
    assert discover(["."], include=["content/**"], root=tmp_path) == ["content/a.md", "content/archive/b.md"]
    assert discover(["."], include=["content/**"], exclude=["archive"], root=tmp_path) == ["content/a.md"]
    assert discover(["content/archive/b.md"], exclude=["*.md"], root=tmp_path) == ["content/archive/b.md"]


def test_links_make_no_loops_and_no_copies() -> None:
    write("a/post.md")
    Path("a/loop").symlink_to(Path("a").absolute(), target_is_directory=True)
    Path("a/alias.md").symlink_to("post.md")
    Path("z.md").symlink_to("a/post.md")
    assert discover(["."]) == ["a/post.md"]


def test_link_to_a_file_elsewhere_is_a_post(tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "real.md"
    elsewhere.write_text("text", encoding="utf-8")
    Path("one.md").symlink_to(elsewhere)
    Path("two.md").symlink_to(elsewhere)
    assert discover(["."]) == ["one.md"]


def test_link_that_leads_nowhere_is_kept_for_the_report() -> None:
    Path("gone.md").symlink_to("nowhere.md")
    assert discover(["."]) == ["gone.md"]
    assert discover(["gone.md"]) == ["gone.md"]


def test_link_to_itself_is_kept_for_the_report() -> None:
    Path("self.md").symlink_to("self.md")
    assert discover(["."]) == ["self.md"]
    assert discover(["self.md"]) == ["self.md"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.md", "missing.md: no such file or folder"),
        ("missing", "missing: no such file or folder"),
        ("a.docx", "a.docx: no reader for .docx (known: "),
        ("Makefile", "Makefile: no reader for a file without a suffix (known: "),
    ],
)
def test_path_that_cannot_be_read_is_the_users_mistake(name: str, message: str) -> None:
    write("a.docx", "Makefile")
    with pytest.raises(UserError) as error:
        discover([name])
    assert str(error.value).startswith(message)
    assert "known" not in message or ".md, " in str(error.value)


def test_pipe_is_not_waited_for() -> None:
    os.mkfifo("pipe.md")
    write("a.md")
    assert discover(["."]) == ["a.md"]
    with pytest.raises(UserError, match="not a regular file"):
        discover(["pipe.md"])


def test_folder_without_posts_has_none() -> None:
    Path("empty").mkdir()
    assert discover(["empty"]) == []


def test_folder_that_cannot_be_searched_is_kept_for_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """One closed folder does not end the run; it is said where it is, and the others are searched."""
    write("site/open/a.md", "site/shut/b.md")
    scan = os.scandir

    def guarded(folder: str) -> object:
        if os.path.basename(folder) == "shut":
            raise PermissionError(13, "Permission denied")
        return scan(folder)

    monkeypatch.setattr(os, "scandir", guarded)
    assert discover(["site"]) == ["site/open/a.md", "site/shut"]
    with pytest.raises(UserError, match="Permission denied"):
        discover(["site/shut"])
