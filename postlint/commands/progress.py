"""Progress on a terminal's stderr, for runs that take over a second."""

from __future__ import annotations

import sys
import time

AFTER = 1.0
"""Seconds before anything is shown."""
EVERY = 0.1
"""Seconds between two changes of what is shown."""


class Progress:
    """A line that is written over itself and is gone in the end. Says nothing where stderr is no terminal."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._shows = sys.stderr.isatty() and not quiet
        self._next = time.monotonic() + AFTER
        self._width = 0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show how far a stage is."""
        if not self._shows or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + EVERY
        text = f"{stage} {done} of {total}" if total > 1 else stage
        sys.stderr.write("\r" + text.ljust(self._width))
        sys.stderr.flush()
        self._width = len(text)

    def close(self) -> None:
        """Take the line away."""
        if self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()
            self._width = 0
