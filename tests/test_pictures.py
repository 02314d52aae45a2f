"""The pictures of the documentation: they show what postlint prints now, all are used, and none is heavy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree
from pictures import COLUMNS, FOLDER, PAGES, ROOT, TERMINALS, drawn, folded, pieces

PICTURE = re.compile(r"!\[([^\]]+)\]\(((?:docs/)?pictures/[\w.-]+)\)")
LARGEST = 150_000
"""Bytes of a picture."""


@pytest.mark.parametrize("name", TERMINALS)
def test_terminal_shows_what_is_printed(name: str) -> None:
    made = drawn(TERMINALS[name])
    assert (FOLDER / name).read_text(encoding="utf-8") == made, "run `python tests/pictures.py`, and look at it"
    root = etree.fromstring(made.encode())
    assert {etree.QName(element).localname for element in root.iter()} == {"svg", "title", "rect", "g", "text"}


def test_pictures_are_used_and_those_that_are_used_are_there() -> None:
    used = set()
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for words, path in PICTURE.findall(page.read_text(encoding="utf-8")):
            # Who can't see it is told what it shows.
            assert len(words.split()) >= 4, path
            assert (page.parent / path).is_file(), (page, path)
            used.add(Path(path).name)
    assert used == {path.name for path in FOLDER.iterdir()} == {*TERMINALS, *PAGES}
    assert all(path.stat().st_size < LARGEST for path in FOLDER.iterdir())


def test_styles_of_a_line() -> None:
    assert list(pieces("a \x1b[31;1mred\x1b[0m b\x1b[2mdim\x1b[0m")) == [
        ("a ", ""),
        ("red", "31;1"),
        (" b", ""),
        ("dim", "2"),
    ]
    # A wide letter takes two columns, and is not cut in two.
    lines = list(folded([("x" * (COLUMNS - 1), ""), ("日y", "1")]))
    assert ["".join(letter for letter, _ in line) for line in lines] == ["x" * (COLUMNS - 1), "日y"]
