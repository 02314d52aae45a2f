"""What a corpus consists of now, as the index was made and has been told since."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from postlint.index.catalog import Catalog
from postlint.index.changes import ChangedFile, pack, unpack
from postlint.index.disk import UNKNOWN, UNREADABLE, Watch, content_hash, stamps
from postlint.index.index import Index
from postlint.index.pieces import Pieces
from postlint.loading import Load
from postlint.readers import is_container

Find = Callable[[], tuple[Sequence[str], Watch]]
"""Looks for the files of the corpus: their paths, sorted, and what to watch to know that these are still all."""


class TooMany(Exception):  # noqa: N818
    """So much has changed that the index is better made anew, or it can't be made: a file holds many posts."""


@dataclass(slots=True)
class State:
    """Which files of the corpus are not as the index has them."""

    changed: dict[str, ChangedFile] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    """Files of the index that are there no more."""

    @classmethod
    def read(cls, pieces: Pieces, source: str) -> State:
        """The state of a source, "disk" or "git", as it was last kept."""
        said = json.loads(pieces.need(f"{source}/state"))
        changed = dict(unpack(pieces.need(f"{source}/changed/{number}")) for number in range(said["changed"]))
        return cls(changed, set(said["gone"]))

    def has(self, path: str, catalog: Catalog) -> bool:
        """Whether a file is of the corpus."""
        return path in self.changed or (path not in self.gone and catalog.file(path) is not None)

    def remove(self, paths: Iterable[str]) -> None:
        """Take files out of the corpus, those of them that are in it."""
        for path in paths:
            self.changed.pop(path, None)
            self.gone.add(path)

    def has_others(self, catalog: Catalog, focus: Collection[str]) -> bool:
        """Whether the corpus has files besides some."""
        if catalog.least_files > len(focus) + len(self.gone):
            return True
        known = (file.path for file in catalog.files() if file.path not in self.gone)
        return not set(focus).issuperset(chain(self.changed, known))

    def pieces(self, source: str) -> Iterator[tuple[str, bytes]]:
        """The state as pieces."""
        for number, path in enumerate(sorted(self.changed)):
            yield f"{source}/changed/{number}", pack(path, self.changed[path])
        yield f"{source}/state", json.dumps({"changed": len(self.changed), "gone": sorted(self.gone)}).encode()


class Disk:
    """The corpus as it stands on the disk."""

    def __init__(self, index: Index, find: Find, load: Load, now: int, min_words: int, most: int) -> None:
        self._index = index
        self._find = find
        self._load = load
        self._now = now
        self._min_words = min_words
        self._most = most
        self._noted = 0
        self.learnt: list[tuple[str, bytes]] = []
        """The pieces that are to be kept, if any."""
        self.links: Sequence[str] = ()
        """The files that are links, once the state is known."""

    def state(self) -> State:
        """The state now. Raises TooMany."""
        pieces, paths = self._index.pieces, self._index.paths
        before, now = State.read(pieces, "disk"), State()
        watch = Watch.unpack(pieces.need("disk/watch"))
        if watch.is_unchanged(self._now):
            now.gone = before.gone
            added: Iterable[str] = [path for path in before.changed if self._index.catalog.file(path) is None]
        else:
            files, watch = self._find()
            self.learnt.append(("disk/watch", watch.pack()))
            known = set(paths)
            now.gone = known.difference(files)
            added = [path for path in files if path not in known]
        self.links = watch.links
        old = array("q")
        old.frombytes(pieces.need("disk/stamps"))
        seen = stamps(paths, self._now)
        if seen != old or UNKNOWN in old:
            self._look(paths, seen, old, before, now)
            if seen != old:
                self.learnt.append(("disk/stamps", seen.tobytes()))
        for path in added:
            (stamp,) = stamps((path,), self._now)
            found = self._file(path, stamp, before, UNREADABLE)
            if found is not None:
                self._note(now, path, found)
        if now.gone != before.gone or now.changed != before.changed:
            self.learnt.extend(now.pieces("disk"))
        return now

    def _look(self, paths: Sequence[str], seen: array[int], old: array[int], before: State, now: State) -> None:
        """Look into the files of the index whose stamps are not those that they had when they were as the index is."""
        for place, (path, stamp, then) in enumerate(zip(paths, seen, old, strict=True)):
            if path in now.gone:
                # It may be there, ignored, and be another one by the time that it counts again.
                seen[place] = UNKNOWN
                continue
            if stamp == then and stamp != UNKNOWN:
                continue
            file = self._index.catalog.file(path)
            found = self._file(path, stamp, before, file.content if file is not None else UNREADABLE)
            if found is None:
                continue
            self._note(now, path, found)
            # The stamp of a changed file is its own matter: the index has another content.
            seen[place] = UNKNOWN

    def _note(self, now: State, path: str, file: ChangedFile) -> None:
        now.changed[path] = file
        # Made anew, the index would hold nothing of a file that can't be read, and would be no nearer to it.
        self._noted += file.content != UNREADABLE
        if self._noted + len(now.gone) > self._most:
            raise TooMany

    def _file(self, path: str, stamp: int, before: State, indexed: bytes) -> ChangedFile | None:
        """A file as it is; None where its content is the one that is indexed."""
        kept = before.changed.get(path)
        if kept is not None and kept.stamp == stamp != UNKNOWN:
            return kept
        if is_container(path):
            raise TooMany
        try:
            data = self._load(path)
        except OSError:
            # To be tried again each time: a disk that fails once may not fail twice.
            return ChangedFile(UNREADABLE, UNKNOWN)
        content = content_hash(data)
        if content == indexed:
            return None
        if kept is not None and kept.content == content:
            return replace(kept, stamp=stamp)
        return ChangedFile.read(path, data, stamp, self._index.catalog, self._min_words)
