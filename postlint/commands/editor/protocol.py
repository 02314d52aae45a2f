"""The language server: what an editor sends, and what it is told."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Callable
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from postlint import __version__
from postlint.commands.editor.answers import actions, diagnostics, hover
from postlint.commands.editor.session import Session
from postlint.commands.editor.workspace import Document, Documents
from postlint.errors import UserError
from postlint.index.cache import FOLDER

DELAY = 0.1
"""Seconds without a change after which a text is judged: nobody reads what is said of half a word."""
PROGRAM = (sys.executable, "-P", "-m", "postlint")
"""This program as another process. Modules of the folder it works in are none of it (`-P`)."""


class Server(LanguageServer):
    """One editor's server."""

    def __init__(self) -> None:
        # Whole texts, not changes: where pygls applies changes it takes form feeds and U+2028 for line ends, too.
        super().__init__("postlint", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.documents = Documents(self.log)
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        self._making: dict[Session, asyncio.Task[None]] = {}
        self._said: str | None = None

    @property
    def encoding(self) -> str:
        """What columns are counted in."""
        return str(getattr(self.workspace.position_encoding, "value", self.workspace.position_encoding))

    def log(self, message: str) -> None:
        """Tell the editor's log."""
        self.window_log_message(types.LogMessageParams(types.MessageType.Warning, f"postlint: {message}"))

    def put(self, uri: str, version: int | None) -> Document | None:
        """The document of an address, with the text that the editor has now."""
        text = self.workspace.get_text_document(uri).source
        return self.documents.put(uri, to_fs_path(uri), text, version)

    def judge_soon(self, document: Document) -> None:
        """Judge a document once its text has stayed the same for a moment."""
        self._forget(document.uri)
        loop = asyncio.get_running_loop()
        self._waiting[document.uri] = loop.call_later(DELAY, self.judge, document.uri)

    def judge(self, uri: str) -> None:
        """Judge a document and tell what was found."""
        self._forget(uri)
        document = self.documents.open.get(uri)
        if document is None:
            return
        try:
            session = self.documents.judge(document)
        except UserError as error:
            document.judgement = None
            self._publish(document)
            self._say(str(error))
            return
        self._said = None
        self._publish(document)
        if session is not None and document.judgement is not None and document.judgement.needs_index:
            self._make_index(session)

    def judged(self, uri: str) -> Document | None:
        """A document, judged as it is now; None where it is not open, or can't be judged."""
        if uri in self._waiting:
            self.judge(uri)
        document = self.documents.open.get(uri)
        return document if document is not None and document.judgement is not None else None

    def judge_all(self) -> None:
        """Judge every document anew."""
        for uri in list(self.documents.open):
            self.judge(uri)

    def close(self, uri: str) -> None:
        """A document is closed: nothing is said of it any more."""
        self._forget(uri)
        if self.documents.open.pop(uri, None) is not None:
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def _forget(self, uri: str) -> None:
        handle = self._waiting.pop(uri, None)
        if handle is not None:
            handle.cancel()

    def _publish(self, document: Document) -> None:
        found = diagnostics(document, self.documents, self.encoding, self._folder_of)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(document.uri, found, document.version))

    def _folder_of(self, document: Document) -> str:
        return self.documents.session(document.path).folder

    def _say(self, message: str) -> None:
        """Show the user a message, once as long as nothing else is wrong."""
        if message != self._said:
            self._said = message
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"postlint: {message}"))

    def _make_index(self, session: Session) -> None:
        """Have the index of a corpus made by another process, unless that was done, or is being done."""
        if session not in self._making:
            self._making[session] = asyncio.get_running_loop().create_task(self._made(session))

    async def _made(self, session: Session) -> None:
        token = f"postlint-index-{session.folder}"
        shows = bool(self.client_capabilities.window and self.client_capabilities.window.work_done_progress)
        if shows:
            await self.work_done_progress.create_async(token)
            begin = types.WorkDoneProgressBegin("postlint", message="reading the corpus")
            self.work_done_progress.begin(token, begin)
        try:
            process = await asyncio.create_subprocess_exec(
                *PROGRAM,
                *session.index_command(),
                cwd=session.folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
            try:
                _, said = await process.communicate()
            finally:
                if process.returncode is None:
                    process.kill()
        finally:
            if shows:
                self.work_done_progress.end(token, types.WorkDoneProgressEnd())
                self.work_done_progress.tokens.pop(token, None)
        if said:
            self.log(said.decode("utf-8", "replace").strip())
        session.forget_state()
        self.judge_all()
        if any(other.judgement and other.judgement.needs_index for other in self.documents.of(session)):
            self.log(f"no index of {session.folder} can be kept; posts are judged by themselves")
        else:
            # Should it be lost, or too much change, it is made again.
            del self._making[session]


_IGNORED = re.compile(rf"/(?:{re.escape(FOLDER)}|\.git)(?:/|$)")
"""What is written there is no news: by the index, which is asked all the time, and by git."""


def server() -> LanguageServer:
    """A server that waits to be started."""
    made = Server()
    for method, handler in _HANDLERS.items():
        made.feature(method)(handler)
    options = types.CodeActionOptions([types.CodeActionKind.QuickFix])
    made.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(_actions)
    return made


def _initialized(ls: Server, params: types.InitializedParams) -> None:
    ls.documents.folders = _folders(ls)
    watched = ls.client_capabilities.workspace and ls.client_capabilities.workspace.did_change_watched_files
    if watched and watched.dynamic_registration:
        options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher("**/*")])
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        ls.client_register_capability(types.RegistrationParams([types.Registration("postlint-files", method, options)]))


def _folders(ls: Server) -> list[str]:
    named = [folder.uri for folder in ls.workspace.folders.values()]
    if not named and ls.workspace.root_uri:
        named = [ls.workspace.root_uri]
    return [os.path.abspath(path) for uri in named if (path := to_fs_path(uri)) is not None]


def _folders_changed(ls: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    ls.documents.folders = _folders(ls)
    ls.judge_all()


def _opened(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    document = ls.put(params.text_document.uri, params.text_document.version)
    if document is not None:
        ls.judge(document.uri)


def _changed(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    document = ls.put(params.text_document.uri, params.text_document.version)
    if document is not None and not document.is_container:
        ls.judge_soon(document)


def _saved(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    ls.documents.forget_state()
    ls.judge_all()


def _closed(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    ls.close(params.text_document.uri)


def _files_changed(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    if any(not _IGNORED.search(change.uri) for change in params.changes):
        ls.documents.forget_state()
        ls.judge_all()


def _hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    document = ls.judged(params.text_document.uri)
    if document is None:
        return None
    return hover(document, params.position, ls.encoding, ls.documents.session(document.path).rules)


def _actions(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    document = ls.judged(params.text_document.uri)
    return actions(document, params, ls.encoding) if document is not None else []


_HANDLERS: dict[str, Callable[[Any, Any], Any]] = {
    types.INITIALIZED: _initialized,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: _folders_changed,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: _files_changed,
    types.TEXT_DOCUMENT_DID_OPEN: _opened,
    types.TEXT_DOCUMENT_DID_CHANGE: _changed,
    types.TEXT_DOCUMENT_DID_SAVE: _saved,
    types.TEXT_DOCUMENT_DID_CLOSE: _closed,
    types.TEXT_DOCUMENT_HOVER: _hover,
}
