"""Where files really are: their folders with all links followed, each folder looked up once."""

from __future__ import annotations

import os


class RealPaths:
    """Real paths of many files in few folders; a file that is itself a link stays one."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}

    def of(self, file: str) -> str:
        """The absolute path of a file, whatever links lead to its folder."""
        folder, name = os.path.split(file)
        real = self._folders.get(folder)
        if real is None:
            real = self._folders[folder] = os.path.realpath(folder)
        return file if real == folder else os.path.join(real, name)
