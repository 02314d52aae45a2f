"""The index under faults: the answer is right, a word is said where something is wrong, all is well again."""

from __future__ import annotations

import ctypes
import json
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
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from corpora import stitched_posts, write
from sites import INDEX, SELECT, SMALL, Question, Said, forked, write_at_once

from postlint import program
from postlint.cli import run
from postlint.index import cache, disk, pieces
from postlint.index.state import State

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


def test_another_begins_it_between_two_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that was empty and has a table a moment later is nobody else's."""
    ASKED.ask()
    file = index_file()
    file.write_bytes(b"")
    real = sqlite3.connect

    class Slow(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            if "sqlite_master" in sql:
                other = real(file, isolation_level=None, timeout=0)
                with suppress(sqlite3.OperationalError):
                    other.execute("BEGIN IMMEDIATE")
                    other.execute("CREATE TABLE piece (name TEXT PRIMARY KEY, data BLOB NOT NULL)")
                    other.execute(f"PRAGMA application_id = {pieces.APPLICATION_ID}")
                    other.execute("COMMIT")
                other.close()
            return super().execute(sql, *values)

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", partial(real, factory=Slow))
        assert_right()
    assert_right()
    assert is_used()


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


def answer_of(prepare: Callable[[], object]) -> Said:
    """What a process says that makes something hard for itself first."""
    end, pipe = os.pipe()

    def ask() -> None:
        prepare()
        os.write(pipe, pickle.dumps(tuple(ASKED.ask())))

    child = forked(ask)
    os.close(pipe)
    with os.fdopen(end, "rb") as answer:
        found = answer.read()
    assert os.waitpid(child, 0)[1] == 0
    return Said(*pickle.loads(found))


def limited(size: int) -> Said:
    """What a process says that can write no file beyond a size, as on a full disk."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    return answer_of(limit)


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


# No way to write


def without_privileges() -> Said:
    """What a process says that may write no more than the modes of files allow, were it root's."""
    return answer_of(give_up_privileges)


def give_up_privileges() -> None:
    if os.geteuid() == 0:
        header = (ctypes.c_uint32 * 2)(0x20080522, 0)
        assert ctypes.CDLL(None).capset(header, (ctypes.c_uint32 * 6)()) == 0
    assert not os.access(".", os.W_OK)


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Make the site read-only, for as long as the test takes."""
    folders = [tmp_path, tmp_path / INDEX]

    def close() -> None:
        for folder in filter(Path.exists, folders):
            folder.chmod(0o555)

    yield close
    for folder in filter(Path.exists, folders):
        folder.chmod(0o755)


def test_read_only_folder(read_only: Callable[[], None]) -> None:
    without = ASKED.ask("--no-cache")
    read_only()
    found = without_privileges()
    assert found[:2] == without[:2]
    assert found.errors == f"postlint: no index is kept: {Path(INDEX).absolute()}: Permission denied\n"


def test_read_only_index(read_only: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """It answers as any other; what is learnt can't be kept."""
    monkeypatch.setattr(disk, "SETTLED_AFTER", -(10**15))
    without = ASKED.ask("--no-cache")
    ASKED.ask()
    read_only()
    assert without_privileges() == without
    edit()
    found = without_privileges()
    assert found[:2] == ASKED.ask("--no-cache")[:2]
    assert re.fullmatch(r"postlint: the index is not brought up to date: .*\n", found.errors)


def test_read_only_folder_with_half_a_change(read_only: Callable[[], None]) -> None:
    ASKED.ask()
    edit()
    assert killed_after(3)
    read_only()
    found = without_privileges()
    assert found[:2] == ASKED.ask("--no-cache")[:2]
    assert re.fullmatch(r"postlint: .*; all posts are read\npostlint: no index is kept: .*\n", found.errors)


def test_file_in_the_place_of_the_folder() -> None:
    Path(INDEX).write_text("mine", encoding="utf-8")
    words = f"no index is kept: {Path(INDEX).absolute()}: File exists"
    assert_right(words)
    assert_right(words)
    assert Path(INDEX).read_text(encoding="utf-8") == "mine"


# Not what it was


def test_damaged() -> None:
    """200 times: some bytes are others, or a page is empty, or the end is missing."""
    ASKED.ask()
    file, rng = index_file(), random.Random(17)
    whole = file.read_bytes()
    questions = [Question([path]) for path in sorted(POSTS)]
    without = [question.ask("--no-cache") for question in questions]
    noticed = 0
    for number in range(200):
        file.write_bytes(damaged(whole, rng, number))
        chosen = rng.randrange(len(questions))
        found = questions[chosen].ask()
        assert found[:2] == without[chosen][:2]
        assert found.errors.count("\n") <= 1, found.errors
        if found.errors:
            noticed += 1
            assert found.errors.startswith(f"postlint: {file.absolute()}: ")
            assert found.errors.endswith("; all posts are read\n")
            assert questions[chosen].ask() == without[chosen]
    assert noticed > 50
    assert sorted(os.listdir(INDEX)) == [".gitignore", "CACHEDIR.TAG", file.name]


def damaged(data: bytes, rng: random.Random, number: int) -> bytes:
    place = rng.randrange(100) if number % 10 == 0 else rng.randrange(len(data))
    if number % 4 == 0:
        changed = bytearray(data)
        for at in range(place, min(place + rng.choice((1, 1, 8, 64)), len(data))):
            changed[at] ^= rng.randrange(1, 256)
        return bytes(changed)
    if number % 4 == 1:
        return data[:place]
    page = place // 4096 * 4096
    filling = bytes(4096) if number % 4 == 2 else data[-4096:]
    return data[:page] + filling + data[page + 4096 :]


def other_database(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE recipe (name TEXT)")


def other_program(file: Path) -> None:
    other_database(file)
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA application_id = 252006674")


FOREIGN = "the file is not an index of postlint; all posts are read"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda file: file.write_text("Dear diary, " * 400, encoding="utf-8"), "file is not a database; .*"),
        (lambda file: file.write_bytes(b"SQLite format 3\0" + bytes(5000)), "file is not a database; .*"),
        (other_database, FOREIGN),
        (other_program, FOREIGN),
        (lambda file: file.touch(), None),
        (os.mkfifo, "it is not a regular file; all posts are read"),
    ],
    ids=["text", "header", "database", "program", "empty", "pipe"],
)
def test_foreign_file(make: Callable[[Path], object], words: str | None) -> None:
    ASKED.ask()
    file = index_file()
    file.unlink()
    make(file)
    assert_mends(f"{file.absolute()}: {words}" if words else "")


