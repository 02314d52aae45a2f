"""Where indexes are kept, and whether one may be used: it must be of these settings, this version and this place."""

from __future__ import annotations

import json
import os
import re
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from postlint import program
from postlint.index.disk import CHANGING, Watch
from postlint.index.index import Index
from postlint.index.pieces import NoIndexError, Pieces, UnusableError
from postlint.index.state import Disk, Find, State
from postlint.loading import Files
from postlint.rules import all_rules
from postlint.settings import Settings

if TYPE_CHECKING:
    from postlint.corpus import Corpus
    from postlint.index.staged import Among, Staged
    from postlint.violations import Report

FOLDER = ".postlint_cache"
"""The name of the folder of indexes, beside the configuration."""
MOST_CHANGED = 512
"""With more changed files than this, or than a hundredth of the corpus if that is less, the index is made anew."""
_OURS = re.compile(r"index-[0-9a-f]{16}\.db(?:-journal)?|\.gitignore|CACHEDIR\.TAG")
_NOTES = {
    ".gitignore": "*\n",
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This folder is a cache of postlint: `postlint clean` removes it.\n",
}
"""What the folder says of itself, to git and to programs that make backups."""


def min_words_of(settings: Settings) -> int:
    """From how many words on posts have a place in the bands: what the rule of near-duplicates asks for."""
    rule = all_rules()["ND002"]
    return int({**rule.defaults(), **settings.options.get("ND002", {})}["min-words"])


@dataclass(frozen=True, slots=True)
class Cache:
    """The index of one corpus, whether it is there or not."""

    folder: str
    corpus: tuple[str, ...]
    """What the corpus is made of: paths and patterns, as they were given."""
    min_words: int
    say: Callable[[str], None]
    """Tells the user what goes wrong; nothing of it changes an answer."""

    @property
    def path(self) -> str:
        """The index file. Paths are kept as they are printed, which depends on the working directory."""
        place = json.dumps([os.getcwd(), *self.corpus]).encode("utf-8", "surrogateescape")
        return os.path.join(self.folder, f"index-{blake2b(place, digest_size=8).hexdigest()}.db")

    def key(self) -> bytes:
        """What an index must have been made with."""
        return json.dumps([program.state(), sys.byteorder, sys.hash_info.width, self.min_words]).encode()

    @contextmanager
    def open(self) -> Iterator[Index]:
        """The index, if it may be used. Raises UnusableError."""
        with self.open_pieces() as pieces:
            yield Index(pieces)

    @contextmanager
    def open_pieces(self) -> Iterator[Pieces]:
        """The pieces of the index, if it may be used. Raises UnusableError."""
        pieces = Pieces(self.path, write=False)
        try:
            if pieces.get("key") != self.key():
                raise NoIndexError("the index is of other settings or of another version")
            yield pieces
        finally:
            pieces.close()

    def disk(self, index: Index, find: Find, now: int) -> Disk:
        """The corpus of an index as it stands on the disk."""
        return Disk(index, find, Files(), now, self.min_words, _most(index))

    def staged(self, index: Index, root: str, among: Among) -> Staged:
        """The corpus of an index as it is staged in the repository of a root."""
        from postlint.index.staged import Staged

        return Staged(index, root, among, self.min_words, _most(index))

    def keep(self, learnt: Sequence[tuple[str, bytes]], generation: bytes) -> None:
        """Keep what was learnt of the index of a generation, unless there is another by now; tells why where it can't
        be done."""
        if not learnt:
            return
        try:
            pieces = Pieces(self.path, write=True)
            try:
                # What another run has kept in the meantime and this would be two halves of different states.
                news = [*learnt, _generation()]
                pieces.replace(news, unless_changed=("generation", generation))
            finally:
                pieces.close()
        except UnusableError as error:
            self.say(f"the index is not brought up to date: {error}")
            if not error.is_whole:
                self._remove()

    def keep_report(self, report: Report, settings: Settings, files: Sequence[str], generation: bytes) -> None:
        """Keep the report of the whole corpus, which consists of these files, as the index of a generation has them;
        tells why where it can't be done."""
        from postlint.index.kept_report import pieces_of, report_key

        self.keep(list(pieces_of(report, report_key(settings, files))), generation)

    def make(self, pieces: Callable[[], Iterator[tuple[str, bytes]]]) -> bytes | None:
        """Make the index anew of pieces; its generation. None, and a word why, where that can't be done."""
        name, generation = _generation()
        try:
            _make_folder(self.folder)
            head = [("key", self.key()), (name, generation)]
            try:
                self._write(chain(head, pieces()))
            except UnusableError as error:
                if error.is_whole:
                    raise
                # Not ours, or damaged: an index can be made anew, and nothing else has this name.
                self._remove()
                self._write(chain(head, pieces()))
        except UnusableError as error:
            self.say(f"no index is kept: {error}")
        except OSError as error:
            self.say(f"no index is kept: {error.filename}: {error.strerror}")
        else:
            return generation
        return None

    def _write(self, news: Iterable[tuple[str, bytes]]) -> None:
        pieces = Pieces(self.path, write=True)
        try:
            pieces.replace(news, dropped=[""])
        finally:
            pieces.close()

    def _remove(self) -> None:
        for path in (self.path, f"{self.path}-journal"):
            with suppress(FileNotFoundError):
                os.unlink(path)


