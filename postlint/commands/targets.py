"""What a command line asks to be checked: the files that are reported on, and those that they are judged against."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import click

from postlint.errors import UserError
from postlint.real_paths import RealPaths

if TYPE_CHECKING:
    from postlint.config import Configuration

STDIN = "-"


class Wanted(NamedTuple):
    """What the command line says of files."""

    paths: tuple[str, ...]
    """Files and folders that are reported on; none for the corpus, or the working directory."""
    corpus: tuple[str, ...] = ()
    """Files and folders that the posts are judged against; none for what the configuration says."""
    stdin_filename: str | None = None
    diff_base: str | None = None
    staged: bool = False
    force_exclude: bool = False

    @property
    def may_be_empty(self) -> bool:
        """Whether nothing to check is in order: what is staged, or has changed, may hold no post."""
        return self.force_exclude or self.staged or self.diff_base is not None

    @property
    def named(self) -> tuple[str, ...]:
        """The paths by which the configuration is looked for."""
        if self.stdin_filename is not None:
            return (self.stdin_filename,)
        return self.paths or (".",)


class Targets(NamedTuple):
    """The files of a run, as they are printed."""

    focus: list[str]
    """Reported on."""
    others: Sequence[str] = ()
    """Read for the sake of comparison."""
    unsaved: Mapping[str, bytes] = MappingProxyType({})
    """What is to be read instead of a file: standard input, or what is staged."""


def checked_usage(wanted: Wanted) -> None:
    """Raise a usage error where options exclude each other or lack one another."""
    if STDIN in wanted.paths and wanted.paths != (STDIN,):
        raise click.UsageError("standard input (-) is checked by itself")
    if (STDIN in wanted.paths) != (wanted.stdin_filename is not None):
        raise click.UsageError(
            "standard input is checked with - and --stdin-filename, which says what the text is called"
        )
    if wanted.stdin_filename is not None and (wanted.diff_base is not None or wanted.staged):
        raise click.UsageError("--stdin-filename excludes --diff-base and --staged")


def corpus_of(wanted: Wanted, config: Configuration) -> tuple[str, ...]:
    """The files and folders that posts are judged against, by the command line or else by the configuration.

    What is staged is judged against all that git tracks where neither says anything.
    """
    found = wanted.corpus or tuple(os.path.relpath(os.path.join(config.root, path)) for path in config.corpus)
    if not found and wanted.staged:
        from postlint.git import top

        return (os.path.relpath(top()),)
    return found


def targets(wanted: Wanted, config: Configuration, stdin: bytes) -> Targets:
    """The files of a run; `stdin` is what stands on standard input. Raises UserError for paths that are not there."""
    corpus = corpus_of(wanted, config)
    if wanted.stdin_filename is not None:
        return _unsaved(wanted.stdin_filename, stdin, corpus, config)
    found = _staged(wanted, corpus, config) if wanted.staged else _discovered(wanted, corpus, config)
    return _changed(found, wanted.diff_base) if wanted.diff_base is not None else found


def _discovered(wanted: Wanted, corpus: Sequence[str], config: Configuration) -> Targets:
    from postlint.discover import discover, discover_with_corpus

    if not wanted.paths:
        return Targets(discover(corpus or (".",), config.include, config.exclude, config.root, fields=config.fields))
    strict = wanted.force_exclude
    return Targets(
        *discover_with_corpus(
            wanted.paths, corpus, config.include, config.exclude, config.root, strict=strict, fields=config.fields
        )
    )


def other_names(file: str, paths: Sequence[str], links: Sequence[str]) -> list[str]:
    """The names, as they are printed, under which a search of paths may have found the same file: by its real path, or
    as one of the links that were found."""
    from postlint.discover import printed

    real = os.path.realpath(file)
    found = [link for link in links if os.path.realpath(link) == real]
    for path in paths:
        inside = os.path.relpath(real, os.path.realpath(path))
        if inside.partition(os.sep)[0] != os.pardir:
            found.append(printed(os.path.join(path, inside)))
    return found


def stdin_path(name: str) -> str:
    """The file that standard input stands for, as it is printed. Raises UserError for one that no reader is for."""
    from postlint.discover import printed
    from postlint.post_files import has_reader

    if not has_reader(name):
        raise UserError(f"{name}: no reader for a file of this name")
    return printed(name)


def _unsaved(name: str, data: bytes, corpus: Sequence[str], config: Configuration) -> Targets:
    """The text of standard input under a name, whether there is such a file or not."""
    from postlint.discover import Search

    path = stdin_path(name)
    search = Search(config.include, config.exclude, config.root, fields=config.fields)
    others = search.files(corpus)
    itself = {path, *other_names(path, corpus, search.links)}
    return Targets([path], [other for other in others if other not in itself], {path: data})


def _staged(wanted: Wanted, corpus: Sequence[str], config: Configuration) -> Targets:
    """The files that git's index holds, with what is staged of them."""
    from postlint import git
    from postlint.discover import Search

    root = git.top()
    tracked = git.tracked(root)
    for path in wanted.paths:
        if not os.path.lexists(path) and os.path.abspath(path) not in tracked:
            raise UserError(f"{path}: no such file or folder")
    search = Search(config.include, config.exclude, config.root, strict=wanted.force_exclude, fields=config.fields)
    focus = search.among(wanted.paths or corpus, tracked)
    others = search.among(corpus, tracked)
    differing = {os.path.relpath(file): file for file in git.unstaged(root) if file in tracked}
    unsaved = {path: git.blob(tracked[differing[path]], root) for path in (*focus, *others) if path in differing}
    return Targets(focus, others, unsaved)


def _changed(found: Targets, revision: str) -> Targets:
    """The same files, but only those that have changed since a revision are reported on."""
    from postlint.git import changed_since

    changed, real_path = set(changed_since(revision)), RealPaths().of
    focus = [path for path in found.focus if real_path(path) in changed]
    unchanged = set(found.focus).difference(focus)
    return Targets(focus, [*found.others, *unchanged], found.unsaved)
