"""Random sites on the disk, what may happen to them between two runs, and what a run says of them."""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
import tomllib
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from corpora import some_posts, stitched_posts

from postlint.cli import run

INDEX = ".postlint_cache"
FOLDERS = ("content", "content/a", "content/b", "content/b/deep", "drafts")
NAMES = ("fern", "moss", "reed", "sedge", "rush", "part-1", "part-2", "index")
PATTERNS = ("moss*", "!moss-2.md", "deep/", "/a/", "*-3.md", "b/**/reed*", "part-?.*", "# nothing", "[")
SELECT = '["ND", "BP", "DAT011", "IMG014", "MET001", "MET012", "MET014", "FMT", "REV001"]'
"""Every rule that compares posts, and some that look at one at a time: binding all others takes longer than a run."""
CORPORA = ('["content"]', '["content"]', '["content/a", "content"]', '["content", "drafts"]')
SMALL = """
[options]
BP001 = {min-size = 5}
BP002 = {min-words = 5}
BP004 = {min-sentence-words = 4, min-words = 10}
MET014 = {min-posts = 3}
ND001 = {min-words = 5}
ND002 = {min-words = 5}
ND003 = {min-words = 5}
"""
"""Options under which short posts are compared as long ones are."""


class Said(NamedTuple):
    """What a run came to."""

    code: int
    output: str
    errors: str


class Question(NamedTuple):
    """A command line, what stands on its standard input, and the folder that it is typed in."""

    arguments: Sequence[str]
    stdin: str = ""
    folder: str = "."

    def ask(self, *more: str) -> Said:
        """Run it in this process, with more arguments."""
        asked = [*self.arguments, *more, "--format", "json", "--as-of", "2026-11-20", "--jobs", "1"]
        with (
            contextlib.chdir(self.folder),
            contextlib.redirect_stdout(io.StringIO()) as output,
            contextlib.redirect_stderr(io.StringIO()) as errors,
            _standard_input(self.stdin),
        ):
            return Said(run(asked), output.getvalue(), errors.getvalue())


def said(*arguments: str) -> Said:
    """What a command line comes to."""
    return Question(arguments).ask()


@contextlib.contextmanager
def _standard_input(text: str) -> Iterator[None]:
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")
    try:
        yield
    finally:
        sys.stdin = before


