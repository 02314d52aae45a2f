"""The patterns of .gitignore files, and those of the configuration that are written as they are."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class Ignore:
    """The ignore patterns of one folder, for what is in it and below it."""

    __slots__ = ("_folder", "_prefix", "_spec")

    def __init__(self, folder: str, spec: GitIgnoreSpec) -> None:
        self._folder = folder
        self._prefix = os.path.join(folder, "")
        self._spec = spec

    def decide(self, path: str, is_folder: bool) -> bool | None:
        """True where the patterns say ignore, False where they say keep, None where they say nothing."""
        inside = path.startswith(self._prefix)
        relative = (path[len(self._prefix) :] if inside else os.path.relpath(path, self._folder)).replace(os.sep, "/")
        return self._spec.check_file(relative + "/" if is_folder else relative).include


def is_ignored(path: str, is_folder: bool, ignores: Sequence[Ignore]) -> bool:
    """What several say, those of the folders farther down last: the deepest that says anything has the last word."""
    for ignore in reversed(ignores):
        decision = ignore.decide(path, is_folder)
        if decision is not None:
            return decision
    return False


def ignores_above(top: str) -> tuple[Ignore, ...]:
    """The .gitignore files above a folder, up to the root of its repository, without those that ignore the folder.

    Who names an ignored folder wants it linted.
    """
    if os.path.exists(os.path.join(top, ".git")):
        return ()
    folders = []
    folder = top
    while (parent := os.path.dirname(folder)) != folder:
        folder = parent
        folders.append(folder)
        if os.path.exists(os.path.join(folder, ".git")):
            found = [ignore for above in reversed(folders) for ignore in read_ignore(above)]
            return tuple(ignore for ignore in found if not _ignores_way(ignore, top, above=folder))
    return ()


def _ignores_way(ignore: Ignore, top: str, above: str) -> bool:
    """Whether patterns ignore a folder or one of those it stands in."""
    folder = top
    while folder != above:
        if ignore.decide(folder, is_folder=True):
            return True
        folder = os.path.dirname(folder)
    return False


def read_ignore(folder: str) -> Iterator[Ignore]:
    """The patterns of a folder's .gitignore, if there are any."""
    path = os.path.join(folder, ".gitignore")
    # Whoever writes into a pipe of that name may never do so.
    if not os.path.isfile(path):
        return
    try:
        with open(path, encoding="utf-8-sig", errors="replace") as file:
            lines = file.read().split("\n")
    except OSError:
        return
    spec = spec_of(lines)
    if len(spec):
        yield Ignore(folder, spec)


def spec_of(lines: Sequence[str]) -> GitIgnoreSpec:
    """The patterns of lines; those that are none are left out, as git does."""
    import re

    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(lines)
    except (ValueError, re.error):
        good = []
        for line in lines:
            try:
                GitIgnoreSpec.from_lines([line])
            except (ValueError, re.error):
                continue
            good.append(line)
        return GitIgnoreSpec.from_lines(good)
