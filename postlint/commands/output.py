"""Where output goes: stdout, which may be closed early, or a file, which is there whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from postlint.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path


def wants_colour(stream: TextIO) -> bool:
    """Whether a stream is to get colours: a terminal is, unless NO_COLOR says otherwise; FORCE_COLOR makes any."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def write_stdout(pieces: Iterable[str]) -> None:
    """Write to stdout. A reader that has stopped reading (`| head`) is no error; a full disk behind it is."""
    if sys.stdout is None:
        raise UserError("can't write to stdout: it is closed")
    try:
        for piece in pieces:
            sys.stdout.write(piece)
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still in the buffer has nowhere to go, and must not be tried again when the program ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise UserError(f"can't write to stdout: {error.strerror}") from error


def write_file(path: str, pieces: Iterable[str]) -> None:
    """Write a file through a temporary one beside it: it is there whole, or as it was.

    Raises UserError where it can't be written.
    """
    try:
        if _is_device(path):
            with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
                stream.writelines(pieces)
            return
        from pathlib import Path

        _replace(Path(path), pieces)
    except OSError as error:
        raise UserError(f"{path}: can't be written: {error.strerror}") from error


def _is_device(path: str) -> bool:
    """Whether a path is there and is neither a file nor a folder: `/dev/null` must not be replaced by a file."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _replace(path: Path, pieces: Iterable[str]) -> None:
    import tempfile

    # A link stays one: what it leads to is what the user named.
    target = path.resolve()
    if target.is_dir():
        raise IsADirectoryError(21, "it is a folder")
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with open(handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            stream.writelines(pieces)
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _mode(path: Path) -> int:
    """The permissions of a file: those it has, or those a new one gets."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def failed(message: str) -> int:
    """Say on stderr what is wrong with what the user wrote, and return the exit code for it."""
    from postlint.reporters.terminal import visible

    sys.stderr.write(f"postlint: error: {visible(message)}\n")
    return 2
