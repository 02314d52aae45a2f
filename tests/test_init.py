"""`postlint init`: what it takes a folder for, what it writes, and what it leaves alone."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from postlint.cli import run
from postlint.config import read

POSTS = Path(__file__).parents[1] / "fixtures" / "site" / "posts"
POST = "---\ntitle: Spokes\n---\n\nSpokes are pulled, not pushed.\n"
EXPORT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><wp:wxr_version>1.2</wp:wxr_version>\n'
    "<item><title>Spokes</title><content:encoded><![CDATA[<p>Pulled, not pushed.</p>]]></content:encoded>"
    "<wp:post_type>post</wp:post_type><wp:status>publish</wp:status></item></channel></rss>\n"
)

SITES = {
    "a Hugo site": (["hugo.toml", "content/posts/a.md", "themes/x/exampleSite/content/b.md"], ["content"]),
    "a Jekyll site": (["_config.yml", "_posts/2026-01-02-a.md", "_drafts/b.md", "about.md"], ["_posts", "_drafts"]),
    "an Astro site": (["astro.config.mjs", "src/content/blog/a.md", "src/pages/b.md"], ["src/content", "src/pages"]),
    "a Docusaurus site": (["docusaurus.config.ts", "blog/a.mdx", "docs/b.md", "src/pages/c.md"], ["blog", "docs"]),
    "an Eleventy site": (["eleventy.config.js", "src/posts/a.md", "src/b.md"], ["src"]),
    "an export of WordPress": (["site.xml"], ["site.xml"]),
    "a folder of posts": (["a.md", "b/c.md"], ["."]),
    "a folder of posts ": (["_config.yml", "a.md"], ["."]),
}


@pytest.mark.parametrize("name", SITES)
def test_each_site_gets_its_posts(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files, corpus = SITES[name]
    monkeypatch.chdir(tmp_path)
    for file in files:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        Path(file).write_text(EXPORT if file.endswith(".xml") else POST, encoding="utf-8")
    assert run(["init"]) == 0
    written = Path("postlint.toml").read_text(encoding="utf-8")
    assert f"for {name.strip()}. " in written
    assert tomllib.loads(written) == {"corpus": corpus, "fail-on": "warning"}
    assert read(Path("postlint.toml")).corpus == tuple(corpus)
    assert capsys.readouterr().out.startswith(f"Wrote postlint.toml for {name.strip()}: {', '.join(corpus)}.\n")


def test_what_a_run_finds_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(POSTS, tmp_path / "content")
    (tmp_path / "hugo.toml").touch()
    monkeypatch.chdir(tmp_path.parent)
    assert run(["init", tmp_path.name]) == 0
    said = capsys.readouterr().out
    assert Path.cwd() == tmp_path.parent
    monkeypatch.chdir(tmp_path)
    run(["check"])
    run(["--statistics", "--quiet"])
    counted = capsys.readouterr().out
    found = said.partition("A run finds ")[2]
    assert found.startswith("25 violations in 6 of 9 posts, most often:\n")
    rows = [row.split() for row in found.splitlines()[1:6]]
    assert rows[0] == ["7", "BP001", "repeated-paragraph"]
    assert all(code in counted for _, code, _ in rows)
    assert [int(count) for count, _, _ in rows] == sorted((int(count) for count, _, _ in rows), reverse=True)


@pytest.mark.parametrize("name", ["postlint.toml", ".postlint.toml", "pyproject.toml"])
def test_what_is_there_is_never_written_over(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.md").write_text(POST, encoding="utf-8")
    text = '[tool.postlint]\nignore = ["REV"]\n' if name == "pyproject.toml" else 'ignore = ["REV"]\n'
    Path(name).write_text(text, encoding="utf-8")
    assert run(["init"]) == 2
    assert capsys.readouterr().err == f"postlint: error: {name} is there already; nothing was written\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.md", name] if name > "a" else [name, "a.md"]
    assert Path(name).read_text(encoding="utf-8") == text


def test_a_link_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.md").write_text(POST, encoding="utf-8")
    Path("postlint.toml").symlink_to("elsewhere.toml")
    assert run(["init"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert not Path("elsewhere.toml").exists()


def test_a_configuration_above_is_none_of_this_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "postlint.toml").write_text('ignore = ["REV"]\n', encoding="utf-8")
    (tmp_path / "blog").mkdir()
    (tmp_path / "blog" / "a.md").write_text(POST, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "blog")
    assert run(["init"]) == 0
    assert Path("postlint.toml").exists()


@pytest.mark.parametrize(("folder", "said"), [(".", "there are no posts in this folder"), ("no", "no: no such folder")])
def test_without_posts_nothing_is_written(
    folder: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("hugo.toml").touch()
    assert run(["init", folder]) == 2
    assert capsys.readouterr().err.startswith(f"postlint: error: {said}")
    assert [path.name for path in tmp_path.iterdir()] == ["hugo.toml"]