def test_folder_in_the_place_of_the_index() -> None:
    ASKED.ask()
    file = index_file()
    file.unlink()
    file.mkdir()
    (file / "letter").touch()
    words = (
        f"{file.absolute()}: it is not a regular file; all posts are read\n"
        f"postlint: no index is kept: {file.absolute()}: Is a directory"
    )
    assert_right(words)
    assert_right(words)
    assert (file / "letter").exists()


@pytest.mark.parametrize("target", ["letter", "notes.db", "nowhere.db"])
def test_link_in_the_place_of_the_index(target: str) -> None:
    """Nothing is read or written where it leads."""
    ASKED.ask()
    file = index_file()
    if target == "notes.db":
        # Were it followed, this one would do.
        file.rename(target)
    else:
        file.unlink()
    if target == "letter":
        Path(target).touch()
    file.symlink_to(Path(target).absolute())
    assert_mends(f"{file.absolute()}: it is not a regular file; all posts are read")
    assert not file.is_symlink()
    assert not Path("nowhere.db").exists()


def test_other_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is wrong with it, but it is made anew."""
    with pytest.MonkeyPatch.context() as patch:
        version, *times = program.state()
        patch.setattr(program, "state", lambda: (f"{version}.older", *times))
        ASKED.ask()
    assert_mends()


@pytest.mark.parametrize("hours", [-24, -1, 1, 24])
@pytest.mark.parametrize("settled", [disk.SETTLED_AFTER, -(10**15)])
def test_clock_that_is_set(hours: int, settled: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "SETTLED_AFTER", settled)
    now = time.time_ns
    ASKED.ask()
    for turned in (hours, 0, -hours, 0):
        monkeypatch.setattr(time, "time_ns", lambda turned=turned: now() + turned * 3600 * 10**9)
        assert_right()
        path = Path(FOCUS[1])
        times = path.stat()
        path.write_bytes(path.read_bytes().swapcase())
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        assert_right()
        assert_right(question=Question(FOCUS[1:2]))
    assert is_used()


def test_post_that_cannot_be_read() -> None:
    """It is told of when it is asked for, and compared with nothing."""
    ASKED.ask()
    path = Path(sorted(POSTS)[4])
    path.unlink()
    path.symlink_to("nowhere")
    assert_right()
    assert is_used()
    assert_right(question=Question([*FOCUS, str(path)]))
    path.unlink()
    path.mkdir()
    assert_right()


def test_many_posts_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_CHANGED", 3)
    for number in range(5):
        Path(f"content/gone-{number}.md").symlink_to(f"nowhere-{number}")
    assert_mends()


@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.write_text("Other text.", encoding="utf-8")])
def test_post_that_changes_between_two_looks(change: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that was seen is another text, or none, by the time that it is read."""
    copy, original = Path("content/a/zz-copy.md"), Path("content/b/zz.md")
    text = "\n\n".join(POSTS[path] for path in FOCUS).replace("---", "")
    for path in (copy, original):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    question = Question([str(copy)])
    question.ask()
    assert json.loads(question.ask().output)["summary"]["by_code"]["ND001"] == 1
    known = State.has_others

    def has_others(*arguments: Any) -> bool:
        if original.exists():
            change(original)
        return known(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(State, "has_others", has_others)
        found = question.ask()
    without = question.ask("--no-cache")
    assert found[:2] == without[:2]
    assert "ND001" not in json.loads(found.output)["summary"]["by_code"]
    assert re.fullmatch(
        r"postlint: .*content/b/zz.md (can't be read any more|has changed in the meantime);.*\n", found.errors
    )
    assert_right(question=question)


# Of the user's own


def test_folder_that_was_there_is_not_hidden() -> None:
    """Neither is what stands in it removed, whatever it is called."""
    letter = Path("keep/letter.md")
    letter.parent.mkdir()
    letter.write_text("mine", encoding="utf-8")
    question = Question((*FOCUS, "--cache-dir", "keep"))
    question.ask()
    assert sorted(os.listdir("keep"))[1:] == ["letter.md"]
    Path("keep/.gitignore").write_text("mine too", encoding="utf-8")
    assert question.ask().errors == ""
    assert run(["clean", "--cache-dir", "keep"]) == 0
    assert sorted(os.listdir("keep")) == [".gitignore", "letter.md"]
    assert Path("keep/.gitignore").read_text(encoding="utf-8") == "mine too"
