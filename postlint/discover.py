"""Discovery: paths of the command line to the files that are read, as they are to be printed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import NamedTuple

from postlint.errors import UserError
from postlint.field_map import NO_MAPS, FieldMaps
from postlint.ignores import Ignore, ignores_above, is_ignored, read_ignore, spec_of
from postlint.post_files import has_posts, has_reader, is_no_post
from postlint.readers import FORMATS
from postlint.real_paths import RealPaths

SKIPPED_FOLDERS = frozenset(
    {"__pycache__", "_build", "_site", "bower_components", "node_modules", "site-packages", "vendor", "venv"}
)
"""Never walked into, hidden folders neither. What a site builds elsewhere (`public`, `dist`) .gitignore knows."""


def discover(
    paths: Sequence[str],
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    root: str | os.PathLike[str] = ".",
    *,
    strict: bool = False,
    fields: FieldMaps = NO_MAPS,
) -> list[str]:
    """The files of the paths, sorted: every file that is named, and of folders those that look like posts.

    `include` and `exclude` are gitignore-style patterns relative to `root`, for what is found in folders alone, unless
    `strict` says that a file which is named has to look like a post, too. A file
    is printed relative to the working directory where it is inside, else as it was named; `/` parts it. Raises
    UserError for a path that does not exist, and for a file that no reader is for.
    """
    return Search(include, exclude, root, strict=strict, fields=fields).files(paths)


def discover_with_corpus(
    paths: Sequence[str],
    corpus: Sequence[str],
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    root: str | os.PathLike[str] = ".",
    *,
    strict: bool = False,
    fields: FieldMaps = NO_MAPS,
) -> tuple[list[str], list[str]]:
    """The files of the paths, as `discover` gives them, and the other files of the corpus that they are judged against.

    A file that both hold is one of the paths.
    """
    search = Search(include, exclude, root, strict=strict, fields=fields)
    focus = search.files(paths)
    return focus, search.files(corpus)


class Search:
    """One search for files: the patterns that it goes by, and what is found, each file once."""

    def __init__(
        self,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        root: str | os.PathLike[str] = ".",
        *,
        strict: bool = False,
        fields: FieldMaps = NO_MAPS,
    ) -> None:
        base = os.path.abspath(root)
        self._included = Ignore(base, spec_of(include)) if include else None
        self._excluded = Ignore(base, spec_of(exclude)) if exclude else None
        self._strict = strict
        self._fields = fields
        self._working = os.getcwd()
        self._prefix = os.path.join(os.path.realpath(self._working), "")
        self.folders: list[str] = []
        """The folders that were looked through, absolute."""
        self.links: list[str] = []
        """The links among the files that were found, as they are printed."""
        self._seen: set[str] = set()
        self._real = RealPaths()

    def files(self, paths: Sequence[str]) -> list[str]:
        """The files of paths as they are printed, sorted; none that was found before.

        A post is no copy of itself: of a file and the links to it the file is kept, or the first link.
        """
        found: list[str] = []
        links: dict[str, str] = {}
        for path in paths:
            absolute = os.path.abspath(path)
            for file, is_link in self._files(path, absolute):
                if self._strict and file == absolute and not self._looks_like_a_post(file):
                    continue
                if is_link and file in links:
                    continue
                name = _printed(file, absolute, path, self._working)
                if is_link:
                    links[file] = name
                elif self._is_new(self._real.of(file), name):
                    found.append(name)
        self.links = [links[link] for link in sorted(links) if self._is_new(os.path.realpath(link))]
        found += self.links
        found.sort()
        return found

    def among(self, paths: Sequence[str], files: Iterable[str]) -> list[str]:
        """Of files, absolute, whether they are on the disk or not, those that the paths mean, printed and sorted.

        What a folder means is decided by names and patterns alone; no .gitignore is read. Links are followed nowhere.
        """
        tops = [os.path.realpath(path) for path in paths]
        named = dict(zip(tops, paths, strict=True))
        found = []
        for file in files:
            if file in named:
                wanted = not self._strict or self._looks_like_a_post(file)
            else:
                top = next((top for top in tops if file.startswith(top.rstrip(os.sep) + os.sep)), None)
                wanted = top is not None and has_reader(file) and self._is_walked(file, top)
            if wanted and has_reader(file) and self._is_new(file):
                found.append(_relative(file))
        return sorted(found)

    def _is_walked(self, file: str, top: str) -> bool:
        """Whether a search below a folder comes upon a file."""
        *folders, name = os.path.relpath(file, top).split(os.sep)
        if name.startswith(".") or any(part.startswith(".") or part in SKIPPED_FOLDERS for part in folders):
            return False
        return self._looks_like_a_post(file)

    def _looks_like_a_post(self, file: str) -> bool:
        """Whether a file that is named would be found in its folder, .gitignore aside."""
        if is_no_post(os.path.basename(file)) or (self._excluded and self._excluded.decide(file, is_folder=False)):
            return False
        if self._included is not None and not self._included.decide(file, is_folder=False):
            return False
        return has_posts(file, self._fields)

    def _is_new(self, real: str, name: str = "") -> bool:
        """Whether a file was not met before; `name` is how it is printed."""
        key = real.removeprefix(self._prefix)
        if key in self._seen:
            return False
        # A million paths are kept once, not twice: most files are printed relative to the working directory.
        self._seen.add(name if name == key else key)
        return True

    def _files(self, path: str, absolute: str) -> Iterator[tuple[str, bool]]:
        """The files of a path, and whether each is a link."""
        try:
            mode = os.stat(path).st_mode
        except OSError as error:
            # A name that is there but leads nowhere is the post's problem, and becomes a violation when it is read.
            if os.path.islink(path) and has_reader(path):
                yield absolute, True
                return
            reason = "no such file or folder" if isinstance(error, FileNotFoundError) else str(error.strerror)
            raise UserError(f"{path}: {reason}") from error
        except ValueError as error:
            raise UserError(f"{path!r}: no path") from error
        if stat.S_ISDIR(mode):
            yield from self._walk(absolute)
        elif not has_reader(path):
            known = ", ".join(sorted(FORMATS))
            raise UserError(
                f"{path}: no reader for {PurePath(path).suffix or 'a file without a suffix'} (known: {known})"
            )
        elif not stat.S_ISREG(mode):
            raise UserError(f"{path}: not a regular file")
        else:
            yield absolute, os.path.islink(path)

    def _walk(self, top: str) -> Iterator[tuple[str, bool]]:
        """The posts in and below a folder, links to folders not followed, so that no loop is possible."""
        included, excluded = self._included, self._excluded
        waiting = [(top, ignores_above(top))]
        while waiting:
            folder, ignores = waiting.pop()
            self.folders.append(folder)
            try:
                listing = _listed(folder)
            except OSError as error:
                if folder == top:
                    raise UserError(f"{folder}: {error.strerror}") from error
                # Reading it will fail, too, and be a violation of its own: the other folders are linted.
                yield folder, False
                continue
            if listing.has_ignore:
                ignores = (*ignores, *read_ignore(folder))
            for name in listing.files:
                path = os.path.join(folder, name)
                if is_ignored(path, False, ignores) or (excluded and excluded.decide(path, is_folder=False)):
                    continue
                if (included is None or included.decide(path, is_folder=False)) and has_posts(path, self._fields):
                    yield path, name in listing.links
            for name in reversed(listing.folders):
                path = os.path.join(folder, name)
                if not is_ignored(path, True, ignores) and not (excluded and excluded.decide(path, is_folder=True)):
                    waiting.append((path, ignores))


class _Listing(NamedTuple):
    """What a search needs of a folder, by names in order: an entry itself takes three times the memory of its name."""

    folders: list[str]
    files: list[str]
    links: set[str]
    has_ignore: bool


def _listed(folder: str) -> _Listing:
    """The folders and files of a folder that are not passed over by their names."""
    folders: list[str] = []
    files: list[str] = []
    links: set[str] = set()
    has_ignore = False
    with os.scandir(folder) as scan:
        for entry in scan:
            name = entry.name
            if name.startswith("."):
                has_ignore = has_ignore or name == ".gitignore"
            elif entry.is_dir(follow_symlinks=False):
                if name not in SKIPPED_FOLDERS:
                    folders.append(name)
            elif has_reader(name) and not is_no_post(name) and _is_file(entry):
                files.append(name)
                if entry.is_symlink():
                    links.add(name)
    folders.sort()
    files.sort()
    return _Listing(folders, files, links, has_ignore)


def _is_file(entry: os.DirEntry[str]) -> bool:
    """A file, or a link to one, be it that nothing is there: then reading it says so."""
    if not entry.is_symlink():
        return entry.is_file(follow_symlinks=False)
    # Not entry.is_file(): it raises an OSError for a link to itself.
    return os.path.isfile(entry.path) or not os.path.exists(entry.path)


def printed(path: str) -> str:
    """A path as a file is printed that is named by it."""
    return _printed(os.path.abspath(path), os.path.abspath(path), path, os.getcwd())


def _relative(file: str) -> str:
    """A file as it is printed that was named relative to the working directory."""
    return os.path.relpath(file, os.path.realpath(os.getcwd())).replace(os.sep, "/")


def _printed(file: str, absolute: str, named: str, working: str) -> str:
    prefix = working.rstrip(os.sep) + os.sep
    if file.startswith(prefix):
        return file[len(prefix) :].replace(os.sep, "/")
    # Outside of the working directory: as it was named, so that the report of one tree is the same everywhere.
    inside = os.path.relpath(file, absolute)
    return os.path.normpath(os.path.join(named, inside)).replace(os.sep, "/")