class Site:
    """A site in the working directory. `content` is its corpus; `drafts` stands beside it."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        some = rng.choice((some_posts, stitched_posts))(rng.randrange(10**6), 16)
        self._texts = list(some.values())
        self._lost: list[tuple[Path, bytes]] = []
        for folder in FOLDERS:
            Path(folder).mkdir(parents=True)
        for _ in range(rng.randrange(1, 14)):
            self.add()
        if rng.random() < 0.3:
            Path(".git").mkdir()
        if rng.random() < 0.5:
            self.ignore()
        self.configure()

    # What is there

    def files(self) -> list[str]:
        """All posts, whatever is ignored or excluded."""
        return sorted(path.as_posix() for folder in ("content", "drafts") for path in Path(folder).rglob("*.md"))

    def focus(self) -> list[str]:
        """Some posts, sometimes a folder of them."""
        files = self.files()
        wanted = self._rng.sample(files, min(len(files), self._rng.randrange(1, 4)))
        if not wanted or self._rng.random() < 0.1:
            wanted.append(self._rng.choice(self._folders()))
        return wanted

    def question(self) -> Question:
        """What a user may ask of the site: of some posts mostly, now and then of all, or of what an editor holds."""
        dice = self._rng.random()
        if dice < 0.1:
            return Question(("check",))
        if dice < 0.2:
            name = self._rng.choice([*self.files(), self._free().as_posix()])
            return Question(("-", "--stdin-filename", name), self._rng.choice(self._texts))
        if dice < 0.3:
            wanted = [str(self._rng.choice((Path(path).absolute(), Path("..") / path))) for path in self.focus()]
            return Question(tuple(wanted), folder="drafts")
        return Question(tuple(self.focus()))

    def _file(self) -> Path | None:
        files = self.files()
        return Path(self._rng.choice(files)) if files else None

    def _folders(self) -> list[str]:
        found = [path.as_posix() for path in Path("content").rglob("*") if path.is_dir() and not path.is_symlink()]
        return ["content", "drafts", *sorted(found)]

    def _free(self) -> Path:
        return Path(self._rng.choice(self._folders())) / f"{self._rng.choice(NAMES)}-{self._rng.randrange(30)}.md"

    # What may happen

    def add(self) -> None:
        """A new post; sometimes one takes the place of another."""
        _write(self._free(), self._rng.choice(self._texts).encode())

    def edit(self) -> None:
        """A post gets another text."""
        if path := self._file():
            _write(path, self._rng.choice(self._texts).encode())

    def edit_alike(self) -> None:
        """A post gets another text of the same size, and its old times."""
        if (path := self._file()) and path.exists():
            before = path.stat()
            path.write_bytes(path.read_bytes().swapcase())
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    def edit_twice(self) -> None:
        """A post is changed and changed back."""
        if (path := self._file()) and path.exists():
            text = path.read_bytes()
            path.write_bytes(text[:-1])
            path.write_bytes(text)

    def touch(self) -> None:
        """A post gets another time."""
        if (path := self._file()) and path.exists():
            os.utime(path, ns=(0, self._rng.randrange(10**18)))

    def rename(self) -> None:
        """A post gets another name, perhaps that of another post."""
        if path := self._file():
            path.rename(self._free())

    def swap(self) -> None:
        """Two posts change their names."""
        first, second = self._file(), self._file()
        if first and second and first != second:
            first.rename("between")
            second.rename(first)
            Path("between").rename(second)

    def delete(self) -> None:
        """A post is gone."""
        if path := self._file():
            self._lost.append((path, path.read_bytes() if path.exists() else b""))
            path.unlink()

    def restore(self) -> None:
        """A post that was gone is there again."""
        if self._lost:
            path, text = self._lost.pop()
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, text)

    def link(self) -> None:
        """A link to another post, to nothing, or to a post that is none of the corpus."""
        target = self._file()
        path = self._free()
        if target and path != target:
            path.unlink(missing_ok=True)
            path.symlink_to(self._rng.choice((target.resolve(), Path("nowhere.md"))))

    def move_folder(self) -> None:
        """A folder gets another name, or stands in another folder, or is taken out of the corpus or into it."""
        folders = [name for name in self._folders() if name.count("/")]
        if folders:
            moved = Path(self._rng.choice(folders))
            target = Path(self._rng.choice(("content", "drafts"))) / f"moved-{self._rng.randrange(100)}"
            if not target.exists():
                moved.rename(target)

    def ignore(self) -> None:
        """A .gitignore is written, rewritten in its place, or removed."""
        path = Path(self._rng.choice((".", *self._folders()))) / ".gitignore"
        if path.exists() and self._rng.random() < 0.4:
            path.unlink()
        else:
            path.write_text("\n".join(self._rng.sample(PATTERNS, 2)) + "\n", encoding="utf-8")

    def repository(self) -> None:
        """The folder becomes the root of a repository, or no longer is."""
        try:
            Path(".git").rmdir()
        except FileNotFoundError:
            Path(".git").mkdir()

    def configure(self) -> None:
        """The configuration is another one."""
        lines = [
            f"corpus = {self._rng.choice(CORPORA)}",
            self._rng.choice(("", 'exclude = ["*-1.md", "content/b/deep/"]', 'include = ["content/**"]')),
            self._rng.choice(("", "likeness = []")),
            self._rng.choice(
                (f"select = {SELECT}\nignore = ['BP019']", f"select = {SELECT}\nignore = ['BP019', 'FMT']")
            ),
            self._rng.choice(("", SMALL, SMALL, SMALL.replace("min-words = 5", "min-words = 9"))),
        ]
        Path("postlint.toml").write_text("\n".join(lines), encoding="utf-8")


HAPPENINGS = (
    Site.add,
    Site.edit,
    Site.edit_alike,
    Site.edit_twice,
    Site.touch,
    Site.rename,
    Site.swap,
    Site.delete,
    Site.restore,
    Site.link,
    Site.move_folder,
    Site.ignore,
    Site.repository,
    Site.configure,
)


def _write(path: Path, text: bytes) -> None:
    if path.is_symlink():
        path.unlink()
    path.write_bytes(text)


@contextlib.contextmanager
def empty_folder(parent: Path) -> Iterator[Path]:
    """A new folder that is the working directory, and is removed in the end."""
    before = Path.cwd()
    folder = parent / "site"
    folder.mkdir()
    os.chdir(folder)
    try:
        yield folder
    finally:
        os.chdir(before)
        shutil.rmtree(folder)


def corpus() -> list[str]:
    """What the configuration says is the corpus."""
    found: list[str] = tomllib.loads(Path("postlint.toml").read_text(encoding="utf-8"))["corpus"]
    return found


def forked(act: Callable[[], object]) -> int:
    """The id of a process that does something and ends."""
    with warnings.catch_warnings():
        # numpy has threads, of which the child has no need.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        try:
            act()
        finally:
            os._exit(0)
    return child


def kill_while_asking(question: Question, rng: random.Random) -> bool:
    """Ask in a process that is killed, while it writes to the index if it ever does; whether it was."""

    def ask() -> None:
        write_at_once()
        question.ask()

    child = forked(ask)
    waits_for_writing = rng.random() < 0.7
    until = time.perf_counter() + rng.random() * 0.04
    while waits_for_writing or time.perf_counter() < until:
        if os.waitpid(child, os.WNOHANG)[0]:
            return False
        if waits_for_writing and _is_written():
            waits_for_writing, until = False, time.perf_counter() + rng.random() * 0.004
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _is_written() -> bool:
    """Whether a process is changing an index."""
    return os.path.isdir(INDEX) and any(name.endswith("-journal") for name in os.listdir(INDEX))


class _Hasty(sqlite3.Connection):
    """Keeps no page in memory that it can write, so that half a change stands in the file; killed by a row."""

    last_row: int | None = None

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.execute("PRAGMA cache_size = 1")

    def executemany(self, sql: str, rows: Iterable[Any]) -> sqlite3.Cursor:
        return super().executemany(sql, self._until_killed(rows))

    def _until_killed(self, rows: Iterable[Any]) -> Iterator[Any]:
        for number, row in enumerate(rows):
            if number == self.last_row:
                os.kill(os.getpid(), signal.SIGKILL)
            yield row


def write_at_once(last_row: int | None = None) -> None:
    """Let this process write what it can to an index, and be killed after some rows."""
    _Hasty.last_row = last_row
    sqlite3.connect = partial(sqlite3.connect, factory=_Hasty)
