"""The documentation as a site: it is built without a warning, whole, and its commands do what the pages say."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml

from postlint.cli import run
from postlint.commands.group import group
from postlint.rules import all_rules

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs").glob("*.md"))
FENCED = re.compile(r"```(?:\w*)\n(.*?)```", re.DOTALL)


def commands(page: Path) -> list[list[str]]:
    """The command lines of postlint in the code blocks of a page, redirections left out."""
    rows = [row.strip() for block in FENCED.findall(page.read_text(encoding="utf-8")) for row in block.splitlines()]
    rows += re.findall(r"^    (postlint .*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    wanted = (row.removeprefix("$ ") for row in rows if row.removeprefix("$ ").startswith("postlint "))
    # The first line of a baseline looks like a command, and is none.
    wanted = (row for row in wanted if row != "postlint baseline 1")
    return [shlex.split(row.partition(" > ")[0].partition(" | ")[0], comments=True)[1:] for row in wanted]


def build(source: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """Build the site of a checkout."""
    pytest.importorskip("material", reason="mkdocs-material builds the site, and is not installed here")
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", source / "mkdocs.yml", "-d", target],
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as it is built."""
    target = tmp_path_factory.mktemp("site")
    done = build(ROOT, target)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return target


def test_every_page_is_in_the_site_and_every_rule_can_be_searched_for(site: Path) -> None:
    assert {path.stem for path in site.glob("*.html")} == {page.stem for page in PAGES} | {"404"}
    found = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    titles = {entry["title"] for entry in found}
    assert {f"{code} {rule.name}" for code, rule in all_rules().items()} <= titles


def test_links_to_files_of_the_repository_lead_there(site: Path) -> None:
    page = (site / "rules.html").read_text(encoding="utf-8")
    assert 'href="https://github.com/postlint/postlint/blob/main/rules/REV001-needs-human-review.yaml"' in page
    assert 'href="../' not in page


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    for path in site.glob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert re.findall(r'<(?:script|img|iframe)[^>]*src="(?:https?:)?//[^"]*"', page) == [], path.name
        assert re.findall(r'<link[^>]*rel="(?:stylesheet|preconnect)"[^>]*href="(?:https?:)?//', page) == [], path.name


def test_a_link_that_leads_nowhere_stops_the_build(tmp_path: Path) -> None:
    for name in ("docs", "ci"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    page = tmp_path / "docs" / "start.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n[x](rules.md#no-such-rule)\n", encoding="utf-8")
    done = build(tmp_path, tmp_path / "site")
    assert done.returncode == 1
    assert "no-such-rule" in done.stderr


def test_the_order_of_pages_names_each_once() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    named = re.findall(r"([\w-]+\.md)$", text, re.MULTILINE)
    assert sorted(named) == [page.name for page in PAGES]
    assert yaml.safe_load(text)["strict"] is True


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md"], ids=lambda page: page.stem)
def test_commands_of_a_page_can_be_parsed(page: Path) -> None:
    for arguments in commands(page):
        command: click.Command = group
        if arguments[0] not in group.list_commands(click.Context(group)):
            arguments = ["check", *arguments]
        while isinstance(command, click.Group):
            found = command.get_command(click.Context(command), arguments[0])
            assert found is not None, arguments
            command, arguments = found, arguments[1:]
        if "--help" not in arguments:
            command.make_context(command.name, list(arguments))


def test_the_steps_for_a_large_corpus_can_be_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = ROOT / "docs" / "adoption.md"
    shutil.copytree(ROOT / "fixtures" / "site" / "posts", tmp_path / "content")
    (tmp_path / "hugo.toml").touch()
    monkeypatch.chdir(tmp_path)
    init, statistics, report, diff, fix, create, prune = commands(page)
    configurations = re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert run(init) == 0
    assert run(statistics) == 1
    assert run(report) in (0, 1)
    assert Path("review.html").stat().st_size > 10_000
    Path("postlint.toml").write_text(configurations[0], encoding="utf-8")
    capsys.readouterr()
    run(["check"])
    assert ": info IMG001 " in capsys.readouterr().out
    would = run(diff)
    assert run(fix) == 1
    assert run(diff) == 0 <= would
    assert run(create) == 0
    rule, _, tables = configurations[0].partition("\n\n")
    Path("postlint.toml").write_text(f"{rule}\n{configurations[1]}\n{tables}", encoding="utf-8")
    capsys.readouterr()
    assert run(["check"]) == 0
    assert "No violations" in capsys.readouterr().out
    copied = Path("content") / "copied.md"
    shutil.copy(Path("content") / "mudguards-that-last.md", copied)
    assert run([str(copied)]) == 1
    copied.unlink()
    (Path("content") / "brake-pads-for-commuters.md").unlink()
    before = Path(".postlint-baseline").read_text(encoding="utf-8")
    assert run(prune) == 0
    assert len(Path(".postlint-baseline").read_text(encoding="utf-8")) < len(before)
