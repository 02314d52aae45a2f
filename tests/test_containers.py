"""Files that hold many posts, on the whole way: read one at a time, compared as others, shown where they stand."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

import pytest

from postlint import engine, facts, inspecting, readers, reporters
from postlint.cli import run
from postlint.commands.rows import rows_of
from postlint.engine import check
from postlint.likeness import identity_of, one_page
from postlint.loading import Files, Posts
from postlint.post import Block, Lines, Location, Post, Problem
from postlint.readers import split
from postlint.rules import all_rules
from postlint.settings import Settings
from postlint.violations import Report

TWICE = "Barley keeps its own calendar, and a mill that forgets the calendar grinds a poor and bitter flour all winter."
ONCE = (
    "The harbour freezes late in this part of the country, which is why the ferries go until the first week of January."
)
BODY = f"{TWICE} {ONCE} {TWICE.replace('mill', 'baker')} {ONCE.replace('ferries', 'trains')}"
PARTS = 250
"""Posts of a file, more than are taken at a time."""


class Cards:
    """Posts that stand one after the other, on one row or on many; `|` ends each."""

    def __init__(self, path: str, file: BinaryIO) -> None:
        self.path = path
        text = file.read().decode()
        self.texts = text.split("|")[:-1]
        self.lines = Lines(text)
        self.reads: list[int] = []

    def __len__(self) -> int:
        return len(self.texts)

    def start(self, number: int) -> Location:
        return self.lines.location(sum(len(text) + 1 for text in self.texts[:number]))

    def source(self, number: int) -> str:
        return self.texts[number]

    def read(self, number: int) -> Post:
        text = self.texts[number]
        start = self.start(number)
        if text == "?":
            problem = Problem("unreadable", 0, 1, {"reason": "no card"})
            return Post(self.path, "unreadable", text, number, problems=[problem], start=start)
        body = Block("paragraph", text, 0, len(text))
        return Post(self.path, "cards", text, number, blocks=[body], start=start, name=f"cards/{number}")


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("postlint.readers.cards")
    module.split = Cards  # type: ignore[attr-defined]
    module.looks_like_posts = lambda head: b"|" in head  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "postlint.readers.cards", module)
    monkeypatch.setitem(readers.FORMATS, ".cards", "cards")  # type: ignore[arg-type]
    monkeypatch.setattr(readers, "CONTAINERS", readers.CONTAINERS | {"cards"})
    monkeypatch.setattr(readers, "SNIFFED", readers.SNIFFED | {"cards"})


def settings(*codes: str) -> Settings:
    return Settings(codes=codes, as_of=date(2026, 11, 20))


def rendered(form: str, report: Report) -> str:
    with rows_of({}) as rows:
        return "".join(reporters.render(form, report, rows, colour=False))


def write(folder: Path, text: str, name: str = "a.cards") -> str:
    (folder / name).write_text(text)
    return str(folder / name)


@pytest.mark.usefixtures("cards")
def test_places_are_those_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, f"first|second row\n|{ONCE}\nTODO(me): say more.\n|?|")
    report = check([path], settings("REV010", "FMT001"))
    found = [(one.code, one.number, one.location, one.quote) for one in report.violations]
    assert found == [("REV010", 2, Location(3, 1), "TODO(me):"), ("FMT001", 3, Location(4, 2), "?")]
    assert (report.files, report.posts) == (1, 3)


@pytest.mark.usefixtures("cards")
def test_a_card_in_mid_row_is_shown_with_its_caret(tmp_path: Path) -> None:
    path = write(tmp_path, "abc|TODO(me): say more.|")
    report = check([path], settings("REV010"))
    assert report.violations[0].location == Location(1, 5)
    text = rendered("full", report)
    assert "1 | TODO(me): say more.\n  | ^^^^^^^^^\n" in text
    # Bytes can't be counted from the middle of a row.
    assert '"start": {"line": 1}' in rendered("rdjson", report)


@pytest.mark.usefixtures("cards")
def test_posts_of_a_file_are_compared_like_others(tmp_path: Path) -> None:
    filler = "".join(f"Card {number} speaks of tide {number * 7} and of nothing else.|" for number in range(PARTS))
    path = write(tmp_path, f"{BODY}|{filler}end\n|{BODY}|")
    report = check([path], settings("ND001"))
    found = [(one.number, one.location.row, one.data["other"]) for one in report.violations]
    assert found == [(0, 1, f"{path}#{PARTS + 2}"), (PARTS + 2, 2, path)]
    places = [(place.number, place.location) for one in report.violations for place in one.related]
    assert places == [(PARTS + 2, Location(2, 2)), (0, Location(1, 1))]


@pytest.mark.usefixtures("cards")
def test_no_more_posts_than_a_portion_are_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    digest = facts.digest

    def counting(posts: list[Post], store: object = None) -> object:
        sizes.append(len(posts))
        return digest(posts, store)

    monkeypatch.setattr("postlint.facts.digest", counting)
    path = write(tmp_path, "word |" * PARTS)
    assert check([path], settings("ND001")).posts == PARTS
    # What facts are joined to is a digest, too, of no posts.
    assert [size for size in sizes if size] == [inspecting.PORTION, inspecting.PORTION, PARTS - 2 * inspecting.PORTION]


@pytest.mark.usefixtures("cards")
def test_a_suppression_is_its_own_posts(tmp_path: Path) -> None:
    asked = "<!-- postlint: ignore-file REV010 -->"
    path = write(tmp_path, f"{asked}\n\nTODO(me): a.|\n\nTODO(me): b.|{asked}\n\nnothing|")
    report = check([path], settings("REV010", "FMT010"))
    assert [(one.code, one.number) for one in report.violations] == [("REV010", 1), ("FMT010", 2)]
    assert report.suppressed == 1


@pytest.mark.usefixtures("cards")
def test_one_post_of_a_file(tmp_path: Path) -> None:
    path = write(tmp_path, "a|b|c|")
    posts = Posts(Files())
    assert posts.one(path, 1).source == "b"
    assert [post.source for post in posts.of(path)] == ["a", "b", "c"]
    assert posts.stretch(path, 3) is None
    with pytest.raises(LookupError):
        posts.one(path, 3)
    posts.close()
    assert [post.format for post in Posts(Files()).of(str(tmp_path / "none.cards"))] == ["unreadable"]
    assert [post.source for post in Posts(Files({path: b"x|"})).of(path)] == ["x"]


def test_two_posts_of_a_file_are_not_one_page_for_their_file_or_an_equal_name() -> None:
    def page(number: int, name: str) -> Post:
        return Post("export/a.cards", "cards", "", number, name=name)

    def same(first: Post, second: Post) -> bool:
        return one_page(identity_of(first.page), identity_of(second.page))

    assert not same(page(0, ""), page(1, ""))
    assert not same(page(0, "tea"), page(1, "tea"))
    assert not same(page(0, "en/tea"), page(1, "en/coffee"))
    assert same(page(0, "en/tea"), page(1, "fr/tea"))


@pytest.mark.usefixtures("cards")
@pytest.mark.skipif(sys.platform != "linux", reason="the format of this test is known to forked processes alone")
def test_parts_of_a_file_in_several_processes_give_one_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = [f"{BODY}\n" if number % 3 else f"TODO(me): {number}" for number in range(50)]
    paths = [write(tmp_path, "|".join([*cards, ""]), "a.cards"), write(tmp_path, "", "b.cards")]
    paths += [write(tmp_path, BODY, "c.md"), str(tmp_path / "none.cards")]
    chosen = settings("ND001", "REV010", "FMT001")
    whole = check(paths, chosen)
    assert (whole.files, whole.posts) == (4, 51)
    seen: list[int] = []
    monkeypatch.setattr(engine, "CHUNK", 7)
    monkeypatch.setattr(engine, "PARALLEL_FROM", 2)
    parted = check(paths, replace(chosen, jobs=2), lambda stage, done, total: seen.append(done))
    assert parted == whole
    # Of 50 posts in parts of seven the last is counted as one; then three more files.
    assert seen[:8] == [7, 14, 21, 28, 35, 42, 49, 53]


@pytest.mark.usefixtures("cards")
def test_every_rule_runs_on_them(tmp_path: Path) -> None:
    path = write(tmp_path, f"{TWICE}|{ONCE}|{TWICE} {ONCE}|?|")
    report = check([path], settings(*sorted(all_rules())))
    assert report.posts == 3
    for form in reporters.FORMATS:
        assert rendered(form, report)


@pytest.mark.parametrize("name", ["posts.csv", "posts.jsonl", "rest.json", "export.xml"])
@pytest.mark.parametrize("left", [0, 40, 900])
def test_a_file_that_changes_between_being_cut_and_being_read(name: str, left: int, tmp_path: Path) -> None:
    """What is gone can't be read; it is no reason to end the run."""
    (original,) = (Path(__file__).parents[1] / "fixtures" / "readers").rglob(name)
    path = tmp_path / name
    path.write_bytes(original.read_bytes())
    with path.open("r+b") as file:
        container = split(name, file)
        count = len(container)
        assert count > 1
        file.truncate(left)
        for number in range(count):
            post = container.read(number)
            assert post.number == number
            container.source(number)
        file.seek(0)
        file.write(b'\xff\x00}]"<' * 100)
        for number in range(count):
            assert container.read(number).number == number


@pytest.mark.usefixtures("cards")
def test_no_index_is_kept_where_a_file_holds_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("postlint.toml").write_text('corpus = ["."]\n')
    write(tmp_path, "TODO(me): a.\n", "post.md")
    for kept in (True, False):
        if not kept:
            shutil.rmtree(".postlint_cache")
            write(tmp_path, "TODO(me): b.|")
        run(["check", "--verbose", "--select", "ND001"])
        assert ("no index is kept" not in capsys.readouterr().err) is kept
        assert Path(".postlint_cache").exists() is kept
