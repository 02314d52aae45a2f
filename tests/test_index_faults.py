"""The index under faults: the answer is right, a word is said where something is wrong, all is well again."""

from __future__ import annotations

import os
import pickle
import random
import re
import resource
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from corpora import stitched_posts, write
from sites import INDEX, SELECT, SMALL, Question, Said, forked, said, write_at_once

from postlint.cli import run
from postlint.index import cache, disk, pieces
from postlint.index.state import State
from postlint.inspecting import Files

POSTS = {f"content/{name}": text for name, text in stitched_posts(7, 24).items()}
FOCUS = sorted(POSTS)[::9]
ASKED = Question(FOCUS)


@pytest.fixture(autouse=True)
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, POSTS)
    Path("postlint.toml").write_text(
        f'corpus = ["content"]\nselect = {SELECT}\nignore = ["BP019"]\n{SMALL}', encoding="utf-8"
    )


@contextmanager
def nothing_else_touched() -> Iterator[None]:
    """Hold everything that is not in the folder of the index to what it was."""
    before = everything()
    yield
    assert everything() == before


def everything() -> dict[str, tuple[int, bytes]]:
    return {
        str(path): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(Path().rglob("*"))
        if path.is_file() and INDEX not in path.parts
    }


def index_file() -> Path:
    (found,) = Path(INDEX).glob("*.db")
    return found


def content() -> list[tuple[str, bytes]]:
    """All pieces of the index but for those that each run may write."""
    with sqlite3.connect(index_file()) as connection:
        return list(
            connection.execute("SELECT * FROM piece WHERE name NOT LIKE 'disk/%' AND name != 'generation' ORDER BY 1")
        )


def is_used() -> bool:
    """Whether the index answers: who reads all posts says so."""
    return "judged against" not in ASKED.ask("-v").errors


def assert_right(words: str = "", question: Question = ASKED) -> None:
    """A run says what it says without an index; besides a word that matches, once."""
    without = question.ask("--no-cache")
    assert without.code == 1
    assert without.errors == ""
    with nothing_else_touched():
        found = question.ask()
    assert found[:2] == without[:2]
    assert re.fullmatch(f"postlint: {words}\n" if words else "", found.errors), found.errors


def assert_mends(words: str = "") -> None:
    """The same, and the next run has a new index."""
    assert_right(words)
    assert_right()
    assert is_used()


def edit(path: str = FOCUS[0]) -> None:
    Path(path).write_text(POSTS[FOCUS[1]] + "\nOne more line of text.\n", encoding="utf-8")


# Killed


def killed_after(rows: int) -> bool:
    """Ask in a process that kills itself when it has written some pieces; whether it has come so far."""

    def ask() -> None:
        write_at_once(rows)
        ASKED.ask()

    return os.WIFSIGNALED(os.waitpid(forked(ask), 0)[1])


@pytest.mark.parametrize("rows", [0, 1, 10, 40])
def test_killed_while_it_is_made(rows: int) -> None:
    assert killed_after(rows)
    assert_mends()


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_killed_while_it_is_brought_up_to_date(rows: int) -> None:
    """The old state holds: nothing is read anew but what has changed."""
    ASKED.ask()
    edit()
    assert killed_after(rows)
    assert [name for name in os.listdir(INDEX) if name.endswith("-journal")]
    assert is_used()
    assert_right()


def test_killed_while_it_is_made_anew() -> None:
    """What was half written over is there again."""
    ASKED.ask()
    whole = index_file().read_bytes()
    made = content()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cache, "MOST_CHANGED", 0)
        assert killed_after(30)
    assert index_file().read_bytes() != whole
    assert is_used()
    assert content() == made
    assert_right()


# Several at once


def asked_at_once(questions: Sequence[Question]) -> list[Said]:
    """What processes say that all start at one moment."""
    gate, opener = os.pipe()
    answers = [Path(f"answer-{number}") for number in range(len(questions))]

    def asks(question: Question, answer: Path) -> Callable[[], None]:
        def ask() -> None:
            os.close(opener)
            os.read(gate, 1)
            answer.write_bytes(pickle.dumps(tuple(question.ask())))

        return ask

    children = [forked(asks(question, answer)) for question, answer in zip(questions, answers, strict=True)]
    os.close(opener)
    os.close(gate)
    for child in children:
        assert os.waitpid(child, 0)[1] == 0
    found = [Said(*pickle.loads(answer.read_bytes())) for answer in answers]
    for answer in answers:
        answer.unlink()
    return found


def test_several_make_it_at_once() -> None:
    without = ASKED.ask("--no-cache")
    for _ in range(3):
        assert asked_at_once([ASKED] * 4) == [without] * 4
        assert is_used()
        assert run(["clean"]) == 0


def test_one_makes_it_while_others_read() -> None:
    whole = Question(("check",))
    expected = [whole.ask("--no-cache"), *[ASKED.ask("--no-cache")] * 3]
    ASKED.ask()
    for _ in range(3):
        assert asked_at_once([whole, ASKED, ASKED, ASKED]) == expected
    edit()
    assert asked_at_once([ASKED] * 3) == [ASKED.ask("--no-cache")] * 3
    assert_right()
    assert is_used()


def test_locked_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "WAIT", 0.01)
    ASKED.ask()
    before = index_file().read_bytes()
    other = sqlite3.connect(index_file(), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    without = ASKED.ask("--no-cache")
    found = ASKED.ask()
    assert found[:2] == without[:2]
    assert found.errors == (
        f"postlint: {index_file().absolute()}: database is locked; all posts are read\n"
        "postlint: no index is kept: database is locked\n"
    )
    other.close()
    assert index_file().read_bytes() == before
    assert_right()


# No room


def limited(size: int) -> Said:
    """What a process says that can write no file beyond a size, as on a full disk."""

    def ask() -> None:
        answer = os.open("answer", os.O_RDWR)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        os.write(pipe, pickle.dumps(tuple(ASKED.ask())))
        os.close(answer)

    Path("answer").touch()
    end, pipe = os.pipe()
    child = forked(ask)
    os.close(pipe)
    with os.fdopen(end, "rb") as answer:
        found = answer.read()
    assert os.waitpid(child, 0)[1] == 0
    Path("answer").unlink()
    return Said(*pickle.loads(found))


@pytest.mark.parametrize("size", [0, 1, 512, 4096, 9000, 30000])
def test_no_room_to_make_it(size: int) -> None:
    without = ASKED.ask("--no-cache")
    with nothing_else_touched():
        found = limited(size)
    assert found[:2] == without[:2]
    assert re.fullmatch(r"postlint: no index is kept: .*(disk I/O error|full|File too large)\n", found.errors)
    assert_mends()


def test_no_room_to_bring_it_up_to_date() -> None:
    ASKED.ask()
    before = index_file().read_bytes()
    edit()
    without = ASKED.ask("--no-cache")
    found = limited(0)
    assert found[:2] == without[:2]
    assert re.fullmatch(r"postlint: the index is not brought up to date: .*(disk I/O error|full)\n", found.errors)
    assert is_used()
    assert index_file().read_bytes() != before
    assert_right()


def test_full_disk(tmp_path: Path) -> None:
    """A small file system in memory, where one can be had."""
    small = tmp_path / INDEX
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48k", "none", str(small)], capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        assert_right(r"no index is kept: database or disk is full")
        assert_right(r"no index is kept: database or disk is full")
    finally:
        subprocess.run(["umount", str(small)], check=True)
    small.rmdir()
    assert_mends()
