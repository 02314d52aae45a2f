"""Where indexes are kept, and whether one may be used: it must be of these settings, this version and this place."""

from __future__ import annotations

import json
import os
import sys
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from postlint import __version__
from postlint.index.disk import CHANGING, Watch
from postlint.index.index import Index
from postlint.index.pieces import NoIndexError, Pieces, UnusableError
from postlint.index.staged import Among, Staged, head_piece
from postlint.index.state import Disk, Find, State
from postlint.inspecting import Files
from postlint.rules import all_rules
from postlint.settings import Settings

if TYPE_CHECKING:
    from postlint.corpus import Corpus
    from postlint.engine import Keep
    from postlint.violations import Report

FOLDER = ".postlint_cache"
"""The name of the folder of indexes, beside the configuration."""
MOST_CHANGED = 512
"""With more changed files than this, or than a hundredth of the corpus if that is less, the index is made anew."""
FILES = r"index-[0-9a-f]{16}\.db(?:-journal)?|\.gitignore|CACHEDIR\.TAG"
"""The names of what is in the folder, as a regular expression."""
_IGNORE = "*\n"
_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of postlint: `postlint clean` removes it.\n"
)


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
        return json.dumps([__version__, _program(), sys.byteorder, sys.hash_info.width, self.min_words]).encode()

    @contextmanager
    def open(self) -> Iterator[Index]:
        """The index, if it may be used. Raises UnusableError."""
        pieces = Pieces(self.path, write=False)
        try:
            if pieces.get("key") != self.key():
                raise NoIndexError("the index is of other settings or of another version")
            yield Index(pieces)
        finally:
            pieces.close()

    def disk(self, index: Index, find: Find, now: int) -> Disk:
        """The corpus of an index as it stands on the disk."""
        return Disk(index, find, Files(), now, self.min_words, _most(index))

    def staged(self, index: Index, root: str, among: Among) -> Staged:
        """The corpus of an index as it is staged in the repository of a root."""
        return Staged(index, root, among, self.min_words, _most(index))

    def keep(self, learnt: Sequence[tuple[str, bytes]], generation: bytes) -> None:
        """Keep what was learnt of the index of a generation; tells why where it can't be done."""
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

    def keep_report(self, report: Report, settings: Settings, files: Sequence[str]) -> None:
        """Keep the report of the whole corpus, which consists of these files; tells why where it can't be done."""
        from postlint.index.kept_report import pieces_of, report_key

        try:
            with self.open() as index:
                generation = index.generation
        except UnusableError:
            # What could not be made has been told.
            return
        self.keep(list(pieces_of(report, report_key(settings, files))), generation)

    def keeper(self, found: Sequence[str], watch: Watch, root: str | None) -> Keep:
        """What makes the index of all facts of a run, in which the corpus consisted of these files.

        With the root of a repository the run read what is staged in it.
        """
        inside = frozenset(found)
        staged = [head_piece(root)] if root is not None else []

        def keep(corpus: Corpus, files: Mapping[str, tuple[bytes, int]]) -> None:
            state = State(gone=set(files).difference(inside))
            said = [*staged, *state.pieces("git")] if staged else []
            # What the run read under another name, or not any more, is for the next one to find.
            complete = inside.issubset(files)
            self._make(corpus, files, [*said, *state.pieces("disk")], watch if complete else CHANGING)

        return keep

    def _make(
        self,
        corpus: Corpus,
        files: Mapping[str, tuple[bytes, int]],
        states: Sequence[tuple[str, bytes]],
        watch: Watch,
    ) -> None:
        """Make the index anew. `files` has of each file the hash of its content and its stamp."""
        from postlint.index import build

        try:
            _make_folder(self.folder)
            pieces = self._writable()
            try:
                contents = {path: files[path][0] for path in sorted(files)}
                stamps = array("q", [files[path][1] for path in contents])
                head = [
                    ("key", self.key()),
                    _generation(),
                    ("disk/stamps", stamps.tobytes()),
                    ("disk/watch", watch.pack()),
                    *states,
                ]
                pieces.replace((*head, *build.pieces(corpus, contents, self.min_words)), dropped=[""])
            finally:
                pieces.close()
        except (UnusableError, OSError) as error:
            self.say(f"no index is kept: {error}")

    def _writable(self) -> Pieces:
        try:
            return Pieces(self.path, write=True)
        except UnusableError as error:
            if error.is_busy:
                raise
            # Not ours, or not whole: an index can be made anew, and nothing else has this name.
            os.unlink(self.path)
            return Pieces(self.path, write=True)


def _most(index: Index) -> int:
    return min(MOST_CHANGED, max(len(index.paths) // 100, 64))


def _generation() -> tuple[str, bytes]:
    """A piece that no two states of an index have in common."""
    return "generation", os.urandom(16)


def _make_folder(folder: str) -> None:
    os.makedirs(folder, exist_ok=True)
    for name, text in ((".gitignore", _IGNORE), ("CACHEDIR.TAG", _TAG)):
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            Path(path).write_text(text, encoding="utf-8")


def _program() -> list[int]:
    """What tells one state of the program's code from another, where the version does not."""
    newest = total = 0
    for folder, _, names in os.walk(Path(__file__).parents[1]):
        for name in names:
            if name.endswith(".py"):
                stat = os.stat(os.path.join(folder, name))
                newest, total = max(newest, stat.st_mtime_ns), total + stat.st_size
    return [newest, total]
