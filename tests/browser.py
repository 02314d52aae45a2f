"""A headless Chromium that a test drives by the DevTools protocol over a pipe. Needs no driver and no package."""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import select
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE = 30
"""Seconds after which a test no longer waits for what the page is to show."""
# Chromium reads commands from descriptor 3 and writes answers to 4.
_START = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); os.execv(sys.argv[3], sys.argv[3:])"
)


class Browser:
    """One page of a browser. `requests` are the addresses it asked for, `problems` what its console complained of."""

    def __init__(self, folder: Path) -> None:
        assert PROGRAM is not None
        ends = [*os.pipe(), *os.pipe()]
        # Above 4, so that the one does not overwrite the other in the child.
        theirs_in, self._write, self._read, theirs_out = (fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in ends)
        for end in ends:
            os.close(end)
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"]
        options += ["--remote-debugging-pipe", f"--user-data-dir={folder / 'profile'}"]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, str(theirs_in), str(theirs_out), PROGRAM, *options, "about:blank"],
            pass_fds=(theirs_in, theirs_out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(theirs_in)
        os.close(theirs_out)
        self._unread = b""
        self._number = 0
        self._session = ""
        self._events: list[Any] = []
        self.requests: list[str] = []
        self.problems: list[str] = []
        self.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder), eventsEnabled=True)
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def close(self) -> None:
        """End the browser."""
        self._process.kill()
        self._process.wait()
        os.close(self._write)
        os.close(self._read)

    def call(self, method: str, **parameters: Any) -> Any:
        """Send a command and wait for its answer."""
        self._number += 1
        number = self._number
        command = {"id": number, "method": method, "params": parameters}
        if self._session:
            command["sessionId"] = self._session
        os.write(self._write, json.dumps(command).encode() + b"\0")
        while (message := self._message()).get("id") != number:
            pass
        assert "error" not in message, (method, message["error"])
        return message["result"]

    def wait_for(self, method: str, **values: Any) -> Any:
        """The next event with these values, which may have come already, before the answer to a command."""
        while True:
            while self._events:
                message = self._events.pop(0)
                if message["method"] == method and values.items() <= message["params"].items():
                    return message["params"]
            self._message()

    def _message(self) -> Any:
        while b"\0" not in self._unread:
            assert select.select([self._read], [], [], 2 * PATIENCE)[0], "the browser says nothing"
            piece = os.read(self._read, 1 << 20)
            assert piece, "the browser has ended"
            self._unread += piece
        line, _, self._unread = self._unread.partition(b"\0")
        message = json.loads(line)
        said = message.get("params", {})
        if message.get("method") == "Network.requestWillBeSent":
            self.requests.append(said["request"]["url"])
        if "method" in message:
            self._events.append(message)
        if message.get("method") == "Runtime.exceptionThrown":
            self.problems.append(json.dumps(said["exceptionDetails"]))
        elif message.get("method") == "Log.entryAdded" and said["entry"]["level"] == "error":
            self.problems.append(said["entry"]["text"])
        return message

    def open(self, address: str) -> None:
        """Open an address and wait until the page has loaded."""
        self._events.clear()
        self.call("Page.navigate", url=address)
        self.wait_for("Page.loadEventFired")

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression; a promise is waited for."""
        found = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def until(self, condition: str) -> None:
        """Wait until a JavaScript expression is true, looking again and again."""
        script = """new Promise((done) => {
            const until = Date.now() + %d;
            const look = () => {
                if (%s) done(true);
                else if (Date.now() > until) done(false);
                else setTimeout(look, 10);
            };
            look();
        })"""
        assert self.run(script % (PATIENCE * 1000, condition)), (condition, self.problems)

    def faults(self) -> list[list[str]]:
        """What axe-core finds wrong on the page as it stands, whatever its impact: rule and first element of each."""
        spec = importlib.util.find_spec("axe_core_python")
        assert spec is not None
        assert spec.origin is not None
        self.run((Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8") + ";true")
        found: list[list[str]] = self.run(
            "axe.run().then((found) => found.violations.map((one) => [one.id, one.nodes[0].html]))"
        )
        return found

    def press(self, key: str) -> None:
        """Press and release a key."""
        text = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, **(text if kind == "keyDown" else {}))