class Keeper:
    """Makes the index of all facts of a run, in which the corpus consisted of some files.

    With the root of a repository the run read what is staged in it.
    """

    def __init__(self, cache: Cache, found: Sequence[str], watch: Watch, root: str | None) -> None:
        self._cache = cache
        self._found = frozenset(found)
        self._watch = watch
        self._staged: list[tuple[str, bytes]] = []
        if root is not None:
            from postlint.index.staged import head_piece

            self._staged.append(head_piece(root))
        self.generation: bytes | None = None
        """The generation of the index that was made, if it was."""

    def __call__(self, corpus: Corpus, files: Mapping[str, tuple[bytes, int]]) -> None:
        """Make the index. `files` has of each file the hash of its content and its stamp."""

        def pieces() -> Iterator[tuple[str, bytes]]:
            from postlint.index import build

            contents = {path: files[path][0] for path in sorted(files)}
            stamps = array("q", [files[path][1] for path in contents])
            # What the run read under another name, or not any more, is for the next one to find.
            watch = self._watch if self._found.issubset(files) else CHANGING
            state = State(gone=set(files).difference(self._found))
            yield "disk/stamps", stamps.tobytes()
            yield "disk/watch", watch.pack()
            yield from state.pieces("disk")
            if self._staged:
                yield from self._staged
                yield from state.pieces("git")
            yield from build.pieces(corpus, contents, self._cache.min_words)

        self.generation = self._cache.make(pieces)


def _most(index: Index) -> int:
    return min(MOST_CHANGED, max(len(index.paths) // 100, 64))


def _generation() -> tuple[str, bytes]:
    """A piece that no two states of an index have in common."""
    return "generation", os.urandom(16)


def _make_folder(folder: str) -> None:
    os.makedirs(folder, exist_ok=True)
    if not all(_OURS.fullmatch(name) for name in os.listdir(folder)):
        # A folder that was there for something else is not hidden from git.
        return
    for name, text in _NOTES.items():
        path = os.path.join(folder, name)
        if not os.path.exists(path) or not os.path.getsize(path):
            Path(path).write_text(text, encoding="utf-8")


def is_ours(folder: str, name: str) -> bool:
    """Whether a file of a folder is one that was made here. Raises OSError."""
    if name in _NOTES:
        return Path(folder, name).read_bytes() in (b"", _NOTES[name].encode())
    return bool(_OURS.fullmatch(name))
