"""The corpus as git's index holds it: what is about to be committed, whatever stands on the disk."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from postlint import git
from postlint.errors import UserError
from postlint.index.changes import ChangedFile
from postlint.index.disk import UNKNOWN, content_hash
from postlint.index.index import Index
from postlint.index.pieces import UnusableError
from postlint.index.state import State, TooMany
from postlint.readers import is_container

Among = Callable[[Iterable[str]], Sequence[str]]
"""Of absolute files those that belong to the corpus, as they are printed."""


def head_piece(root: str) -> tuple[str, bytes]:
    """The piece that says what is staged now: a commit, and how the files differ that are not staged as they are in
    it. To compare with a commit costs git a fraction of what it takes to tell of every file."""
    commit = git.head(root)
    return _piece(commit, git.staged_since(commit, root))


def _piece(commit: str, staged: Mapping[str, str]) -> tuple[str, bytes]:
    return "git/head", json.dumps([commit, dict(sorted(staged.items()))]).encode()


class Staged:
    """The corpus of an index as it is staged. `root` is the top of the repository."""

    def __init__(self, index: Index, root: str, among: Among, min_words: int, most: int) -> None:
        self._index = index
        self._root = root
        self._among = among
        self._min_words = min_words
        self._most = most
        self.learnt: list[tuple[str, bytes]] = []
        """The pieces that are to be kept, if any."""
        self.unsaved: dict[str, bytes] = {}
        """The staged content of files that were asked for and have another one on the disk."""

    def state(self) -> State:
        """The state now. Raises TooMany, and UnusableError where git says nothing."""
        known = self._index.pieces.get("git/head")
        if known is None:
            return self._compared()
        commit, before = json.loads(known)
        try:
            staged = git.staged_since(commit, self._root)
        except UserError:
            # The commit is gone, by a rebase say, and git has swept it up.
            return self._compared()
        state = State.read(self._index.pieces, "git")
        differing = {file for file in {*before, *staged} if before.get(file) != staged.get(file)}
        if differing:
            self._update(state, differing, staged)
            self.learnt += [_piece(commit, staged), *state.pieces("git")]
        if len(staged) > self._most:
            # So much has been committed since that to say it takes longer than to compare with a later commit.
            self.learnt.append(head_piece(self._root))
        return state

    def _update(self, state: State, differing: Iterable[str], staged: Mapping[str, str]) -> None:
        files = {os.path.relpath(file, self._here): file for file in differing}
        again = [file for file in files.values() if file not in staged]
        tracked = git.tracked(self._root, again) if again else {}
        for path in self._among(files.values()):
            self._set(state, path, {**tracked, **staged}.get(files[path], ""))

    @cached_property
    def _here(self) -> str:
        return os.path.realpath(os.getcwd())

    def _compared(self) -> State:
        """The state by the contents of all files."""
        try:
            commit = git.head(self._root)
            staged = git.staged_since(commit, self._root)
            tracked = git.tracked(self._root)
        except UserError as error:
            raise UnusableError(str(error)) from error
        state = State()
        inside = {os.path.relpath(file, self._here): blob for file, blob in tracked.items()}
        found = set(self._among(tracked))
        for file in self._index.catalog.files():
            if file.path not in found:
                state.gone.add(file.path)
            elif file.content.hex() != inside[file.path]:
                self._set(state, file.path, inside[file.path])
            found.discard(file.path)
        for path in sorted(found):
            self._set(state, path, inside[path])
        self.learnt += [_piece(commit, staged), *state.pieces("git")]
        return state

    def _set(self, state: State, path: str, blob: str) -> None:
        """Note what a file is now: of a content, or gone."""
        state.gone.discard(path)
        state.changed.pop(path, None)
        file = self._index.catalog.file(path)
        if not blob:
            if file is not None:
                state.gone.add(path)
        elif file is None or file.content.hex() != blob:
            if is_container(path):
                raise TooMany
            data = self._data(path, blob)
            if file is None or file.content != content_hash(data):
                state.changed[path] = ChangedFile.read(path, data, UNKNOWN, self._index.catalog, self._min_words)
        if len(state.changed) + len(state.gone) > self._most:
            raise TooMany

    def _data(self, path: str, blob: str) -> bytes:
        """The staged content of a file: as it stands on the disk if that is what is staged."""
        data = _on_disk(path)
        if data is not None and content_hash(data).hex() == blob:
            return data
        # Where git changes ends of lines on the way, a file that is staged as it stands has two hashes.
        if data is None or git.unstaged(self._root, [os.path.realpath(path)]):
            return git.blob(blob, self._root)
        return data

    def loader(self, state: State) -> Callable[[str], bytes]:
        """Loads files as they are staged. Raises OSError, or UnusableError where that can't be had any more."""

        def load(path: str) -> bytes:
            changed, file = state.changed.get(path), self._index.catalog.file(path)
            known = changed.content if changed is not None else file.content if file is not None else None
            data = _on_disk(path)
            if data is not None and known in (None, content_hash(data)):
                return data
            if known is None:
                raise FileNotFoundError(2, "No such file or directory", path)
            try:
                self.unsaved[path] = git.blob(known.hex(), self._root)
            except UserError as error:
                raise UnusableError(f"{path} has changed in the meantime") from error
            return self.unsaved[path]

        return load


def _on_disk(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None
