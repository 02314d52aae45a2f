"""Posts by the names of their files: loaded, read, and, of files that hold many, one at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO, NamedTuple

from postlint import readers
from postlint.errors import UserError
from postlint.field_map import NO_MAPS, FieldMaps
from postlint.index.disk import UNKNOWN, UNREADABLE, content_hash
from postlint.index.disk import stamp as stamp_of
from postlint.post import TOP, Lines, Location, Post
from postlint.readers.container import Container
from postlint.readers.source import LIMIT, decode

Load = Callable[[str], bytes]
"""A path to the bytes of its file. Raises OSError where it can't be read."""


@dataclass(frozen=True, slots=True)
class Files:
    """Loads files from the disk, but for those whose content is given: what an editor has not saved yet."""

    unsaved: Mapping[str, bytes] = field(default_factory=dict)
    since: int | None = None
    """When the run began, in nanoseconds, if it is to be kept which content each file had."""
    contents: dict[str, tuple[bytes, int]] = field(default_factory=dict)
    """The hash of the content of each file that was read, and its stamp (see `index.disk`) from before."""

    def __call__(self, path: str) -> bytes:
        """The bytes of a file. Raises OSError where there are none to be had."""
        data = self.unsaved.get(path)
        stamp = UNKNOWN
        if data is None:
            if self.since is not None:
                self.contents[path] = UNREADABLE, UNKNOWN
            with open(path, "rb") as file:
                status = os.fstat(file.fileno())
                if self.since is not None:
                    stamp = stamp_of(status, self.since)
                data = _up_to_limit(file, status.st_size)
        if self.since is not None:
            self.contents[path] = content_hash(data), stamp
        return data


def _up_to_limit(file: BinaryIO, size: int) -> bytes:
    """What a file of a size holds; of what is too large, or grows as fast as it is read, no more than tells that."""
    # To read is to make room first: as much as is needed, and a byte that tells whether it is enough.
    data = file.read(min(size, LIMIT) + 1)
    return data if len(data) <= size else data + file.read(LIMIT + 1 - len(data))


class Stretch(NamedTuple):
    """The source of a post, and where in its file it begins."""

    text: str
    begin: Location

    def lines(self) -> Lines:
        """Its rows, with the numbers that they have in the file."""
        return Lines(self.text, self.begin)


class Part(NamedTuple):
    """Some posts of a file: from `first` to `last`, which is left out; None for the last there is."""

    path: str
    first: int = 0
    last: int | None = None


class Posts:
    """The posts of files. Of a file that holds many, no more than one is in memory at a time."""

    def __init__(
        self, load: Load, fields: FieldMaps = NO_MAPS, opened: Callable[[str], BinaryIO] | None = None
    ) -> None:
        self._load = load
        self._open_file = opened
        self._fields = fields
        self._open: tuple[str, BinaryIO, Container] | None = None

    def parts(self, path: str, size: int) -> list[Part]:
        """A file in parts of so many posts."""
        if not readers.is_container(path):
            return [Part(path)]
        try:
            count = len(self._container(path))
        except OSError:
            count = 0
        starts = range(0, max(count, 1), size)
        return [Part(path, start, start + size if start + size < count else None) for start in starts]

    def of(self, path: str, first: int = 0, last: int | None = None) -> Iterator[Post]:
        """The posts of a file, or of a part of it, in order; one of format "unreadable" where it can't be opened."""
        try:
            if not readers.is_container(path):
                yield from readers.read(path, self._load(path))
                return
            container = self._container(path)
        except OSError as error:
            yield readers.unreadable(path, error.strerror or str(error))
            return
        for number in range(len(container))[first:last]:
            yield container.read(number)

    def one(self, path: str, number: int) -> Post:
        """A post of a file. Raises OSError where it can't be read, LookupError where there is none of the number."""
        if readers.is_container(path):
            container = self._container(path)
            if number >= len(container):
                raise IndexError(f"{path} has no post {number}")
            return container.read(number)
        return readers.read(path, self._load(path))[number]

    def stretch(self, path: str, number: int) -> Stretch | None:
        """The source of a post, or of what can't be read; None where the file is no text, or is not there any more."""
        try:
            if readers.is_container(path):
                container = self._container(path)
                if number < len(container):
                    return Stretch(container.source(number), container.start(number))
                return None
            decoded = decode(self._load(path))
        except OSError:
            return None
        return None if isinstance(decoded, str) else Stretch(decoded[0], TOP)

    def close(self) -> None:
        """Let go of the file that is open, if one is."""
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def _container(self, path: str) -> Container:
        # What is asked for comes in order of files.
        if self._open is None or self._open[0] != path:
            self.close()
            file = self._opened(path)
            try:
                self._open = path, file, readers.split(path, file, self._fields.of(path))
            except UserError:
                file.close()
                raise
        return self._open[2]

    def _opened(self, path: str) -> BinaryIO:
        if self._open_file is not None:
            return self._open_file(path)
        load = self._load
        if isinstance(load, Files) and path not in load.unsaved:
            return open(path, "rb")
        return BytesIO(load(path))
