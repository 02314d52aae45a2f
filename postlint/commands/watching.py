"""`postlint check --watch`: the same run again whenever a post or what is said of posts has changed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from postlint.commands.output import failed
from postlint.config import FILE_NAMES, nearest_file, read
from postlint.errors import UserError
from postlint.index.cache import FOLDER
from postlint.readers import module_of

WAKE = 200
"""Milliseconds between two looks at what the system has noted."""
CLEAR = "\x1b[2J\x1b[3J\x1b[H"


def watch(run: Callable[[], object], paths: Sequence[str], written: Collection[str]) -> int:
    """Run, and run again after each change of paths, until an interrupt: that is how it ends, and so exit code 0.

    Files of `written` are what the run writes itself. What the user writes wrong while it goes on is said, and mended
    by the next change; at the start it is raised.
    """
    own = {os.path.realpath(path) for path in written}
    try:
        noted = changes(paths)
        # From here on nothing is missed, were it changed during the first run.
        next(noted)
        _clear()
        run()
        for changed in noted:
            if any(matters(path, own) for path in changed):
                _clear()
                try:
                    run()
                except UserError as error:
                    failed(str(error))
    except KeyboardInterrupt:
        pass
    return 0


def watched_paths(named: Sequence[str], corpus: Sequence[str], config_file: str | None, *, isolated: bool) -> list[str]:
    """What a run depends on: the files and folders that are named, the configuration, the corpus. Raises UserError."""
    paths = [*named, *corpus]
    file = Path(config_file) if config_file is not None else None if isolated else nearest_file(named or ["."])
    if file is not None:
        config = read(file)
        paths += [str(file), *(str(config.root / path) for path in config.corpus)]
    for path in paths:
        if not os.path.exists(path):
            raise UserError(f"{path}: no such file or folder")
    return paths if named or len(paths) > 1 else [".", *paths]


def changes(paths: Sequence[str]) -> Iterator[Collection[str]]:
    """The files that change, as the system tells them; nothing now and then. Raises UserError without the extra."""
    if find_spec("watchfiles") is None:
        raise UserError('--watch needs watchfiles: pip install "postlint[watch]"')
    from watchfiles import watch as watched

    noted = watched(*paths, watch_filter=None, rust_timeout=WAKE, yield_on_timeout=True, raise_interrupt=True)
    return ({path for _, path in some} for some in noted)


def matters(path: str, own: Collection[str]) -> bool:
    """Whether a change of a file may change the report."""
    if FOLDER in path.split(os.sep) or os.path.realpath(path) in own:
        return False
    name = os.path.basename(path)
    if name in FILE_NAMES or name == ".gitignore" or name.endswith((".yaml", ".yml")):
        return True
    # A folder that comes or goes has posts in it, as far as can be told.
    return bool(module_of(path)) or "." not in name


def _clear() -> None:
    """Begin the report at the top of the terminal, where there is one."""
    if sys.stdout.isatty():
        sys.stdout.write(CLEAR)
