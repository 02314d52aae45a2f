"""An editor for tests: JSON-RPC to a language server in a process of its own, as the protocol writes it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Message = dict[str, Any]
PATIENCE = 60
"""Seconds after which a server that says nothing is killed, so that a test fails instead of waiting for ever."""


class Editor:
    """A client that has been started in some folders, none of them its working directory."""

    def __init__(
        self, folders: Sequence[Path], encodings: Sequence[str] = ("utf-16",), command: Sequence[str] = ()
    ) -> None:
        self._process = subprocess.Popen(
            command or [sys.executable, "-m", "postlint", "server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd="/",
        )
        self._watchdog = threading.Timer(PATIENCE, self._process.kill)
        self._watchdog.start()
        self._last = 0
        self.heard: list[Message] = []
        """What the server has said by itself and nobody has waited for."""
        self.everything: list[Message] = []
        """All that it has said by itself."""
        capabilities = {
            "general": {"positionEncodings": list(encodings)},
            "window": {"workDoneProgress": True},
            "workspace": {"workspaceFolders": True, "didChangeWatchedFiles": {"dynamicRegistration": True}},
        }
        named = [{"uri": folder.as_uri(), "name": folder.name} for folder in folders]
        params = {"processId": None, "rootUri": None, "capabilities": capabilities, "workspaceFolders": named}
        self.server: Message = self.ask("initialize", params)
        self.tell("initialized", {})

    # What goes back and forth

    def tell(self, method: str, params: Message) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: Message | None) -> Any:
        """Send a request and wait for what it comes to."""
        self._last += 1
        self._send({"id": self._last, "method": method, "params": params})
        answer = self._until(lambda message: message.get("id") == self._last and "method" not in message)
        assert "error" not in answer, answer
        return answer["result"]

    def wait(self, method: str, wanted: Callable[[Message], bool] = lambda params: True) -> Message:
        """Wait for a notification, unless it has been heard already; those before it are forgotten."""
        for number, message in enumerate(self.heard):
            if message["method"] == method and wanted(message["params"]):
                del self.heard[: number + 1]
                return dict(message["params"])
        self.heard.clear()
        found = self._until(lambda message: message.get("method") == method and wanted(message["params"]))
        self.heard.clear()
        return dict(found["params"])

    def _send(self, message: Message) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self._process.stdin.flush()

    def _until(self, wanted: Callable[[Message], bool]) -> Message:
        while True:
            message = self._received()
            if "method" in message and "id" in message:
                # What a server asks of an editor here (capabilities, progress) is granted.
                self._send({"id": message["id"], "result": None})
            said = str(message.get("params"))
            assert "Error in server" not in said, said
            if "method" in message:
                self.heard.append(message)
                self.everything.append(message)
            if wanted(message):
                return message

    def _received(self) -> Message:
        stream = self._process.stdout
        assert stream is not None
        length = 0
        while (row := stream.readline().strip()) or not length:
            if not row:
                raise AssertionError("the server has ended")
            name, _, value = row.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return dict(json.loads(stream.read(length)))

    # What a user does

    def open(self, file: Path, text: str | None = None, version: int = 1) -> None:
        """Open a file, with its text or another one."""
        said = file.read_text(encoding="utf-8") if text is None else text
        document = {"uri": file.as_uri(), "languageId": "markdown", "version": version, "text": said}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def type(self, file: Path, text: str, version: int) -> None:
        """Change the text of an open file."""
        document = {"uri": file.as_uri(), "version": version}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def save(self, file: Path, text: str) -> None:
        """Save an open file."""
        file.write_text(text, encoding="utf-8")
        self.tell("textDocument/didSave", {"textDocument": {"uri": file.as_uri()}})

    def shown(self, file: Path, wanted: Callable[[list[Message]], bool] = lambda found: True) -> list[Message]:
        """Wait for the diagnostics of a file."""

        def is_it(params: Message) -> bool:
            return params["uri"] == file.as_uri() and wanted(params["diagnostics"])

        return list(self.wait("textDocument/publishDiagnostics", is_it)["diagnostics"])

    def actions(self, file: Path, diagnostics: Sequence[Message]) -> list[Message]:
        """What can be done about diagnostics."""
        span = diagnostics[0]["range"]
        params = {
            "textDocument": {"uri": file.as_uri()},
            "range": span,
            "context": {"diagnostics": list(diagnostics)},
        }
        return list(self.ask("textDocument/codeAction", params))

    def close(self) -> tuple[int, str]:
        """End the server; its exit code and what it has said on stderr."""
        self.ask("shutdown", None)
        self.tell("exit", {})
        assert self._process.stdin is not None
        assert self._process.stderr is not None
        errors = self._process.stderr.read().decode()
        self._process.stdin.close()
        code = self._process.wait()
        self._end()
        return code, errors

    def _end(self) -> None:
        self._watchdog.cancel()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert stream is not None
            stream.close()

    def kill(self) -> None:
        """End a server that is still there."""
        self._process.kill()
        self._process.wait()
        self._end()
