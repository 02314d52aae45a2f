"""The whole way: read and inspect posts, compare them, settle what was found into a Report."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from postlint.settings import Settings
from postlint.violations import Report

Progress = Callable[[str, int, int], None]
"""Called with a stage ("reading", "comparing", "reporting"), the work done and the work in all."""


def check(paths: Sequence[str], settings: Settings, progress: Progress | None = None) -> Report:
    """Lint the posts of files. `paths` are files as they are to be printed, in any order."""
    raise NotImplementedError
