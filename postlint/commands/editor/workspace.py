"""The documents of an editor, and which configuration each is judged under."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from postlint.commands.editor.session import Judgement, Session
from postlint.config import nearest_file
from postlint.post_files import has_reader
from postlint.readers import is_container


@dataclass(slots=True)
class Document:
    """A file as it stands in the editor."""

    uri: str
    path: str
    """Absolute."""
    text: str
    version: int | None = None
    judgement: Judgement | None = None
    """What was found in this text, or in the one before."""

    @property
    def data(self) -> bytes:
        """The text as it would be saved; what no encoding can say is a question mark, so that columns stay."""
        return self.text.encode("utf-8", "replace")

    @property
    def is_container(self) -> bool:
        """Whether it holds many posts, and so is not judged at every keystroke."""
        return is_container(self.path)


@dataclass(slots=True)
class Documents:
    """The documents that are open, by address, and the sessions that they are judged in. `folders` are the editor's."""

    say: Callable[[str], None]
    folders: list[str] = field(default_factory=list)
    open: dict[str, Document] = field(default_factory=dict)
    _sessions: dict[tuple[str, Path | None, str | None], Session] = field(default_factory=dict)

    def put(self, uri: str, path: str | None, text: str, version: int | None) -> Document | None:
        """Open a document, or change its text; None for one that no reader is for, or that is no file."""
        if path is None or not has_reader(path):
            return None
        # A link is judged as what it leads to, which is what the corpus holds.
        real = os.path.realpath(path) if os.path.islink(path) else os.path.abspath(path)
        before = self.open.get(uri)
        self.open[uri] = Document(uri, real, text, version, before.judgement if before is not None else None)
        return self.open[uri]

    def judge(self, document: Document) -> Session | None:
        """Judge a document and keep the judgement; the session it was judged in, None where it is no post.

        Raises UserError where the configuration is wrong.
        """
        session = self.session(document.path)
        if not session.is_post(document.path):
            document.judgement = None
            return None
        counted = (other for other in self.open.values() if other is document or _differs(other))
        unsaved = {other.path: other.data for other in counted}
        document.judgement = session.judge(document.path, unsaved)
        return session

    def session(self, path: str) -> Session:
        """The session of a file, by the configuration as it is now. Raises UserError."""
        config = nearest_file([path])
        workspace = max((folder for folder in self.folders if _is_within(path, folder)), key=len, default=None)
        folder = str(config.absolute().parent) if config is not None else workspace or os.path.dirname(path)
        key = (folder, config, workspace)
        found = self._sessions.get(key)
        if found is None or not found.is_current:
            found = self._sessions[key] = Session(folder, config, workspace, self.say)
        return found

    def forget_state(self) -> None:
        """Something on the disk has changed: look at every corpus anew."""
        for session in self._sessions.values():
            session.forget_state()

    def of(self, session: Session) -> Iterable[Document]:
        """The documents of a session."""
        return [document for document in self.open.values() if self.session(document.path) is session]


def _is_within(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip(os.sep) + os.sep)


def _differs(document: Document) -> bool:
    """Whether a document has not been saved as it is."""
    try:
        with open(document.path, "rb") as file:
            return file.read() != document.data
    except OSError:
        return True
