"""The truth table of FMT001, whose cases are bytes and so can't be written as text: see `truth/README.md`.

A file is found unreadable at the first character that its bytes don't give; what is no text at all, at its start.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from postlint.engine import check
from postlint.settings import Settings

SETTINGS = Settings(codes=("FMT001",), as_of=date(2026, 11, 20))
CASES = 20

# The name of the file, its bytes, and the row and column of the first character that is lost.
UNREADABLE: list[tuple[str, bytes, tuple[int, int]]] = [
    ("post.md", b"\xff", (1, 1)),
    ("post.md", b"caf\xe9 and tea\n", (1, 4)),
    ("post.md", b"# Caf\xe9\n\nTea.\n", (1, 6)),
    ("post.md", b"Tea.\n\nCaf\xe9.\n", (3, 4)),
    ("post.md", b"Tea.\r\n\r\nCaf\xe9.\r\n", (3, 4)),
    ("post.md", b"Tea.\rCaf\xe9.\r", (2, 4)),
    ("post.md", "Käse, ".encode() + b"K\xe4se\n", (1, 8)),
    ("post.md", b"\xef\xbb\xbfCaf\xe9\n", (1, 4)),
    ("post.md", "Cut short: ü".encode()[:-1], (1, 12)),
    ("post.md", "Cut short: 茶".encode()[:-1] + b"!\n", (1, 12)),
    ("post.md", b"A byte alone: \x80\n", (1, 15)),
    ("post.md", b"Overlong: \xc0\xaf\n", (1, 11)),
    ("post.md", b"A surrogate: \xed\xa0\x80\n", (1, 14)),
    ("post.md", b"Beyond: \xf5\x80\x80\x80\n", (1, 9)),
    ("post.md", b"Beyond: \xf4\x90\x80\x80\n", (1, 9)),
    ("post.md", b"---\ntitle: Caf\xe9\n---\nTea.\n", (2, 11)),
    ("post.md", b"```text\ncaf\xe9\n```\n", (2, 4)),
    ("post.md", b"<!-- caf\xe9 -->\n", (1, 9)),
    ("post.md", "Это чай.\n".encode("cp1251"), (1, 1)),
    ("post.md", "これは茶です。\n".encode("shift_jis"), (1, 1)),
    ("post.md", "这是茶。\n".encode("gbk"), (1, 1)),
    ("post.md", "Tea at £3\n".encode("latin-1"), (1, 8)),
    ("post.md", "Tea.\n".encode("utf-16"), (1, 1)),
    ("post.md", b"\xfe\xff" + "Tea.\n".encode("utf-16-be"), (1, 1)),
    ("post.md", "Tea.\n".encode("utf-32"), (1, 1)),
    ("post.md", "Tea.\n".encode("utf-16-le"), (1, 1)),
    ("post.md", b"Tea\0.\n", (1, 1)),
    ("post.md", b"\0", (1, 1)),
    ("post.md", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", (1, 1)),
    ("post.txt", b"tea in the caf\xe9\n\nit is hot.\n", (1, 15)),
    ("post.mdx", b"import A from 'a'\n\nCaf\xe9\n", (3, 4)),
    ("post.markdown", b"Tea, \xfeand more of it, \xff\n", (1, 6)),
]

READABLE: list[tuple[str, bytes]] = [
    ("post.md", b""),
    ("post.md", b"\n"),
    ("post.md", b"Tea.\n"),
    ("post.md", b"Tea."),
    ("post.md", b"Tea.\r\n\r\nMore tea.\r\n"),
    ("post.md", b"Tea.\rMore tea.\r"),
    ("post.md", b"\xef\xbb\xbfTea.\n"),
    ("post.md", b"\xef\xbb\xbf"),
    ("post.md", "Café, Käse, smørrebrød, żurek, čaj.\n".encode()),
    ("post.md", "Это чай. これは茶です。 这是茶。 هذا شاي. זה תה.\n".encode()),
    ("post.md", "Tea 🍵 for 👩‍👩‍👧, and a flag 🇫🇷.\n".encode()),
    ("post.md", "Mojibake is another rule's: cafÃ©.\n".encode()),
    ("post.md", "What was lost before is another rule's: caf\ufffd.\n".encode()),
    ("post.md", "A mark in mid-text: \ufeff, and zero width\u200b.\n".encode()),
    ("post.md", "The last of all: \U0010ffff, and a private one: \ue000.\n".encode()),
    ("post.md", "No characters: \uffff and \ufdd0.\n".encode()),
    ("post.md", b"A bell \x07, a feed \x0c, an escape \x1b[1m and a delete \x7f.\n"),
    ("post.md", "Rows: \u2028 and \u2029 and \x85.\n".encode()),
    ("post.md", b'---\ntitle: "Caf\\xe9"\n---\nTea.\n'),
    ("post.md", b"---\ntitle: Tea: hot\n---\nFront matter that does not parse is another rule's.\n"),
    ("post.md", b"The bytes `\\xff\\xfe` open a file in UTF-16, and `\\0` is a NUL.\n"),
    ("post.md", "Écrit en UTF-16, dit-on.\n".encode()),
    ("post.txt", "thé au café\n\nil est chaud.\n".encode()),
    ("post.mdx", "import A from 'a'\n\nCafé\n".encode()),
    ("post.md", b"Caf&eacute; &#233; &#0; %E9\n"),
]


def found(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes) -> list[tuple[int, int]]:
    """Where a file of these bytes is found unreadable."""
    monkeypatch.chdir(folder)
    (folder / name).write_bytes(data)
    return [tuple(violation.location) for violation in check([name], SETTINGS).violations]


@pytest.mark.parametrize(("name", "data", "place"), UNREADABLE)
def test_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes, place: tuple[int, int]
) -> None:
    assert found(tmp_path, monkeypatch, name, data) == [place]


@pytest.mark.parametrize(("name", "data"), READABLE)
def test_readable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes) -> None:
    assert found(tmp_path, monkeypatch, name, data) == []


def test_there_are_enough_cases() -> None:
    assert min(len({repr(case) for case in UNREADABLE}), len({repr(case) for case in READABLE})) >= CASES
